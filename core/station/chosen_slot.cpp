#include "core/station/chosen_slot.h"

#include <algorithm>

namespace enroll::station {
namespace {

using enrollment::SlotNumber;

std::optional<SlotNumber> onlyOne(const std::vector<SlotNumber>& slots)
{
    return slots.size() == 1 ? std::optional{slots.front()} : std::nullopt;
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

} // namespace enroll::station
