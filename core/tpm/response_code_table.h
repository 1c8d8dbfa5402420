#pragma once

#include "core/base/error_code.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace enroll::tpm {

/// Numbers that code of this folder branches on. kCanceled is also what ESYS is told when the exchange refuses a
/// command.
/// Source: TPM 2.0 Library Part 2, "TPM_RC".
namespace rc {
inline constexpr std::uint32_t kAuthFail = 0x08E;
inline constexpr std::uint32_t kAuthUnavailable = 0x12F;
inline constexpr std::uint32_t kNvUninitialized = 0x14A;
inline constexpr std::uint32_t kNvSpace = 0x14B;
inline constexpr std::uint32_t kNvDefined = 0x14C;
inline constexpr std::uint32_t kHandle = 0x08B;
inline constexpr std::uint32_t kYielded = 0x908;
inline constexpr std::uint32_t kCanceled = 0x909;
inline constexpr std::uint32_t kTesting = 0x90A;
inline constexpr std::uint32_t kNvRate = 0x920;
inline constexpr std::uint32_t kRetry = 0x922;
inline constexpr std::uint32_t kNvUnavailable = 0x923;
} // namespace rc

/// One response code and what the product makes of it.
struct ResponseCodeRow {
    std::uint32_t number;
    std::string_view name;
    ErrorCode meaning;
};

std::span<const ResponseCodeRow> responseCodes() noexcept;

/// The row of ResponseCode::number, or null.
const ResponseCodeRow* findResponseCode(std::uint32_t number) noexcept;

} // namespace enroll::tpm
