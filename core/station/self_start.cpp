#include "core/station/self_start.h"

#include <algorithm>

namespace enroll::station {
namespace {

using enrollment::SerialNumber;
using enrollment::SlotNumber;
using enrollment::StartRule;

} // namespace

void SelfStart::bound(SlotNumber slot, DeviceDoubt doubt, Presence before, Time now)
{
    constexpr int kTwoInARow = 2;
    m_waiting[slot] = {now + m_deviceTime, doubt, before == Presence::Absent ? kTwoInARow - 1 : kTwoInARow, false};
}

void SelfStart::scannedAgain(SlotNumber slot, bool chosen, Time now)
{
    auto& waiting = m_waiting[slot];
    waiting.until = now + m_deviceTime;
    waiting.late = false;
    if (chosen && waiting.doubt == DeviceDoubt::Unsaid) {
        waiting.doubt = DeviceDoubt::None;
    }
}

void SelfStart::saw(const Look& look)
{
    constexpr int kTwoInARow = 2;
    for (const auto& [slot, present] : look.found) {
        const auto known = m_waiting.find(slot);
        if (known == m_waiting.end() || known->second.doubt == DeviceDoubt::None || !look.afterScan) {
            continue;
        }
        auto& [until, doubt, looks, late] = known->second;
        looks = present ? kTwoInARow : looks - 1;
        if (looks == 0) {
            doubt = DeviceDoubt::None;
        }
    }
}

void SelfStart::follow(const SlotStates& states)
{
    std::erase_if(m_waiting,
                  [&](const auto& entry) { return !std::holds_alternative<SlotReady>(states.at(entry.first)); });
}

std::vector<SlotNumber> SelfStart::due(const SlotStates& states, const SlotDevices& devices, Time now) const
{
    std::vector<SlotNumber> slots;
    for (const auto& [slot, waiting] : m_waiting) {
        const bool inTime = m_rule == StartRule::Present || (m_rule == StartRule::Scan && now <= waiting.until);
        if (inTime && waiting.doubt == DeviceDoubt::None && devices.presence(slot) == Presence::Present &&
            std::holds_alternative<SlotReady>(states.at(slot))) {
            slots.push_back(slot);
        }
    }
    return slots;
}

bool SelfStart::turnsLate(Waiting& waiting, Time now) const
{
    return m_rule == StartRule::Scan && now > waiting.until && !std::exchange(waiting.late, true);
}

std::vector<SerialNumber> SelfStart::late(const SlotStates& states, const std::optional<SerialNumber>& inHand, Time now)
{
    std::vector<SerialNumber> serials;
    for (auto& [slot, waiting] : m_waiting) {
        if (turnsLate(waiting, now)) {
            serials.push_back(*serialOf(states.at(slot)));
        }
    }
    if (inHand && turnsLate(m_hand, now)) {
        serials.push_back(*inHand);
    }
    return serials;
}

DeviceDoubt SelfStart::doubt(SlotNumber slot) const
{
    const auto known = m_waiting.find(slot);
    return known == m_waiting.end() ? DeviceDoubt::None : known->second.doubt;
}

StartBy SelfStart::startOf(SlotNumber slot) const
{
    const auto known = m_waiting.find(slot);
    if (m_rule == StartRule::Key || known == m_waiting.end() || known->second.late) {
        return StartBy::Key;
    }
    return known->second.doubt == DeviceDoubt::None ? StartBy::Itself : StartBy::AnotherDevice;
}

} // namespace enroll::station
