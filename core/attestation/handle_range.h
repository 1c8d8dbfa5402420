#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace enroll::attestation {

/// TPM handles from `first` to `last`, both of them included.
struct HandleRange {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    [[nodiscard]] constexpr bool has(std::uint32_t handle) const noexcept { return first <= handle && handle <= last; }
    [[nodiscard]] constexpr bool within(const HandleRange& other) const noexcept
    {
        return other.has(first) && other.has(last);
    }
    bool operator==(const HandleRange&) const = default;
};

/// "0x81000002", one handle, or "0x81010000-0x8101FFFF". Nothing if the text is neither, or ends before it begins.
std::optional<HandleRange> handleRange(std::string_view text);
/// The text that handleRange() reads back; each handle has eight digits, in lower case.
std::string handleRangeText(const HandleRange& range);
/// "0x81000002"
std::string handleText(std::uint32_t handle);

} // namespace enroll::attestation
