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

Error noAnswerInTime()
{
    return makeError(DeviceCode::TpmTimedOut, "no answer in time");
}

Result<void> waitUntilAnyIsReady(std::span<pollfd> entries, const Deadline& deadline, const system::WakeUp& interrupt)
{
    ENROLL_ASSERT(entries.size() <= kMostEntries, "a wait is for a few descriptors");
    std::array<pollfd, kMostEntries + 1> waits{pollfd{interrupt.fd(), POLLIN, 0}};
    std::ranges::copy(entries, waits.begin() + 1);
    for (;;) {
        const int ready = ::poll(waits.data(), entries.size() + 1, pollTimeout(deadline));
        if (ready < 0 && errno != EINTR) {
            return makeError(StationCode::StationCannotReachPort, "cannot wait for the device", "poll", Errno{errno});
        }
        if (ready > 0 && waits[0].revents != 0) { // looked at first: data that keeps coming must not hide a stop
            return interrupted();
        }
        if (ready > 0) {
            std::ranges::copy(std::span{waits}.subspan(1, entries.size()), entries.begin());
            return {};
        }
        if (deadline.passed()) {
            return noAnswerInTime();
        }
    }
}

Result<void> waitUntilReady(int fd, short events, const Deadline& deadline, const system::WakeUp& interrupt)
{
    std::array<pollfd, 1> entries{pollfd{fd, events, 0}};
    return waitUntilAnyIsReady(entries, deadline, interrupt);
}

Result<void> requireNotInterrupted(const system::WakeUp& interrupt)
{
    pollfd raised{interrupt.fd(), POLLIN, 0};
    return ::poll(&raised, 1, 0) > 0 ? Result<void>{interrupted()} : Result<void>{};
}

} // namespace enroll::transport
