#pragma once

#include <string_view>

namespace enroll::enrollment {

/// 1..128 letters and digits of ASCII and `- . % _ # * ? ! ( ) , : = @ $ '`.
/// Source: Azure IoT Hub, "Identity registry operations: device identity properties".
bool isDeviceId(std::string_view text) noexcept;
inline constexpr std::size_t kLongestDeviceId = 128;
inline constexpr std::string_view kDeviceIdSigns{"-.%_#*?!(),:=@$'"};

} // namespace enroll::enrollment
