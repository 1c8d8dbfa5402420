#include "core/station/slot_devices.h"

namespace enroll::station {

using enrollment::SlotNumber;

DeviceChanges SlotDevices::take(const Look& look, const SlotStates& states)
{
    DeviceChanges changes;
    for (const auto& [slot, present] : look.found) {
        const auto state = states.find(slot);
        if (state == states.end() || std::holds_alternative<SlotRunning>(state->second)) {
            continue;
        }
        auto& known = m_presence[slot];
        if (present) {
            m_missed.erase(slot);
            if (std::exchange(known, Presence::Present) != Presence::Present) {
                changes.appeared.insert(slot);
            }
            continue;
        }
        const bool waits = std::holds_alternative<SlotReady>(state->second);
        if (known == Presence::Present && !waits && m_missed.insert(slot).second) {
            continue;
        }
        m_missed.erase(slot);
        if (std::exchange(known, Presence::Absent) == Presence::Present) {
            changes.left.insert(slot);
        }
        if (std::holds_alternative<SlotFinished>(state->second)) {
            m_resultLeft.insert(slot);
        }
    }
    return changes;
}

void SlotDevices::follow(const SlotStates& states)
{
    std::erase_if(m_resultLeft,
                  [&](SlotNumber slot) { return !std::holds_alternative<SlotFinished>(states.at(slot)); });
    std::erase_if(m_missed, [&](SlotNumber slot) { return std::holds_alternative<SlotRunning>(states.at(slot)); });
}

Presence SlotDevices::presence(SlotNumber slot) const
{
    const auto known = m_presence.find(slot);
    return known == m_presence.end() ? Presence::NotSensed : known->second;
}

} // namespace enroll::station
