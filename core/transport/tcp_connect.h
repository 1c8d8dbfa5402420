#pragma once

#include "core/transport/interruptible_wait.h"
#include "core/transport/tcp_address.h"

#include <netdb.h>

namespace enroll::transport {

/// The code for the errno \p number of connect(): D-101 if the far end refuses, closes or is silent, or no route leads
/// to it (ECONNREFUSED, ECONNRESET, ETIMEDOUT, EHOSTUNREACH); S-321, the station's own trouble, for every other number.
ErrorCode codeOfConnectFault(int number) noexcept;

/// Connects to the first address of the list that accepts. Each address gets an equal share of the time that is left,
/// so that a silent one does not use up the time of the next. The socket is non-blocking and has TCP_NODELAY.
///
/// \param targets  as getaddrinfo() returns them
/// \par Errors   D-141 at once if interrupted. If no address accepts: the last error that is the device's (D-101,
///               D-102); S-321 if every error was the station's own; D-101 if the list is empty
Result<system::Descriptor> connectToAny(const addrinfo* targets, const Deadline& deadline,
                                        const system::WakeUp& interrupt);

/// Looks the host up and connects to the first of its addresses that accepts. Errors of lookUp(), which say what to write
/// instead, and of connectToAny().
Result<system::Descriptor> connectToHost(const TcpAddress& address, const Deadline& deadline,
                                         const system::WakeUp& interrupt);

} // namespace enroll::transport
