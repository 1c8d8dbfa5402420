#include "core/tpm/response_code.h"

#include "core/tpm/response_code_table.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace enroll::tpm {
namespace {

// Format one (bit 7 set) names what the code is about; format zero does not. The upper half is no part of the TPM's own
// code: it says which software layer raised it. Source: TPM 2.0 Library Part 2, "Response Code Formats"; TSS 2.0
// Overview.
constexpr std::uint32_t kLayerMask = 0xFFFF0000;
constexpr std::uint32_t kFormatOne = 1U << 7U;
constexpr std::uint32_t kParameter = 1U << 6U; // bits 8 to 11 are the number of the parameter
constexpr std::uint32_t kSession = 1U << 11U;  // without kParameter: bits 8 to 10 number a session, else a handle
constexpr std::uint32_t kFormatOneNumber = 0x3F;
constexpr unsigned kIndexShift = 8;

ResponseCode decodeFormatOne(std::uint32_t code) noexcept
{
    const auto number = kFormatOne | (code & kFormatOneNumber);
    const auto index = (code >> kIndexShift) & 0xFU;
    if ((code & kParameter) != 0) {
        return {number, ResponseCode::About::Parameter, index};
    }
    const bool session = (code & kSession) != 0;
    return {number, session ? ResponseCode::About::Session : ResponseCode::About::Handle, index & 0x7U};
}

std::string positionText(const ResponseCode& code)
{
    constexpr std::array<const char*, 4> kWords{"", ", parameter ", ", handle ", ", session "};
    return code.index == 0 ? "" : kWords[static_cast<std::size_t>(code.about)] + std::to_string(code.index);
}

std::string hexText(std::uint32_t code)
{
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), " (0x%08X)", code);
    return text.data();
}

} // namespace

ResponseCode decodeResponseCode(std::uint32_t code) noexcept
{
    const auto bare = code & ~kLayerMask;
    return (bare & kFormatOne) != 0 ? decodeFormatOne(bare) : ResponseCode{bare & 0xFFFU};
}

std::string responseCodeText(std::uint32_t code)
{
    const auto decoded = decodeResponseCode(code);
    const auto* row = findResponseCode(decoded.number);
    return (row == nullptr ? std::string{"a code without a name"} : std::string{row->name}) + positionText(decoded) +
           hexText(code);
}

bool asksForRetry(std::uint32_t code) noexcept
{
    constexpr std::array kNotNow{rc::kRetry,    rc::kYielded, rc::kTesting,
                                 rc::kCanceled, rc::kNvRate,  rc::kNvUnavailable};
    return std::ranges::find(kNotNow, decodeResponseCode(code).number) != kNotNow.end();
}

bool saysNotLoaded(std::uint32_t code) noexcept
{
    constexpr std::uint32_t kFirst = 0x910; // TPM_RC_REFERENCE_H0
    constexpr std::uint32_t kLast = 0x91E;  // TPM_RC_REFERENCE_S6
    const auto number = decodeResponseCode(code).number;
    return kFirst <= number && number <= kLast;
}

} // namespace enroll::tpm
