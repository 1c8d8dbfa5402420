#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/system/wake_up.h"

namespace enroll::transport {

/// Waits until \p fd is ready for \p events (POLLIN, POLLOUT) or is broken, which the next call on it will show.
/// Errors D-102 at the deadline, D-141 if interrupted.
Result<void> waitUntilReady(int fd, short events, const Deadline& deadline, const system::WakeUp& interrupt);

} // namespace enroll::transport
