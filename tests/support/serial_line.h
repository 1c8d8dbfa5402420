#pragma once

#include "core/system/descriptor.h"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <termios.h>
#include <unistd.h>

namespace enroll::test {

/// A serial line: a terminal of the system's, with the test at the far end, that of a scanner or a device.
class SerialLine {
public:
    SerialLine() : m_scanner(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    {
        if (!m_scanner.valid() || ::grantpt(m_scanner.fd()) != 0 || ::unlockpt(m_scanner.fd()) != 0) {
            std::abort();
        }
        m_end = system::Descriptor{::open(device().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)};
    }
    [[nodiscard]] std::filesystem::path device() const
    {
        std::array<char, 64> name{};
        if (::ptsname_r(m_scanner.fd(), name.data(), name.size()) != 0) {
            std::abort();
        }
        return name.data();
    }
    /// The far end's own descriptor, where reading and writing block.
    [[nodiscard]] int fd() const { return m_scanner.fd(); }
    /// As whoever has the station's end set it.
    [[nodiscard]] termios settings() const
    {
        termios settings{};
        if (::tcgetattr(m_end.fd(), &settings) != 0) {
            std::abort();
        }
        return settings;
    }
    void send(std::string_view text) const
    {
        while (!text.empty()) {
            const auto sent = ::write(m_scanner.fd(), text.data(), text.size());
            if (sent <= 0) {
                std::abort();
            }
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

private:
    system::Descriptor m_scanner;
    system::Descriptor m_end; ///< the station's: what is sent before the station opens it waits
};

} // namespace enroll::test
