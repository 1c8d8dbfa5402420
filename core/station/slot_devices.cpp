#include "core/station/slot_devices.h"

#include "core/base/device_code.h"

namespace enroll::station {
namespace {

using enrollment::SlotNumber;

/// What the end of a run says of its device; nothing if it never reached one.
std::optional<Presence> presenceAfter(const SlotState& state)
{
    const auto* finished = std::get_if<SlotFinished>(&state);
    if (finished == nullptr || !finished->run.tpm) {
        return std::nullopt;
    }
    return brokeConnection(finished->run) ? Presence::Absent : Presence::Present;
}

} // namespace

bool brokeConnection(const enrollment::AttestationRun& run)
{
    return run.code == DeviceCode::NoTpmAnswers || run.code == DeviceCode::TpmResponseTruncated ||
           run.code == DeviceCode::DeviceRemoved;
}

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
            if (m_unseen.erase(slot) > 0) {
                m_resultLeft.insert(slot);
            }
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
        m_unseen.erase(slot);
        if (std::exchange(known, Presence::Absent) == Presence::Present) {
            changes.left.insert(slot);
        }
        if (showsResult(state->second)) {
            m_resultLeft.insert(slot);
        }
    }
    return changes;
}

void SlotDevices::follow(const SlotStates& states)
{
    std::erase_if(m_resultLeft, [&](SlotNumber slot) { return !showsResult(states.at(slot)); });
    std::erase_if(m_unseen, [&](SlotNumber slot) { return !showsResult(states.at(slot)); });
    for (const auto& [slot, state] : states) {
        if (std::holds_alternative<SlotUnknown>(state) && presence(slot) == Presence::NotSensed) {
            m_unseen.insert(slot);
        }
        if (std::holds_alternative<SlotRunning>(state)) {
            m_running.insert(slot);
            m_missed.erase(slot);
        } else if (m_running.erase(slot) > 0) {
            m_presence[slot] = presenceAfter(state).value_or(presence(slot));
        }
    }
}

Presence SlotDevices::presence(SlotNumber slot) const
{
    const auto known = m_presence.find(slot);
    return known == m_presence.end() ? Presence::NotSensed : known->second;
}

} // namespace enroll::station
