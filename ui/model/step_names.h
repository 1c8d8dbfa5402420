#pragma once

#include "core/attestation/attestation_step.h"

#include <QString>

namespace enroll::ui {

/// The number of steps on the screen, where "connect" and "identify-tpm" are one step.
inline constexpr int kShownSteps = static_cast<int>(attestation::kAllSteps.size()) - 1;

/// The number of a step on the screen, 1 to kShownSteps.
int shownStep(attestation::AttestationStep step);
/// "Read endorsement key", in the language of the application.
QString stepName(attestation::AttestationStep step);

/// "0:14".
QString clockText(std::chrono::milliseconds elapsed);
/// "0.8 s"; below a tenth "< 0.1 s".
QString secondsText(std::chrono::milliseconds elapsed);

} // namespace enroll::ui
