#pragma once

#include "core/transport/interruptible_wait.h"
#include "core/transport/tcp_address.h"

#include <memory>
#include <netdb.h>

namespace enroll::transport {

struct AddrInfoFree {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using AddrInfoPtr = std::unique_ptr<addrinfo, AddrInfoFree>;

/// Whose fault it is that getaddrinfo() returned \p status: D-101 if there is no such name, S-321 for all else.
ErrorCode codeOfLookupFault(int status) noexcept;

/// The socket addresses of a host and port, for a stream. A numeric address costs nothing; a name is looked up on a
/// thread of its own, because the system's resolver knows no deadline. Errors D-101 (no such name), S-321 (the resolver
/// fails, or does not answer before \p deadline: nothing was heard of the device yet), D-141.
Result<AddrInfoPtr> lookUp(const TcpAddress& address, const Deadline& deadline, const system::WakeUp& interrupt);

} // namespace enroll::transport
