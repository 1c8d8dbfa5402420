#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/system/wake_up.h"

namespace enroll::transport {

/// Waits until \p fd is ready for \p events (POLLIN, POLLOUT). Returns as well when \p fd is broken: the next read or
/// write shows the error.
/// \par Errors   D-102 (deadline), D-141 (\p interrupt is raised, also if it was before the call), S-321 (poll()
///               failed)
Result<void> waitUntilReady(int fd, short events, const Deadline& deadline, const system::WakeUp& interrupt);

/// Error D-141 if \p interrupt is raised. Never waits.
Result<void> requireNotInterrupted(const system::WakeUp& interrupt);

} // namespace enroll::transport
