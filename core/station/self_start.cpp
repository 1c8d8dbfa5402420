#include "core/station/self_start.h"

#include <utility>

namespace enroll::station {
namespace {

using enrollment::SerialNumber;
using enrollment::SlotNumber;
using enrollment::StartRule;

} // namespace

void SelfStart::taken(Time now)
{
    m_hand = {now + m_deviceTime};
    m_turn = {{}, true};
}

void SelfStart::bound(SlotNumber slot, Time now, bool mayBeIn)
{
    m_waiting[slot] = {now + m_deviceTime};
    m_turn = {.slot = slot, .settled = true, .mayBeIn = mayBeIn};
}

void SelfStart::announced(SlotNumber slot)
{
    m_waiting[slot] = {.unscanned = true};
}

void SelfStart::saw(const Look& look)
{
    for (auto& [slot, waiting] : m_waiting) {
        waiting.looksFirst = waiting.looksFirst && !look.afterScan;
    }
    for (const auto& [slot, present] : look.found) {
        if (look.afterScan && !present) {
            m_turn.seenEmpty.insert(slot);
        }
    }
}

bool SelfStart::expectsDevice(SlotNumber slot) const
{
    return m_turn.slot == slot && (m_turn.mayBeIn || m_turn.seenEmpty.contains(slot));
}

void SelfStart::follow(const SlotStates& states)
{
    std::erase_if(m_waiting,
                  [&](const auto& entry) { return !std::holds_alternative<SlotReady>(states.at(entry.first)); });
}

std::vector<SlotNumber> SelfStart::due(const SlotDevices& devices, Time now) const
{
    std::vector<SlotNumber> slots;
    for (const auto& [slot, waiting] : m_waiting) {
        const bool inTime =
            m_rule == StartRule::Present || (m_rule == StartRule::Scan && !waiting.unscanned && now <= waiting.until);
        if (inTime && !waiting.looksFirst && !devices.doubted(slot) && devices.presence(slot) == Presence::Present) {
            slots.push_back(slot);
        }
    }
    return slots;
}

bool SelfStart::turnsLate(Waiting& waiting, Time now) const
{
    const bool isOver = m_rule == StartRule::Scan && !waiting.unscanned && now > waiting.until;
    return isOver && !std::exchange(waiting.late, true);
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

StartBy SelfStart::startOf(SlotNumber slot, const SlotDevices& devices, bool othersMayCome) const
{
    const auto known = m_waiting.find(slot);
    const bool isSaid = known != m_waiting.end() && known->second.unscanned;
    const bool isAbsent = devices.presence(slot) == Presence::Absent;
    if (devices.doubted(slot) || (isAbsent && !isSaid && (othersMayCome || m_turn.slot != slot))) {
        return StartBy::Answer;
    }
    if (m_rule == StartRule::Scan && isSaid) {
        return StartBy::Label;
    }
    const bool byKey = m_rule == StartRule::Key || known == m_waiting.end() || known->second.late;
    return byKey ? StartBy::Key : StartBy::Itself;
}

} // namespace enroll::station
