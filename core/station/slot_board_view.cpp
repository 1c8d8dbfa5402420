// What a SlotBoard says of its slots as they are.

#include "core/base/assert.h"
#include "core/station/slot_board.h"

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
    return unnamed(slot) && target({}) == slot && m_start.rule() == enrollment::StartRule::Scan;
}

} // namespace enroll::station
