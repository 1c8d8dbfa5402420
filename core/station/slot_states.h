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

/// \p run has no verdict, and whoever reads what is to be done about it scans the label of its device again.
bool asksForScan(const enrollment::AttestationRun& run);
/// The slot shows such a run.
bool asksForScan(const SlotState& state);

/// The slot that asks for another scan of this serial number: SlotBoard lets one of them ask at most, but by "device-serial".
std::optional<enrollment::SlotNumber> askingFor(const SlotStates& states, const enrollment::SerialNumber& serial);

/// The slot shows a result that asks nothing of anybody once its device is out: a PASS that gives way, or a test without a
/// verdict whose label need not be scanned again.
bool isOver(const SlotState& state);

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
