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

/// Names that may be looked up at a time, those included that nobody waits for any more: two for each of 16 slots.
inline constexpr int kMostLookups = 32;

/// The socket addresses of a host and port, for TCP. A numeric address is converted at once. A name is looked up on a
/// detached thread, because getaddrinfo() has no deadline and cannot be interrupted; after a time-out that thread lives
/// until the resolver answers. At most kMostLookups such threads live at a time.
/// \par Errors   S-321 naming the host (no such name, the resolver fails, does not answer before \p deadline, or owes so
///               many answers that it is not asked again): nothing was said to the host. What to do next says the caller,
///               who knows whether a numeric address would serve; D-141
Result<AddrInfoPtr> lookUp(const TcpAddress& address, const Deadline& deadline, const system::WakeUp& interrupt);

} // namespace enroll::transport
