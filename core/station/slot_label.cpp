#include "core/station/slot_label.h"

#include "core/base/text.h"

#include <algorithm>
#include <charconv>

namespace enroll::station {

std::optional<enrollment::SlotNumber> slotOfLabel(std::string_view text) noexcept
{
    constexpr std::string_view kWord = "slot";
    constexpr std::string_view kBetween = " -:";
    if (text.size() <= kWord.size() ||
        !std::ranges::equal(text.substr(0, kWord.size()), kWord, {}, [](char c) { return asciiLower(c); })) {
        return std::nullopt;
    }
    text.remove_prefix(kWord.size());
    if (kBetween.find(text.front()) != std::string_view::npos) {
        text.remove_prefix(1);
    }
    constexpr int kMost = 999;
    int number = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, fault] = std::from_chars(text.data(), end, number);
    const auto whole = fault == std::errc{} && rest == end && number > 0 && number <= kMost;
    return whole ? std::optional{enrollment::SlotNumber{number}} : std::nullopt;
}

std::string labelOf(enrollment::SlotNumber slot)
{
    return "SLOT " + std::to_string(slot.value);
}

} // namespace enroll::station
