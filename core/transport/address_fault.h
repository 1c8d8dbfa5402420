#pragma once

#include "core/base/error.h"
#include "core/base/station_code.h"

#include <string>
#include <string_view>

/// Shared by the address parsers of this folder; no other folder includes it.
namespace enroll::transport {

/// Error S-331 that names the part of a device address that is wrong.
inline Error addressFault(std::string what)
{
    return makeError(StationCode::UsageInvalid, "device address: " + std::move(what));
}

inline std::string quoted(std::string_view text)
{
    return "'" + std::string{text} + "'";
}

} // namespace enroll::transport
