// What a SlotBoard says of its slots as they are.

#include "core/base/assert.h"
#include "core/base/device_code.h"
#include "core/station/slot_board.h"

#include <algorithm>

namespace enroll::station {

using enrollment::SerialNumber;
using enrollment::SlotNumber;

std::vector<SlotNumber> SlotBoard::slots() const
{
    std::vector<SlotNumber> all;
    for (const auto& [slot, state] : m_states) {
        all.push_back(slot);
    }
    return all;
}

const SlotState& SlotBoard::state(SlotNumber slot) const
{
    const auto found = m_states.find(slot);
    ENROLL_ASSERT(found != m_states.end(), "a slot that the board was made with");
    return found->second;
}

std::vector<SlotNumber> SlotBoard::ready() const
{
    return slotsIn<SlotReady>(m_states);
}

std::vector<SlotNumber> SlotBoard::running() const
{
    return slotsIn<SlotRunning>(m_states);
}

std::vector<SlotNumber> SlotBoard::forgotten() const
{
    auto unknown = slotsIn<SlotUnknown>(m_states);
    std::erase_if(unknown, [this](SlotNumber slot) { return serialOf(state(slot)).has_value(); });
    return unknown;
}

std::optional<SlotNumber> SlotBoard::slotOf(const SerialNumber& serial) const
{
    return station::slotOf(m_states, serial);
}

std::optional<SlotNumber> SlotBoard::resultOf(const SerialNumber& serial) const
{
    return station::resultOf(m_states, serial);
}

std::optional<SlotNumber> SlotBoard::target(std::optional<SlotNumber> wanted) const
{
    return m_pairing.target(m_states, wanted);
}

bool SlotBoard::senses() const noexcept
{
    const bool byDevice = rule() == enrollment::PairingRule::Insert || rule() == enrollment::PairingRule::DeviceSerial;
    return byDevice || m_start.rule() != enrollment::StartRule::Key;
}

bool SlotBoard::concludes() const noexcept
{
    return senses() && rule() != enrollment::PairingRule::DeviceSerial;
}

std::optional<SlotNumber> SlotBoard::askingFor(const SerialNumber& serial) const
{
    return rule() == enrollment::PairingRule::DeviceSerial ? std::nullopt : station::askingFor(m_states, serial);
}

bool SlotBoard::hidesResult(SlotNumber slot) const
{
    return isOver(state(slot)) && (unnamed(slot) || (unclear(slot) && resultLeft(slot)));
}

SlotStates SlotBoard::shownStates() const
{
    auto states = m_states;
    for (auto& [slot, state] : states) {
        state = hidesResult(slot) ? SlotState{SlotEmpty{}} : state;
    }
    return states;
}

bool SlotBoard::scanMeansDeviceIn(SlotNumber slot) const
{
    return unnamed(slot) && target({}) == slot && m_start.rule() == enrollment::StartRule::Scan && !othersMayCome(slot);
}

bool SlotBoard::startsAgain(SlotNumber slot) const
{
    const auto found = m_states.find(slot);
    const auto* finished = found == m_states.end() ? nullptr : std::get_if<SlotFinished>(&found->second);
    const bool wasStopped =
        finished != nullptr && finished->run.code == DeviceCode::Cancelled && m_stopped.contains(slot);
    if (!wasStopped || presence(slot) == Presence::Absent || unnamed(slot) || inHand()) {
        return false;
    }
    const auto& serial = finished->run.serialNumber;
    return rule() != enrollment::PairingRule::DeviceSerial || (saidIn(slot) == serial && !m_announced.disputed(serial));
}

bool SlotBoard::asksForChoice(SlotNumber slot) const
{
    const auto said = saidIn(slot);
    return said && !contested(slot) && !m_announced.place(*said, {}, m_states, m_devices).ok();
}

bool SlotBoard::contested(SlotNumber slot) const
{
    const auto said = saidIn(slot);
    const auto busy = said ? slotOf(*said) : std::nullopt;
    return said && ((busy && busy != slot) || !m_announced.place(*said, slot, m_states, m_devices).ok());
}

std::vector<SlotNumber> SlotBoard::leftOut() const
{
    auto waiting = ready();
    std::erase_if(waiting, [this](SlotNumber slot) { return startOf(slot) != StartBy::Answer && !isSeenEmpty(slot); });
    return waiting;
}

bool SlotBoard::isAwaitedAlone(SlotNumber slot) const
{
    return concludes() && !inHand() && !mayAwaitDevice(m_states, m_devices, slot);
}

bool SlotBoard::hasUnnamedBeside(SlotNumber slot) const
{
    const auto chosen = m_chosenBeside.find(slot);
    return concludes() && std::ranges::any_of(m_states, [&](const auto& entry) {
               const bool wasIn = chosen != m_chosenBeside.end() && chosen->second.contains(entry.first);
               return entry.first != slot && !wasIn && (unnamed(entry.first) || m_hand.arriving(entry.first));
           });
}

std::set<SlotNumber> SlotBoard::unnamedSlots() const
{
    std::set<SlotNumber> all;
    for (const auto& [slot, state] : m_states) {
        if (unnamed(slot)) {
            all.insert(slot);
        }
    }
    return all;
}

bool SlotBoard::othersMayCome(SlotNumber slot) const
{
    return hasUnnamedBeside(slot) || (!inHand() && mayAwaitDevice(m_states, m_devices, slot));
}

} // namespace enroll::station
