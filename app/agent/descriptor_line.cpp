#include "app/agent/descriptor_line.h"

#include "core/base/device_code.h"
#include "core/transport/interruptible_wait.h"

#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace enroll::app::agent {
namespace {

Error broke(const char* operation, int number)
{
    return makeError(DeviceCode::NoTpmAnswers, "the line to the station broke", operation, Errno{number});
}

bool isPassing(int number) noexcept
{
    return number == EAGAIN || number == EINTR;
}

} // namespace

Result<std::size_t> DescriptorLine::receive(std::span<std::byte> buffer, const Deadline& deadline) const
{
    std::size_t received = 0;
    while (received < buffer.size()) {
        TRY(transport::waitUntilReady(m_in, POLLIN, deadline, m_stop));
        const auto count = ::read(m_in, buffer.data() + received, buffer.size() - received);
        if (count < 0 && !isPassing(errno)) {
            return broke("read", errno);
        }
        if (count == 0) {
            break;
        }
        received += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    return received;
}

Result<void> DescriptorLine::send(ByteView bytes, const Deadline& deadline) const
{
    while (!bytes.empty()) {
        TRY(transport::waitUntilReady(m_out, POLLOUT, deadline, m_stop));
        // A response is at most PIPE_BUF long: a pipe that is ready takes it whole, so that this never waits.
        const auto written = ::write(m_out, bytes.data(), bytes.size());
        if (written < 0 && !isPassing(errno)) {
            return broke("write", errno);
        }
        bytes = bytes.subspan(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return {};
}

bool otherEndHungUp(int in) noexcept
{
    pollfd entry{in, POLLRDHUP, 0};
    return ::poll(&entry, 1, 0) > 0 && entry.revents != 0;
}

} // namespace enroll::app::agent
