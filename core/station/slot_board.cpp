#include "core/station/slot_board.h"

#include "core/base/assert.h"
#include "core/base/scan_code.h"

#include <algorithm>

namespace enroll::station {
namespace {

using enrollment::SerialNumber;
using enrollment::SlotNumber;

template <class S>
std::vector<SlotNumber> slotsIn(const std::map<SlotNumber, SlotState>& states)
{
    std::vector<SlotNumber> found;
    for (const auto& [slot, state] : states) {
        if (std::holds_alternative<S>(state)) {
            found.push_back(slot);
        }
    }
    return found;
}

/// A PASS whose record nobody refused: nothing is left to be done about it but to take the device out.
bool givesWay(const SlotState& state)
{
    const auto* finished = std::get_if<SlotFinished>(&state);
    return finished != nullptr && finished->run.outcome == Outcome::Pass && !finished->recordRejected;
}

Error refusal(ErrorCode code, const SerialNumber& serial, std::string what)
{
    auto error = makeError(code, std::move(what));
    error.subject = serial.text();
    return error;
}

} // namespace

SlotBoard::SlotBoard(const std::vector<SlotNumber>& slots)
{
    for (const auto slot : slots) {
        m_states.emplace(slot, SlotEmpty{});
    }
    moveMark();
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

Result<Binding> SlotBoard::bind(const SerialNumber& serial, std::optional<SlotNumber> wanted)
{
    if (const auto occupied = slotOf(serial)) {
        const auto waits = std::holds_alternative<SlotReady>(state(*occupied));
        if (!waits || (wanted && wanted != occupied)) {
            return refusal(ScanCode::SerialAlreadyInSlot, serial,
                           "the serial is in slot " + std::to_string(occupied->value));
        }
        return Binding{*occupied, std::nullopt};
    }
    const auto slot = target(wanted);
    const bool chosen = wanted && slot == wanted;
    if (const auto shown = resultOf(serial); shown && !chosen) {
        return refusal(ScanCode::SerialHasResult, serial, "its result is in slot " + std::to_string(shown->value));
    }
    if (!slot) {
        return noTarget(serial);
    }
    const auto waited = std::holds_alternative<SlotReady>(state(*slot)) ? serialOf(state(*slot)) : std::nullopt;
    apply(*slot, SerialBound{serial});
    return Binding{*slot, waited};
}

void SlotBoard::apply(SlotNumber slot, const SlotEvent& event)
{
    const auto found = m_states.find(slot);
    if (found != m_states.end()) {
        found->second = nextState(found->second, event);
        moveMark();
    }
}

/// A finished slot does not count: its device was tested, and the same serial number may be tested again.
std::optional<SlotNumber> SlotBoard::slotOf(const SerialNumber& serial) const
{
    for (const auto& [slot, state] : m_states) {
        if (!std::holds_alternative<SlotFinished>(state) && serialOf(state) == serial) {
            return slot;
        }
    }
    return std::nullopt;
}

std::optional<SlotNumber> SlotBoard::resultOf(const SerialNumber& serial) const
{
    const auto finished = slotsIn<SlotFinished>(m_states);
    const auto found = std::ranges::find_if(finished, [&](SlotNumber slot) { return serialOf(state(slot)) == serial; });
    return found == finished.end() ? std::nullopt : std::optional{*found};
}

std::optional<SlotNumber> SlotBoard::target(std::optional<SlotNumber> wanted) const
{
    const bool takesIt = wanted && has(*wanted) && !std::holds_alternative<SlotRunning>(state(*wanted));
    return takesIt ? wanted : m_next;
}

bool SlotBoard::isFree(SlotNumber slot) const
{
    return std::holds_alternative<SlotEmpty>(state(slot)) || (m_givingWay.contains(slot) && givesWay(state(slot)));
}

std::optional<SlotNumber> SlotBoard::firstFree() const
{
    const auto all = slots();
    const auto found = std::ranges::find_if(all, [this](SlotNumber slot) { return isFree(slot); });
    return found == all.end() ? std::nullopt : std::optional{*found};
}

bool SlotBoard::busy() const
{
    return !ready().empty() || !running().empty();
}

Error SlotBoard::noTarget(const SerialNumber& serial) const
{
    if (!running().empty()) {
        return refusal(ScanCode::NoFreeSlot, serial, "every slot waits for its start, runs or shows a result");
    }
    return ready().empty() ? refusal(ScanCode::ResultsWait, serial, "every slot shows a result other than PASS")
                           : refusal(ScanCode::SlotsWaitForStart, serial, "no slot is free, and nothing runs");
}

void SlotBoard::moveMark()
{
    std::erase_if(m_givingWay, [this](SlotNumber slot) { return !givesWay(state(slot)); });
    if (m_next && isFree(*m_next)) {
        return;
    }
    m_next = firstFree();
    if (!m_next && !busy()) { // the round is over
        for (const auto slot : slotsIn<SlotFinished>(m_states)) {
            m_givingWay.insert(slot);
        }
        m_next = firstFree();
    }
}

std::optional<SerialNumber> serialOf(const SlotState& state)
{
    if (const auto* ready = std::get_if<SlotReady>(&state)) {
        return ready->serial;
    }
    if (const auto* running = std::get_if<SlotRunning>(&state)) {
        return running->serial;
    }
    if (const auto* finished = std::get_if<SlotFinished>(&state)) {
        return finished->run.serialNumber;
    }
    return std::nullopt;
}

} // namespace enroll::station
