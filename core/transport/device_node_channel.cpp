#include "core/transport/device_node_channel.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"

#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace enroll::transport {
namespace {

Error isNot(const std::string& path, const char* expected)
{
    return makeError(StationCode::StationCannotReachPort,
                     path + " is not " + expected + ": write the path of a TPM, such as /dev/tpmrm0", "open");
}

/// True of a terminal, and of /dev/null, /dev/zero and the others of the kernel's memory driver: by their numbers, since
/// /dev/tty of a process without a terminal cannot be opened.
/// Source: Linux, Documentation/admin-guide/devices.txt, "1 char", "4 char", "5 char" and "136-143 char".
bool isNoTpm(const struct stat& node) noexcept
{
    const auto number = major(node.st_rdev);
    return number == 1 || number == 4 || number == 5 || (number >= 136 && number <= 143);
}

/// Why what \p status describes is no TPM; nothing if it may be one.
std::optional<Error> noTpm(const std::string& path, const struct stat& status)
{
    if (!S_ISCHR(status.st_mode)) {
        return isNot(path, "a device node");
    }
    return isNoTpm(status) ? std::optional{isNot(path, "a TPM")} : std::nullopt;
}

/// A TPM's node whose hardware is gone is the device's fault (D-101), every other reason the station's (S-321).
Error cannotOpen(const std::string& path, int number)
{
    if (number == ENOENT || number == ENOTDIR) {
        return makeError(StationCode::StationCannotReachPort,
                         path + " does not exist: connect the device, or correct the path", "open", Errno{number});
    }
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) {
        if (auto error = noTpm(path, status)) {
            return *std::move(error);
        }
    }
    const bool gone = number == ENXIO || number == ENODEV;
    return makeError(gone ? ErrorCode{DeviceCode::NoTpmAnswers} : StationCode::StationCannotReachPort,
                     "cannot open " + path, "open", Errno{number});
}

Error broken(const char* operation, int number)
{
    return makeError(DeviceCode::NoTpmAnswers, "the TPM device failed", operation, Errno{number});
}

} // namespace

Result<std::unique_ptr<TpmChannel>>
DeviceNodeChannel::open(const DeviceNodeAddress& address, const Deadline& /*deadline*/,
                        std::stop_token /*stop*/) // NOLINT(performance-unnecessary-value-param): the table's type
{
    system::Descriptor node{::open(address.path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)};
    if (!node.valid()) {
        return cannotOpen(address.path, errno);
    }
    struct stat status {};
    if (::fstat(node.fd(), &status) != 0) {
        return cannotOpen(address.path, errno);
    }
    if (auto error = noTpm(address.path, status)) {
        return *std::move(error);
    }
    if (::isatty(node.fd()) == 1) { // also the serial adapters, whose numbers drivers choose
        return isNot(address.path, "a TPM");
    }
    TRY_ASSIGN(auto interrupt, system::WakeUp::create());
    return std::unique_ptr<TpmChannel>{new DeviceNodeChannel{std::move(node), std::move(interrupt)}};
}

Result<void> DeviceNodeChannel::send(ByteView bytes, const Deadline& deadline)
{
    // A command goes out in one write or not at all: the kernel would take a part for a broken command.
    for (;;) {
        const auto written = ::write(m_node.fd(), bytes.data(), bytes.size());
        if (written == static_cast<ssize_t>(bytes.size())) {
            return {};
        }
        if (written >= 0) {
            return makeError(DeviceCode::NoTpmAnswers, "the TPM device took only a part of the command", "write");
        }
        if (errno != EAGAIN && errno != EINTR) {
            return broken("write", errno);
        }
        TRY(waitUntilReady(m_node.fd(), POLLOUT, deadline, m_interrupt));
    }
}

Result<std::size_t> DeviceNodeChannel::receive(std::span<std::byte> buffer, const Deadline& deadline)
{
    for (;;) {
        TRY(waitUntilReady(m_node.fd(), POLLIN, deadline, m_interrupt));
        const auto received = ::read(m_node.fd(), buffer.data(), buffer.size());
        if (received >= 0) {
            return static_cast<std::size_t>(received);
        }
        if (errno != EAGAIN && errno != EINTR) {
            return broken("read", errno);
        }
    }
}

} // namespace enroll::transport
