#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace enroll::enrollment {

/// How a scanned serial number finds its device: `[station] pairing`. core/station/pairing.h holds to it.
enum class PairingRule {
    NextSlot,       ///< it goes to the slot that is marked before the scan
    SlotThenSerial, ///< it goes to the slot that a person chose before the scan
    Insert,         ///< it waits in hand, and goes to the slot where a device appears next
    DeviceSerial,   ///< its device says it, and a scan confirms that
};

/// The words of the configuration file.
inline constexpr std::array kPairingWords{
    std::pair{std::string_view{"next-slot"}, PairingRule::NextSlot},
    std::pair{std::string_view{"slot-then-serial"}, PairingRule::SlotThenSerial},
    std::pair{std::string_view{"insert"}, PairingRule::Insert},
    std::pair{std::string_view{"device-serial"}, PairingRule::DeviceSerial},
};

constexpr std::string_view wordOf(PairingRule rule)
{
    for (const auto& [word, meaning] : kPairingWords) {
        if (meaning == rule) {
            return word;
        }
    }
    return {};
}

} // namespace enroll::enrollment
