#pragma once

#include <string_view>

namespace enroll {

/// How a device's run ended. Only Pass, Fail and Hold judge the device; StationFault and Aborted never do.
enum class Outcome { Pass, Fail, Hold, StationFault, Aborted };

/// "pass", "fail", "hold", "station-fault", "aborted": the words of the run document.
std::string_view outcomeText(Outcome outcome) noexcept;

} // namespace enroll
