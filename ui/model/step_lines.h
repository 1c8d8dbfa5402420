#pragma once

#include "core/station/slot_state.h"

#include <QString>

#include <vector>

namespace enroll::ui {

/// How a step is shown. Agreeing: it found something that would decide the verdict, but an earlier step had decided it.
enum class StepLook { Waiting, Running, Done, Deciding, Agreeing, Skipped };

/// One line of the list of steps.
struct StepLine {
    QString name;
    StepLook look = StepLook::Waiting;
    QString time; ///< "0.8 s", "not run"; empty where nothing was measured
    Word<attestation::AttestationStep> step = attestation::AttestationStep::IdentifyTpm;
    std::optional<std::chrono::milliseconds> took = {}; ///< what `time` says; absent where that is no time
    bool operator==(const StepLine&) const = default;
};

/// The lines for the steps of a slot. "connect" and "identify-tpm" share one line, with the sum of their times and the
/// graver look. A step with warnings only counts as passed.
std::vector<StepLine> stepLines(const station::SlotState& state);

/// "Check policy, decided the verdict, 0.3 s"
QString accessibleText(const StepLine& line);

} // namespace enroll::ui
