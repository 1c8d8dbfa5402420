#include "core/station/slot_devices.h"

#include "core/base/device_code.h"

#include <algorithm>

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

template <class Condition>
std::optional<SlotNumber> firstWaiting(const SlotStates& states, Condition condition)
{
    const auto waiting = slotsIn<SlotReady>(states);
    const auto found = std::ranges::find_if(waiting, condition);
    return found == waiting.end() ? std::nullopt : std::optional{*found};
}

} // namespace

bool mayHaveLostDevice(const enrollment::AttestationRun& run)
{
    return run.outcome == Outcome::Aborted || brokeConnection(run) || run.code == DeviceCode::TpmTimedOut;
}

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
        auto& known = m_known[slot];
        if (present) {
            known.missedSince.reset();
            if (std::exchange(known.presence, Presence::Present) != Presence::Present) {
                changes.appeared.insert(slot);
            }
            continue;
        }
        const bool first = !known.missedSince;
        known.missedSince = known.missedSince.value_or(look.at);
        const bool waits = std::holds_alternative<SlotReady>(state->second);
        if (known.presence == Presence::Present && first && !waits) {
            continue;
        }
        if (std::exchange(known.presence, Presence::Absent) == Presence::Present) {
            changes.left.insert(slot);
        }
        if (look.at - *known.missedSince >= kGone && !known.questioned) {
            known.doubted = false;
        }
        if (!known.doubted) { // a miss tells nothing more
            known.missedSince.reset();
        }
    }
    for (const auto slot : look.unclear) { // something is in
        m_known[slot].missedSince.reset();
    }
    return changes;
}

void SlotDevices::follow(const SlotStates& states)
{
    for (const auto& [slot, state] : states) {
        auto& known = m_known[slot];
        known.questioned = known.questioned && std::holds_alternative<SlotReady>(state);
        if (std::holds_alternative<SlotRunning>(state)) {
            if (!std::exchange(known.runs, true)) {
                doubt(slot);
            }
        } else if (std::exchange(known.runs, false)) {
            known.presence = presenceAfter(state).value_or(known.presence);
        }
    }
}

void SlotDevices::doubt(SlotNumber slot)
{
    auto& known = m_known[slot];
    known.doubted = true;
    known.missedSince.reset();
}

void SlotDevices::question(SlotNumber slot)
{
    doubt(slot);
    m_known[slot].questioned = true;
}

void SlotDevices::assure(SlotNumber slot)
{
    auto& known = m_known[slot];
    known.doubted = false;
    known.questioned = false;
    known.missedSince.reset();
}

Presence SlotDevices::presence(SlotNumber slot) const
{
    const auto known = m_known.find(slot);
    return known == m_known.end() ? Presence::NotSensed : known->second.presence;
}

bool SlotDevices::doubted(SlotNumber slot) const
{
    const auto known = m_known.find(slot);
    return known != m_known.end() && known->second.doubted;
}

bool SlotDevices::questioned(SlotNumber slot) const
{
    const auto known = m_known.find(slot);
    return known != m_known.end() && known->second.questioned;
}

std::optional<SlotNumber> awaitsDevice(const SlotStates& states, const SlotDevices& devices)
{
    return firstWaiting(states, [&](SlotNumber slot) { return devices.presence(slot) != Presence::Present; });
}

std::optional<SlotNumber> mayAwaitDevice(const SlotStates& states, const SlotDevices& devices,
                                         std::optional<SlotNumber> but)
{
    return firstWaiting(states, [&](SlotNumber slot) {
        return slot != but && (devices.presence(slot) != Presence::Present || devices.doubted(slot));
    });
}

} // namespace enroll::station
