#include "core/station/chosen_slot.h"

#include <algorithm>

namespace enroll::station {
namespace {

using enrollment::SlotNumber;
using Slots = std::vector<SlotNumber>;

std::optional<SlotNumber> onlyOne(const Slots& slots)
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
    if (chosen) {
        return chosen;
    }
    auto waiting = board.slots();
    std::erase_if(waiting, [&](SlotNumber slot) {
        const auto& state = board.state(slot);
        return !std::holds_alternative<SlotFinished>(state) || givesWay(state);
    });
    return onlyOne(waiting);
}

} // namespace enroll::station
