#pragma once

#include "core/transport/interruptible_wait.h"

#include <netdb.h>

namespace enroll::transport {

/// Whose fault it is that connect() gave the errno \p number: D-101 if the far end or the way to it is silent, refuses
/// or hangs up, S-321 if this station has no network, may not use it or lacks memory; S-321 also for whatever is not
/// known.
ErrorCode codeOfConnectFault(int number) noexcept;

/// A connected socket, non-blocking and without Nagle's delay, to the first address of the list that takes one. Each
/// gets an equal share of what is left of the time, so that a silent one leaves some to the others.
///
/// \param targets  as getaddrinfo() gives them; D-101 if empty
/// \par Errors   what befell the last address that the device is to answer for (D-101, D-102), S-321 if there was none
///               such, D-141 at once
Result<system::Descriptor> connectToAny(const addrinfo* targets, const Deadline& deadline,
                                        const system::WakeUp& interrupt);

} // namespace enroll::transport
