#include "core/scanner/serial_scanner.h"

#include "core/base/assert.h"
#include "core/base/station_code.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace enroll::scanner {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kAtOnce = 1024;

/// In the order of kBaudRates.
constexpr std::array<speed_t, enrollment::kBaudRates.size()> kSpeeds{B1200,  B2400,  B4800,  B9600,
                                                                     B19200, B38400, B57600, B115200};

speed_t speedOf(int baud)
{
    const auto rate = std::ranges::find(enrollment::kBaudRates, baud);
    ENROLL_ASSERT(rate != enrollment::kBaudRates.end(), "the configuration lets no other speed in");
    return kSpeeds[static_cast<std::size_t>(rate - enrollment::kBaudRates.begin())];
}

class SerialScanner final : public ScannerPort {
public:
    SerialScanner(system::Descriptor terminal, std::string name)
        : m_terminal(std::move(terminal)), m_name(std::move(name))
    {}

    [[nodiscard]] int fd() const noexcept override { return m_terminal.fd(); }

    Result<Characters> read() override
    {
        std::array<char, kAtOnce> bytes{};
        const auto asked = Clock::now();
        ssize_t count = 0;
        do {
            count = ::read(fd(), bytes.data(), bytes.size());
        } while (count < 0 && errno == EINTR);
        if (count > 0) {
            return Characters{{bytes.data(), static_cast<std::size_t>(count)}, false, m_empty, Clock::now()};
        }
        if (count < 0 && errno == EAGAIN) {
            m_empty = asked;
            return Characters{};
        }
        return makeError(StationCode::ScannerLost, m_name + " was disconnected: connect the scanner again", "read",
                         Errno{count < 0 ? errno : 0});
    }

private:
    system::Descriptor m_terminal;
    std::string m_name;
    Clock::time_point m_empty = Clock::now(); ///< all that came earlier has been read
};

} // namespace

Result<std::unique_ptr<ScannerPort>> openSerialScanner(system::Descriptor terminal,
                                                       const enrollment::OwnScanner& scanner)
{
    termios settings{};
    const bool isSet = ::ioctl(terminal.fd(), TIOCEXCL) == 0 && ::tcgetattr(terminal.fd(), &settings) == 0 && [&] {
        ::cfmakeraw(&settings); // 8 data bits, no parity; the program gets every byte as it comes
        settings.c_cflag |= CLOCAL | CREAD;
        settings.c_iflag |= INPCK; // a byte without its stop bit is read as CodeAssembly::kDamaged
        settings.c_iflag &= ~static_cast<tcflag_t>(IGNPAR);
        settings.c_cc[VMIN] = 1; // no byte is "try again", not the end
        settings.c_cc[VTIME] = 0;
        return ::cfsetspeed(&settings, speedOf(scanner.baud)) == 0 &&
               ::tcsetattr(terminal.fd(), TCSANOW, &settings) == 0 && ::tcflush(terminal.fd(), TCIFLUSH) == 0;
    }();
    if (!isSet) {
        return makeError(StationCode::ScannerLost,
                         scanner.device.string() +
                             " is no serial line: correct scanner.device, or write scanner.layout for "
                             "a scanner that works as a keyboard",
                         "open", Errno{errno});
    }
    return std::unique_ptr<ScannerPort>{std::make_unique<SerialScanner>(std::move(terminal), scanner.device.string())};
}

} // namespace enroll::scanner
