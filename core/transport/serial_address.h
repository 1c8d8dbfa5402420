#pragma once

#include "core/base/result.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace enroll::transport {

/// The speeds that a serial line may have, in bits a second.
inline constexpr std::array<std::uint32_t, 12> kSerialRates{
    9'600, 19'200, 38'400, 57'600, 115'200, 230'400, 460'800, 921'600, 1'000'000, 1'500'000, 2'000'000, 3'000'000};

/// `serial:///dev/ttyACM0?baud=115200`: an enroll-agent at the far end of a serial line.
struct SerialAddress {
    std::string path;             ///< absolute, below /dev; may be a link, such as /dev/serial/by-path/…
    std::uint32_t baud = 115'200; ///< one of kSerialRates
    bool operator==(const SerialAddress&) const = default;
};

/// The line at \p path. Error S-331 naming what is wrong: the path is none below /dev, or \p baud none of kSerialRates.
Result<SerialAddress> serialAddressAt(std::string_view path, std::string_view baud);

/// Reads "PATH" or "PATH?baud=RATE"; without a rate it is 115200. Error S-331 naming the part that is wrong.
Result<SerialAddress> parseSerialAddress(std::string_view text);

/// What parseSerialAddress() reads back. Always with the rate.
std::string serialAddressText(const SerialAddress& address);

} // namespace enroll::transport
