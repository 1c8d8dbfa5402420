#include "app/enrollctl/wait_for_end.h"

#include "core/base/station_code.h"
#include "core/system/wake_up.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace enroll::app::enrollctl {
namespace {

/// Reads what standard input has and drops it; true at its end.
bool inputEnded(const pollfd& entry)
{
    if (entry.revents == 0) {
        return false;
    }
    std::array<char, 256> ignored{};
    const auto got = ::read(entry.fd, ignored.data(), ignored.size());
    return got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
}

} // namespace

Result<void> waitForEnd(const std::stop_token& stop, InputEnd inputEnd)
{
    TRY_ASSIGN(const auto stopped, system::WakeUp::create());
    const std::stop_callback wake{stop, [&stopped] { stopped.raise(); }};
    constexpr int kNoDescriptor = -1; // poll() ignores negative descriptors
    std::array<pollfd, 2> entries{pollfd{stopped.fd(), POLLIN, 0},
                                  pollfd{inputEnd == InputEnd::Ends ? STDIN_FILENO : kNoDescriptor, POLLIN, 0}};
    while (!stop.stop_requested()) {
        if (::poll(entries.data(), entries.size(), -1) < 0 && errno != EINTR) {
            return makeError(StationCode::InternalFault, "cannot wait for the end", "poll", Errno{errno});
        }
        if (inputEnded(entries[1])) {
            return {};
        }
    }
    return {};
}

} // namespace enroll::app::enrollctl
