#include "core/station/slot_states.h"

#include <algorithm>

namespace enroll::station {
namespace {

using enrollment::SerialNumber;
using enrollment::SlotNumber;

template <class Condition>
std::optional<SlotNumber> firstWith(const SlotStates& states, const SerialNumber& serial, Condition condition)
{
    const auto found = std::ranges::find_if(
        states, [&](const auto& entry) { return condition(entry.second) && serialOf(entry.second) == serial; });
    return found == states.end() ? std::nullopt : std::optional{found->first};
}

} // namespace

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
    if (const auto* unknown = std::get_if<SlotUnknown>(&state)) {
        return unknown->test.serial;
    }
    return std::nullopt;
}

bool showsResult(const SlotState& state)
{
    return std::holds_alternative<SlotFinished>(state) || std::holds_alternative<SlotUnknown>(state);
}

std::optional<SlotNumber> slotOf(const SlotStates& states, const SerialNumber& serial)
{
    return firstWith(states, serial, [](const SlotState& state) { return !showsResult(state); });
}

std::optional<SlotNumber> resultOf(const SlotStates& states, const SerialNumber& serial)
{
    return firstWith(states, serial, showsResult);
}

bool givesWay(const SlotState& state)
{
    const auto* finished = std::get_if<SlotFinished>(&state);
    return finished != nullptr && finished->run.outcome == Outcome::Pass && !finished->recordRejected;
}

bool asksForScan(const enrollment::AttestationRun& run)
{
    const auto code = knownIn(run.code);
    return code && run.outcome == Outcome::Aborted &&
           instructionFor(*code, Outcome::Aborted).next == NextStep::ScanAgain;
}

bool asksForScan(const SlotState& state)
{
    const auto* finished = std::get_if<SlotFinished>(&state);
    return finished != nullptr && asksForScan(finished->run);
}

std::optional<SlotNumber> askingFor(const SlotStates& states, const SerialNumber& serial)
{
    return firstWith(states, serial, [](const SlotState& state) { return asksForScan(state); });
}

bool isOver(const SlotState& state)
{
    const auto* finished = std::get_if<SlotFinished>(&state);
    const bool wasAborted = finished != nullptr && finished->run.outcome == Outcome::Aborted;
    return givesWay(state) || (wasAborted && !asksForScan(state));
}

} // namespace enroll::station
