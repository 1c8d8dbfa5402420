#pragma once

#include "core/station/slot_state.h"

#include <map>
#include <optional>
#include <vector>

namespace enroll::station {

/// The slots of a fixture, in its order.
using SlotStates = std::map<enrollment::SlotNumber, SlotState>;

/// The serial a slot shows, if it shows one.
std::optional<enrollment::SerialNumber> serialOf(const SlotState& state);

/// The slot shows what came of a test, be it that nobody knows.
bool showsResult(const SlotState& state);

/// The slot where this serial number waits or runs. One that shows a result does not count: its device was tested, and
/// the same serial number may be tested again.
std::optional<enrollment::SlotNumber> slotOf(const SlotStates& states, const enrollment::SerialNumber& serial);

/// The slot that shows this serial number's result.
std::optional<enrollment::SlotNumber> resultOf(const SlotStates& states, const enrollment::SerialNumber& serial);

/// A PASS whose record nobody refused: nothing is left to be done about it but to take the device out.
bool givesWay(const SlotState& state);

/// The slots in the state \p S, such as SlotReady.
template <class S>
std::vector<enrollment::SlotNumber> slotsIn(const SlotStates& states)
{
    std::vector<enrollment::SlotNumber> found;
    for (const auto& [slot, state] : states) {
        if (std::holds_alternative<S>(state)) {
            found.push_back(slot);
        }
    }
    return found;
}

} // namespace enroll::station
