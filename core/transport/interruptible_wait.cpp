#include "core/transport/interruptible_wait.h"

#include "core/base/cancellation.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"

#include <climits>

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>

namespace enroll::transport {
namespace {

int pollTimeout(const Deadline& deadline) noexcept
{
    return static_cast<int>(std::min<std::chrono::milliseconds::rep>(deadline.left().count(), INT_MAX));
}

Error interrupted()
{
    return stopAsked({}, "while waiting for the device");
}

} // namespace

Result<void> waitUntilReady(int fd, short events, const Deadline& deadline, const system::WakeUp& interrupt)
{
    std::array<pollfd, 2> waits{pollfd{fd, events, 0}, pollfd{interrupt.fd(), POLLIN, 0}};
    for (;;) {
        const int ready = ::poll(waits.data(), waits.size(), pollTimeout(deadline));
        if (ready < 0 && errno != EINTR) {
            return makeError(StationCode::StationCannotReachPort, "cannot wait for the device", "poll", Errno{errno});
        }
        if (ready > 0 && waits[1].revents != 0) { // looked at first: data that keeps coming must not hide a stop
            return interrupted();
        }
        if (ready > 0) {
            return {};
        }
        if (deadline.passed()) {
            return makeError(DeviceCode::TpmTimedOut, "no answer in time");
        }
    }
}

Result<void> requireNotInterrupted(const system::WakeUp& interrupt)
{
    pollfd raised{interrupt.fd(), POLLIN, 0};
    return ::poll(&raised, 1, 0) > 0 ? Result<void>{interrupted()} : Result<void>{};
}

} // namespace enroll::transport
