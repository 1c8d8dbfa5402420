#pragma once

#include "core/station/slot_state.h"

#include <QString>

#include <vector>

namespace enroll::ui {

/// Agreeing: found something that decides, after another step had decided already.
enum class StepLook { Waiting, Running, Done, Deciding, Agreeing, Skipped };

/// One line of the list of steps.
struct StepLine {
    QString name;
    StepLook look = StepLook::Waiting;
    QString time; ///< "0.8 s", "not run"; empty where nothing was measured
    bool operator==(const StepLine&) const = default;
};

/// The steps of a slot as a person counts them: connect and identify are one line, whose time is their sum and whose
/// look is the graver one's. A step that only warned has passed.
std::vector<StepLine> stepLines(const station::SlotState& state);

/// "Check policy, decided the verdict, 0.3 s"
QString accessibleText(const StepLine& line);

} // namespace enroll::ui
