#pragma once

#include "core/base/result.h"
#include "core/enrollment/scanner_settings.h"

#include <chrono>
#include <memory>
#include <string>

namespace enroll::scanner {

/// What came from a scanner, and when: characters between which nothing was lost.
struct Characters {
    using Time = std::chrono::steady_clock::time_point;

    std::string text;
    bool isTorn = false; ///< some are missing behind \p text
    Time from{};         ///< none came earlier
    Time until{};        ///< none came later

    /// Nothing came, and nothing was lost.
    [[nodiscard]] bool isNothing() const noexcept { return text.empty() && !isTorn; }
    bool operator==(const Characters&) const = default;
};

/// A barcode scanner that is the station's own: nobody else gets what it reads. One object per thread.
class ScannerPort {
public:
    virtual ~ScannerPort() = default;

    /// Readable (POLLIN) when characters come after read() returned nothing.
    [[nodiscard]] virtual int fd() const noexcept = 0;
    /// The next that wait; nothing if none do. Read until then before fd() is waited for. Does not wait.
    /// \par Errors   S-342 (the scanner is gone)
    virtual Result<Characters> read() = 0;

protected:
    ScannerPort() = default;
    ScannerPort(const ScannerPort&) = default;
    ScannerPort& operator=(const ScannerPort&) = default;
};

/// Whether \p scanner is there, may be read and has a layout that exists. Opens nothing: the station may have it open.
/// Errors as openScanner().
Result<void> requireReadable(const enrollment::OwnScanner& scanner);

/// Opens \p scanner for this program alone: one that types as a keyboard of the kernel's event interface (such as
/// /dev/input/by-id/…-event-kbd), any other as a serial line (a terminal, such as /dev/ttyACM0) with its speed, 8 data
/// bits, no parity. A byte that came damaged is read as CodeAssembly::kDamaged. What was sent before is not read.
/// \par Errors   S-342, naming the device and what to do: it is not there, may not be read, is no scanner, or another
///               program has it
/// \par Source   Linux, Documentation/input/event-codes.rst; tty_ioctl(4), TIOCEXCL; termios(3), INPCK
Result<std::unique_ptr<ScannerPort>> openScanner(const enrollment::OwnScanner& scanner);

} // namespace enroll::scanner
