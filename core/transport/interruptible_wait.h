#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/system/wake_up.h"

#include <poll.h>
#include <span>

namespace enroll::transport {

/// Waits until one of \p entries is ready; poll() says in each how. Returns as well when a descriptor is broken: the next read or
/// write shows the error.
/// \pre kMostEntries at most
/// \par Errors   D-102 (deadline), D-141 (\p interrupt is raised, also if it was before the call), S-321 (poll()
///               failed)
Result<void> waitUntilAnyIsReady(std::span<pollfd> entries, const Deadline& deadline, const system::WakeUp& interrupt);
inline constexpr std::size_t kMostEntries = 3;

/// The same of \p fd alone, for \p events (POLLIN, POLLOUT).
Result<void> waitUntilReady(int fd, short events, const Deadline& deadline, const system::WakeUp& interrupt);

/// D-102, for a wait that is over.
Error noAnswerInTime();

/// Error D-141 if \p interrupt is raised. Never waits.
Result<void> requireNotInterrupted(const system::WakeUp& interrupt);

} // namespace enroll::transport
