#pragma once

#include "core/attestation/attestation_step.h"

#include <QString>

namespace enroll::ui {

/// "connect" and "identify-tpm" are one step for a person.
inline constexpr int kShownSteps = static_cast<int>(attestation::kAllSteps.size()) - 1;

/// 1..kShownSteps.
int shownStep(attestation::AttestationStep step);
/// "Read endorsement key", in the language of the application.
QString stepName(attestation::AttestationStep step);

/// "0:14".
QString clockText(std::chrono::milliseconds elapsed);
/// "0.8 s"; below a tenth "< 0.1 s".
QString secondsText(std::chrono::milliseconds elapsed);

} // namespace enroll::ui
