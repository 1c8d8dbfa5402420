#include "app/enrollctl/wait_for_end.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace enroll::app::enrollctl {
namespace {

class StopDescriptor {
public:
    StopDescriptor() : m_fd(::eventfd(0, EFD_CLOEXEC)) {}
    ~StopDescriptor() { ::close(m_fd); }
    StopDescriptor(const StopDescriptor&) = delete;
    StopDescriptor& operator=(const StopDescriptor&) = delete;

    [[nodiscard]] int get() const noexcept { return m_fd; }
    void signal() const noexcept
    {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(m_fd, &one, sizeof one);
    }

private:
    int m_fd;
};

/// True once standard input is at its end; what is written there before is passed over.
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

void waitForEnd(const std::stop_token& stop, InputEnd inputEnd)
{
    const StopDescriptor stopped;
    const std::stop_callback wake{stop, [&stopped] { stopped.signal(); }};
    constexpr int kNoDescriptor = -1; // poll() passes over negative descriptors
    std::array<pollfd, 2> entries{pollfd{stopped.get(), POLLIN, 0},
                                  pollfd{inputEnd == InputEnd::Ends ? STDIN_FILENO : kNoDescriptor, POLLIN, 0}};
    while (!stop.stop_requested()) {
        if (::poll(entries.data(), entries.size(), -1) < 0 && errno != EINTR) {
            return;
        }
        if (inputEnded(entries[1])) {
            return;
        }
    }
}

} // namespace enroll::app::enrollctl
