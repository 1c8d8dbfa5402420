#include "core/system/secret_line.h"

#include "core/base/clock.h"
#include "core/base/station_code.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace enroll::system {
namespace {

constexpr auto kOperation = "read a secret";
constexpr int kLookEveryMs = 200; // whether a stop was asked

/// A terminal that shows nothing of what is typed, as long as this lives.
class HiddenTyping {
public:
    explicit HiddenTyping(int descriptor) : m_descriptor(descriptor)
    {
        termios now{};
        if (::isatty(descriptor) == 1 && ::tcgetattr(descriptor, &now) == 0) {
            m_before = now;
            now.c_lflag &= ~static_cast<tcflag_t>(ECHO);
            ::tcsetattr(descriptor, TCSAFLUSH, &now);
        }
    }
    ~HiddenTyping()
    {
        if (m_before) {
            ::tcsetattr(m_descriptor, TCSAFLUSH, &*m_before);
        }
    }
    HiddenTyping(const HiddenTyping&) = delete;
    HiddenTyping& operator=(const HiddenTyping&) = delete;

private:
    int m_descriptor;
    std::optional<termios> m_before;
};

Error refused(const std::string& why)
{
    return makeError(StationCode::UsageInvalid, "standard input: " + why, kOperation);
}

Result<void> awaitInput(int descriptor, const Deadline& deadline, const std::stop_token& stop)
{
    while (!deadline.passed()) {
        if (stop.stop_requested()) {
            return refused("interrupted before the code was entered");
        }
        pollfd wanted{descriptor, POLLIN, 0};
        const int ready = ::poll(&wanted, 1, kLookEveryMs);
        if (ready > 0) {
            return {};
        }
        if (ready < 0 && errno != EINTR) {
            return makeError(StationCode::FileUnusable, "standard input cannot be read", kOperation, Errno{errno});
        }
    }
    return refused("no code was entered in time");
}

/// The next byte; none at the end.
Result<std::optional<char>> nextByte(int descriptor)
{
    char byte = 0;
    const auto count = ::read(descriptor, &byte, 1);
    if (count < 0) {
        return makeError(StationCode::FileUnusable, "standard input cannot be read", kOperation, Errno{errno});
    }
    return count == 0 || byte == '\n' ? std::optional<char>{} : std::optional{byte};
}

} // namespace

Result<SecretBytes> readSecretLine(int descriptor, std::size_t most, std::chrono::milliseconds patience,
                                   const std::stop_token& stop)
{
    const HiddenTyping hidden{descriptor};
    const auto deadline = Deadline::in(patience);
    SecretBytes line{most};
    std::size_t size = 0;
    for (;;) {
        TRY(awaitInput(descriptor, deadline, stop));
        TRY_ASSIGN(const auto byte, nextByte(descriptor));
        if (!byte || *byte == '\r') {
            break;
        }
        if (size == most) {
            return refused("a code has " + std::to_string(most) + " characters at most");
        }
        line.writable()[size++] = static_cast<std::byte>(*byte);
    }
    if (size == 0) {
        return refused("no code was entered");
    }
    return SecretBytes::copyOf(line.view().first(size));
}

} // namespace enroll::system
