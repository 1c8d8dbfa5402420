#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>

namespace enroll::app::arguments {

/// Where a program listens.
struct ListenAddress {
    std::string host; ///< numeric; "localhost" has become 127.0.0.1
    std::uint16_t port = 0;
    bool operator==(const ListenAddress&) const = default;
};

/// "127.0.0.1:8443", "localhost:0", "[::1]:8443". Error S-331.
Result<ListenAddress> parseListenAddress(const std::string& text);

} // namespace enroll::app::arguments
