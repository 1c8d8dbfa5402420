#include "core/station/pairing.h"

#include "core/base/scan_code.h"
#include "core/station/refusal.h"

#include <algorithm>

namespace enroll::station {
namespace {

using enrollment::PairingRule;
using enrollment::SerialNumber;
using enrollment::SlotNumber;

bool runs(const SlotStates& states, std::optional<SlotNumber> slot)
{
    const auto found = slot ? states.find(*slot) : states.end();
    return found != states.end() && std::holds_alternative<SlotRunning>(found->second);
}

Error noSlotLeft(const SerialNumber& serial, const SlotStates& states)
{
    if (!slotsIn<SlotRunning>(states).empty()) {
        return refusal(ScanCode::NoFreeSlot, serial, "every slot waits for its start, runs or shows a result");
    }
    return slotsIn<SlotReady>(states).empty()
               ? refusal(ScanCode::ResultsWait, serial, "every slot shows a result other than PASS")
               : refusal(ScanCode::SlotsWaitForStart, serial, "no slot is free, and nothing runs");
}

} // namespace

std::optional<SlotNumber> Pairing::target(const SlotStates& states, std::optional<SlotNumber> wanted) const
{
    if (!wanted || !states.contains(*wanted)) {
        return m_next;
    }
    return runs(states, wanted) ? std::nullopt : wanted;
}

Result<SlotNumber> Pairing::place(const SerialNumber& serial, std::optional<SlotNumber> wanted,
                                  const SlotStates& states) const
{
    if (runs(states, wanted)) {
        return refusal(ScanCode::ChosenSlotRuns, serial, slotText(*wanted) + " runs");
    }
    const auto slot = target(states, wanted);
    const bool chosen = wanted && slot == wanted;
    if (const auto shown = resultOf(states, serial); shown && !chosen) {
        return refusal(ScanCode::SerialHasResult, serial, "its result is in slot " + std::to_string(shown->value));
    }
    if (slot) {
        return *slot;
    }
    return marks(states) ? noSlotLeft(serial, states)
                         : refusal(ScanCode::NoSlotChosen, serial, "nobody chose a slot for it");
}

void Pairing::follow(const SlotStates& states)
{
    std::erase_if(m_givingWay, [&](SlotNumber slot) { return !givesWay(states.at(slot)); });
    if (!marks(states) || (m_next && isFree(*m_next, states.at(*m_next)))) {
        return;
    }
    m_next = firstFree(states);
    const auto busy = !slotsIn<SlotReady>(states).empty() || !slotsIn<SlotRunning>(states).empty();
    if (!m_next && !busy) { // the round is over
        for (const auto slot : slotsIn<SlotFinished>(states)) {
            m_givingWay.insert(slot);
        }
        m_next = firstFree(states);
    }
}

bool Pairing::marks(const SlotStates& states) const
{
    return m_rule == PairingRule::NextSlot || (m_rule == PairingRule::SlotThenSerial && states.size() == 1);
}

bool Pairing::isFree(SlotNumber slot, const SlotState& state) const
{
    return std::holds_alternative<SlotEmpty>(state) || (m_givingWay.contains(slot) && givesWay(state));
}

std::optional<SlotNumber> Pairing::firstFree(const SlotStates& states) const
{
    const auto found =
        std::ranges::find_if(states, [this](const auto& entry) { return isFree(entry.first, entry.second); });
    return found == states.end() ? std::nullopt : std::optional{found->first};
}

} // namespace enroll::station
