#pragma once

#include <string_view>

namespace enroll::enrollment {

/// 1..128 letters and digits of ASCII and `- . % _ # * ? ! ( ) , : = @ $ '`.
/// Source: Azure IoT Hub, "Identity registry operations: device identity properties".
bool isDeviceId(std::string_view text) noexcept;
inline constexpr std::size_t kLongestDeviceId = 128;
inline constexpr std::string_view kDeviceIdSigns{"-.%_#*?!(),:=@$'"};

/// 1..253 characters in labels of 1..63 letters, digits and hyphens, none of which begins or ends with a hyphen.
/// Source: RFC 1123, 2.1; RFC 1035, 2.3.4
bool isHostName(std::string_view text) noexcept;

} // namespace enroll::enrollment
