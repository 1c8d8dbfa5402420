#include "core/attestation/handle_range.h"

#include "core/base/bytes.h"

#include <charconv>

namespace enroll::attestation {
namespace {

std::optional<std::uint32_t> handleFrom(std::string_view text)
{
    constexpr std::string_view kPrefix = "0x";
    constexpr std::size_t kMostDigits = 8;
    if (!text.starts_with(kPrefix) || text.size() > kPrefix.size() + kMostDigits) {
        return std::nullopt;
    }
    text.remove_prefix(kPrefix.size());
    std::uint32_t handle = 0;
    constexpr int kHexadecimal = 16;
    const auto [behind, fault] = std::from_chars(text.data(), text.data() + text.size(), handle, kHexadecimal);
    const bool whole = fault == std::errc{} && behind == text.data() + text.size();
    return whole ? std::optional{handle} : std::nullopt;
}

} // namespace

std::optional<HandleRange> handleRange(std::string_view text)
{
    const auto dash = text.find('-');
    const auto first = handleFrom(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : handleFrom(text.substr(dash + 1));
    return first && last && *first <= *last ? std::optional{HandleRange{*first, *last}} : std::nullopt;
}

std::string handleRangeText(const HandleRange& range)
{
    return handleText(range.first) + (range.first == range.last ? "" : "-" + handleText(range.last));
}

std::string handleText(std::uint32_t handle)
{
    return "0x" + toHex(ByteWriter{}.u32(handle).view());
}

} // namespace enroll::attestation
