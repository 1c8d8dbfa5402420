#include "core/transport/serial_terminal.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/random.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

namespace enroll::transport {
namespace {

/// In the order of kSerialRates.
constexpr std::array<speed_t, kSerialRates.size()> kSpeeds{B9600,   B19200,  B38400,   B57600,   B115200,  B230400,
                                                           B460800, B921600, B1000000, B1500000, B2000000, B3000000};

speed_t speedOf(std::uint32_t baud)
{
    const auto* rate = std::ranges::find(kSerialRates, baud);
    ENROLL_ASSERT(rate != kSerialRates.end(), "an address has one of these speeds");
    return kSpeeds[static_cast<std::size_t>(rate - kSerialRates.begin())];
}

/// The device is at fault where its hardware is gone, and in every other case the machine whose line it is: a mistyped
/// path looks like a device that was not plugged in.
Error cannotOpen(const std::string& path, int number)
{
    const auto because = [&](ErrorCode code, const char* why) {
        return makeError(code, path + why, "open", Errno{number});
    };
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return because(StationCode::StationCannotReachPort, " does not exist: connect the device, or correct the path");
    case ENXIO:
    case ENODEV:
    case EIO:
        return because(DeviceCode::NoTpmAnswers, " is a serial line whose device is gone");
    case EBUSY:
    case EWOULDBLOCK:
        return because(StationCode::StationCannotReachPort, " is used by another program: close that");
    case EACCES:
    case EPERM:
        return because(StationCode::StationCannotReachPort,
                       " may not be opened: add this program's user to the group of the device (dialout)");
    default:
        return because(StationCode::StationCannotReachPort, " cannot be opened");
    }
}

Error noSerialLine(const std::string& path)
{
    return makeError(StationCode::StationCannotReachPort,
                     path + " is no serial line: write the path of one, such as /dev/ttyACM0", "open");
}

/// Bytes as they are, at the speed of \p address. Source: termios(3).
Result<void> setRaw(int line, const SerialAddress& address)
{
    termios settings{};
    if (::tcgetattr(line, &settings) != 0) {
        return cannotOpen(address.path, errno);
    }
    ::cfmakeraw(&settings);
    settings.c_iflag &= ~static_cast<tcflag_t>(IXOFF | IXANY | INPCK);
    settings.c_iflag |= IGNBRK; // a break is no byte
    settings.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS | HUPCL);
    settings.c_cflag |= CLOCAL | CREAD;
    settings.c_cc[VMIN] = 1; // no byte is "try again", not the end
    settings.c_cc[VTIME] = 0;
    const auto speed = speedOf(address.baud);
    if (::cfsetspeed(&settings, speed) != 0 || ::tcsetattr(line, TCSANOW, &settings) != 0) {
        return cannotOpen(address.path, errno);
    }
    termios taken{}; // tcsetattr() succeeds although the line took only a part
    if (::tcgetattr(line, &taken) != 0) {
        return cannotOpen(address.path, errno);
    }
    if (::cfgetospeed(&taken) != speed || ::cfgetispeed(&taken) != speed) {
        return makeError(StationCode::StationCannotReachPort,
                         address.path + " does not do " + std::to_string(address.baud) + " baud", "tcsetattr");
    }
    return {};
}

Error unplugged(const char* operation, int number)
{
    return makeError(DeviceCode::NoTpmAnswers, "the serial line is gone: its device was unplugged", operation,
                     number == 0 ? ErrorSource{} : ErrorSource{Errno{number}});
}

bool isPassing(int number) noexcept
{
    return number == EAGAIN || number == EINTR;
}

} // namespace

Result<SerialTerminal> SerialTerminal::open(const SerialAddress& address)
{
    system::Descriptor line{::open(address.path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)};
    if (!line.valid()) {
        const auto number = errno;
        struct stat status {};
        const bool isOther = ::stat(address.path.c_str(), &status) == 0 && !S_ISCHR(status.st_mode);
        return isOther ? noSerialLine(address.path) : cannotOpen(address.path, number);
    }
    if (::isatty(line.fd()) != 1) {
        return errno == EIO ? cannotOpen(address.path, errno) : noSerialLine(address.path);
    }
    // Each alone would not do: the first does not keep root out, the second keeps only those out who ask.
    if (::flock(line.fd(), LOCK_EX | LOCK_NB) != 0) {
        return cannotOpen(address.path, errno);
    }
    SerialTerminal terminal{std::move(line)};
    if (::ioctl(terminal.fd(), TIOCEXCL) != 0) {
        return cannotOpen(address.path, errno);
    }
    TRY(setRaw(terminal.fd(), address));
    return terminal;
}

SerialTerminal& SerialTerminal::operator=(SerialTerminal&& other) noexcept
{
    std::swap(m_line, other.m_line);
    const SerialTerminal closed{std::move(other)}; // what this one had ends now, not with the other one
    return *this;
}

SerialTerminal::~SerialTerminal()
{
    if (m_line.valid()) {
        ::ioctl(m_line.fd(), TIOCNXCL); // it would last as long as anybody has the line open
    }
}

Result<std::size_t> SerialTerminal::read(std::span<std::byte> buffer) const
{
    const auto count = ::read(fd(), buffer.data(), buffer.size());
    if (count > 0) {
        return static_cast<std::size_t>(count);
    }
    if (count < 0 && isPassing(errno)) {
        return std::size_t{0};
    }
    return unplugged("read", count == 0 ? 0 : errno);
}

Result<std::size_t> SerialTerminal::write(ByteView bytes) const
{
    const auto count = ::write(fd(), bytes.data(), bytes.size());
    if (count >= 0) {
        return static_cast<std::size_t>(count);
    }
    return isPassing(errno) ? Result<std::size_t>{std::size_t{0}} : Result<std::size_t>{unplugged("write", errno)};
}

Result<std::uint64_t> drawSessionNumber()
{
    TRY_ASSIGN(const auto drawn, crypto::randomBytes(sizeof(std::uint64_t)));
    return ByteReader{drawn}.u64("session number");
}

} // namespace enroll::transport
