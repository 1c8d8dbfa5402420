#include "core/station/chosen_slot.h"

#include <algorithm>

namespace enroll::station {
namespace {

using enrollment::SlotNumber;

std::optional<SlotNumber> onlyOne(const std::vector<SlotNumber>& slots)
{
    return slots.size() == 1 ? std::optional{slots.front()} : std::nullopt;
}

/// Absent while the slot shows no result.
std::optional<UtcTime> endOf(const SlotState& state)
{
    const auto* finished = std::get_if<SlotFinished>(&state);
    return finished == nullptr ? std::nullopt : std::optional{finished->run.startedAt + finished->run.duration};
}

} // namespace

std::optional<SlotNumber> slotToStop(const SlotBoard& board, std::optional<SlotNumber> chosen)
{
    const auto running = board.running();
    if (!chosen) {
        return onlyOne(running);
    }
    return std::ranges::find(running, *chosen) != running.end() ? chosen : std::nullopt;
}

std::optional<SlotNumber> slotToAcknowledge(const SlotBoard& board, std::optional<SlotNumber> chosen)
{
    return chosen ? chosen : onlyOne(board.slots());
}

std::optional<SlotNumber> slotToLookAt(const SlotBoard& board, std::optional<SlotNumber> chosen)
{
    const auto slots = board.slots();
    if (chosen || slots.size() == 1) {
        return chosen ? chosen : slots.front();
    }
    const auto endIn = [&board](SlotNumber slot) { return endOf(board.state(slot)); };
    const auto latest = std::ranges::max_element(slots, {}, endIn);
    return latest != slots.end() && endIn(*latest) ? std::optional{*latest} : std::nullopt;
}

} // namespace enroll::station
