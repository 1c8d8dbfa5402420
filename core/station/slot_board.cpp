#include "core/station/slot_board.h"

#include "core/base/assert.h"
#include "core/base/scan_code.h"

namespace enroll::station {

using enrollment::SerialNumber;
using enrollment::SlotNumber;

SlotBoard::SlotBoard(const std::vector<SlotNumber>& slots, enrollment::PairingRule rule) : m_pairing(rule)
{
    for (const auto slot : slots) {
        m_states.emplace(slot, SlotEmpty{});
    }
    m_pairing.follow(m_states);
}

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

Result<Binding> SlotBoard::bind(const SerialNumber& serial, std::optional<SlotNumber> wanted)
{
    if (const auto occupied = slotOf(serial)) {
        const auto waits = std::holds_alternative<SlotReady>(state(*occupied));
        if (!waits || (wanted && wanted != occupied)) {
            auto error =
                makeError(ScanCode::SerialAlreadyInSlot, "the serial is in slot " + std::to_string(occupied->value));
            error.subject = serial.text();
            return error;
        }
        return Binding{*occupied, std::nullopt};
    }
    TRY_ASSIGN(const auto slot, m_pairing.place(serial, wanted, m_states));
    const auto waited = std::holds_alternative<SlotReady>(state(slot)) ? serialOf(state(slot)) : std::nullopt;
    apply(slot, SerialBound{serial});
    return Binding{slot, waited};
}

std::optional<SerialNumber> SlotBoard::takeBack(SlotNumber slot)
{
    const auto found = m_states.find(slot);
    if (found == m_states.end() || !std::holds_alternative<SlotReady>(found->second)) {
        return std::nullopt;
    }
    auto serial = serialOf(found->second);
    apply(slot, SerialTakenBack{});
    return serial;
}

void SlotBoard::apply(SlotNumber slot, const SlotEvent& event)
{
    const auto found = m_states.find(slot);
    if (found != m_states.end()) {
        found->second = nextState(found->second, event);
        m_pairing.follow(m_states);
    }
}

} // namespace enroll::station
