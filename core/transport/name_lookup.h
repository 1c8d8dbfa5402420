#pragma once

#include "core/transport/device_address.h"
#include "core/transport/interruptible_wait.h"

#include <memory>
#include <netdb.h>

namespace enroll::transport {

struct AddrInfoFree {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using AddrInfoPtr = std::unique_ptr<addrinfo, AddrInfoFree>;

/// The socket addresses of a host and port, for a stream. A numeric address costs nothing; a name is looked up on a
/// thread of its own, because the system's resolver knows no deadline. Errors D-101 (no such name), D-102, D-141.
Result<AddrInfoPtr> lookUp(const TcpAddress& address, const Deadline& deadline, const Interrupt& interrupt);

} // namespace enroll::transport
