#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace enroll {

inline constexpr std::size_t kLongestHostName = 253; ///< RFC 1035, "Size limits"; without a closing dot

/// 1..253 characters in labels of 1..63 letters, digits and hyphens, none of which begins or ends with a hyphen.
/// \param alsoIn  characters that a label may have beside those: names in a plant's network have "_"
/// \par Source    RFC 1123, 2.1; RFC 1035, 2.3.4
bool isHostName(std::string_view text, std::string_view alsoIn = {}) noexcept;

/// \p host as it stands before a port: an IPv6 address in brackets, everything else as it is.
/// \par Source   RFC 3986, section 3.2.2
std::string bracketedHost(const std::string& host);

/// "127.0.0.1:8443", "[::1]:8443".
std::string hostAndPort(const std::string& host, std::uint16_t port);

} // namespace enroll
