#include "core/station/serial_in_hand.h"

#include "core/base/scan_code.h"
#include "core/station/refusal.h"

#include <algorithm>
#include <iterator>

namespace enroll::station {
namespace {

using enrollment::SerialNumber;
using enrollment::SlotNumber;

/// A device comes where no other one is to come back: a tile that shows a FAIL may have asked for its device again.
bool takesDeviceOf(const SerialNumber& serial, SlotNumber slot, const SlotState& state, const SlotDevices& devices)
{
    const bool isOwnResult = showsResult(state) && serialOf(state) == serial;
    const bool isFree = std::holds_alternative<SlotEmpty>(state) || givesWay(state) || isOwnResult;
    return isFree && !devices.doubted(slot);
}

bool isBusy(const SlotState& state)
{
    return std::holds_alternative<SlotReady>(state) || std::holds_alternative<SlotRunning>(state);
}

/// The device of another serial number's test would be tested as \p serial.
bool holdsOldDevice(const SerialNumber& serial, SlotNumber slot, const SlotState& state, const SlotDevices& devices)
{
    return showsResult(state) && serialOf(state) != serial && devices.doubted(slot) &&
           devices.presence(slot) == Presence::Present;
}

} // namespace

Result<std::optional<SlotNumber>> SerialInHand::place(const SerialNumber& serial, std::optional<SlotNumber> wanted,
                                                      const SlotStates& states, const SlotDevices& devices)
{
    const auto chosen = wanted ? states.find(*wanted) : states.end();
    const bool isChosen = chosen != states.end();
    if (isChosen && std::holds_alternative<SlotRunning>(chosen->second)) {
        return refusal(ScanCode::ChosenSlotRuns, serial, slotText(*wanted) + " runs");
    }
    const bool hasDevice = isChosen && devices.presence(*wanted) == Presence::Present;
    if (m_serial && m_serial != serial && !hasDevice) {
        return refusal(ScanCode::OtherSerialInHand, *m_serial, "it is in hand");
    }
    if (isChosen) {
        if (!unnamed(*wanted) && holdsOldDevice(serial, *wanted, chosen->second, devices)) {
            return refusal(ScanCode::OldDeviceInSlot, serial, slotText(*wanted) + " holds the device of its result");
        }
        if (m_serial == serial) {
            drop();
        }
        m_arriving.erase(*wanted); // somebody said whose device that is
        m_seenEmpty.erase(*wanted);
        return wanted;
    }
    if (const auto waiting = awaitsDevice(states, devices)) {
        return refusal(ScanCode::DeviceAwaited, *serialOf(states.at(*waiting)), "it waits in " + slotText(*waiting));
    }
    if (const auto shown = resultOf(states, serial); shown && devices.doubted(*shown)) {
        return refusal(ScanCode::SerialHasResult, serial, "its result is in " + slotText(*shown));
    }
    drop(); // nothing that was seen before the scan counts
    m_serial = serial;
    return std::optional<SlotNumber>{};
}

void SerialInHand::drop()
{
    m_serial.reset();
    m_seenEmpty.clear();
    m_otherMayCome = false;
}

void SerialInHand::ask(SlotNumber slot)
{
    m_unnamed.insert(slot);
}

void SerialInHand::follow(const SlotStates& states, const SlotDevices& devices)
{
    std::erase_if(m_unnamed, [&](SlotNumber slot) {
        return devices.presence(slot) != Presence::Present || isBusy(states.at(slot));
    });
}

Arrivals SerialInHand::settle(const Look& look, const DeviceChanges& changes, const SlotStates& states,
                              const SlotDevices& devices)
{
    for (const auto& [slot, present] : look.found) {
        if (m_serial && look.afterScan && !present) {
            m_seenEmpty.insert(slot);
        }
    }
    std::erase_if(m_arriving, [&](SlotNumber slot) { return changes.left.contains(slot) || isBusy(states.at(slot)); });
    std::ranges::copy_if(changes.appeared, std::inserter(m_arriving, m_arriving.end()),
                         [&](SlotNumber slot) { return !isBusy(states.at(slot)); });
    const auto found = [&](SlotNumber slot, bool present) {
        const auto seen = look.found.find(slot);
        return seen != look.found.end() && seen->second == present;
    };
    // A device that comes and goes is not the first any more when it stays.
    std::set<SlotNumber> asked;
    std::ranges::copy_if(m_arriving, std::inserter(asked, asked.end()),
                         [&](SlotNumber slot) { return found(slot, false); });
    std::erase_if(m_arriving, [&](SlotNumber slot) { return asked.contains(slot); });
    const bool settled = changes.appeared.empty() && !m_arriving.empty() &&
                         std::ranges::all_of(m_arriving, [&](SlotNumber slot) { return found(slot, true); });
    Arrivals arrivals;
    if (settled) {
        const auto arrived = std::exchange(m_arriving, {});
        const auto slot = *arrived.begin();
        if (arrived.size() == 1 && asked.empty() && expects(slot) &&
            takesDeviceOf(*m_serial, slot, states.at(slot), devices)) {
            arrivals.forHand = slot;
        } else {
            asked.insert(arrived.begin(), arrived.end());
        }
    }
    for (const auto slot : asked) {
        ask(slot);
    }
    arrivals.unnamed.assign(asked.begin(), asked.end());
    return arrivals;
}

} // namespace enroll::station
