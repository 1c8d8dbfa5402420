#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace enroll::enrollment {

/// What starts the test of a serial number that has its slot: `[station] start`. core/station/self_start.h holds to it.
enum class StartRule {
    Key,     ///< the key, a click or the command card
    Scan,    ///< the scan; its device is there or comes soon
    Present, ///< that its device is there as well
};

/// The words of the configuration file.
inline constexpr std::array kStartWords{
    std::pair{std::string_view{"key"}, StartRule::Key},
    std::pair{std::string_view{"scan"}, StartRule::Scan},
    std::pair{std::string_view{"present"}, StartRule::Present},
};

constexpr std::string_view wordOf(StartRule rule)
{
    return kStartWords[static_cast<std::size_t>(rule)].first;
}

} // namespace enroll::enrollment
