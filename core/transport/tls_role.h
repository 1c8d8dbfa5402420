#pragma once

#include <string_view>

namespace enroll::transport {

/// The two ends of a TLS connection. What each may be, its certificate says by its extended key usage, so that an agent's
/// certificate never passes for a station's.
enum class TlsRole {
    Station, ///< connects; clientAuth
    Agent,   ///< listens; serverAuth
};

constexpr TlsRole otherEndOf(TlsRole role) noexcept
{
    return role == TlsRole::Station ? TlsRole::Agent : TlsRole::Station;
}

/// "station", "agent".
constexpr std::string_view wordOf(TlsRole role) noexcept
{
    return role == TlsRole::Station ? "station" : "agent";
}

} // namespace enroll::transport
