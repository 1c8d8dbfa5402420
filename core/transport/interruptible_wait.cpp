#include "core/transport/interruptible_wait.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"

#include <climits>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace enroll::transport {
namespace {

int pollTimeout(const Deadline& deadline) noexcept
{
    return static_cast<int>(std::min<std::chrono::milliseconds::rep>(deadline.left().count(), INT_MAX));
}

} // namespace

Result<Interrupt> Interrupt::create()
{
    Descriptor event{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!event.valid()) {
        return makeError(StationCode::StationCannotReachPort, "no event descriptor", "eventfd", Errno{errno});
    }
    return Interrupt{std::move(event)};
}

void Interrupt::raise() const noexcept
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd(), &one, sizeof one); // full means raised already
}

void Interrupt::clear() const noexcept
{
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(fd(), &count, sizeof count); // empty means clear already
}

Result<void> waitUntilReady(int fd, short events, const Deadline& deadline, const Interrupt& interrupt)
{
    std::array<pollfd, 2> waits{pollfd{fd, events, 0}, pollfd{interrupt.fd(), POLLIN, 0}};
    for (;;) {
        const int ready = ::poll(waits.data(), waits.size(), pollTimeout(deadline));
        if (ready < 0 && errno != EINTR) {
            return makeError(StationCode::StationCannotReachPort, "cannot wait for the device", "poll", Errno{errno});
        }
        if (ready > 0 && waits[1].revents != 0) {
            return makeError(DeviceCode::Cancelled, "a stop was asked while waiting for the device");
        }
        if (ready > 0) {
            return {};
        }
        if (deadline.passed()) {
            return makeError(DeviceCode::TpmTimedOut, "no answer in time");
        }
    }
}

} // namespace enroll::transport
