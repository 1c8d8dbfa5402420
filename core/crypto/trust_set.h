#pragma once

#include "core/base/result.h"

#include <string_view>

/// Authorities are kept in named sets, so that a profile says which of them count for its devices.
namespace enroll::crypto {

/// The makers of hardware TPMs: the set of whoever names none.
inline constexpr std::string_view kMakersSet = "makers";
/// Authorities of software TPMs, for demonstrations. Only a profile that allows software TPMs may name it.
inline constexpr std::string_view kDemoSet = "demo";

/// Error S-331 unless \p name is 1 to 32 lower-case letters, digits and dashes and begins with a letter: it is the name of
/// a directory and a word in a profile.
Result<void> requireTrustSetName(std::string_view name);

} // namespace enroll::crypto
