#pragma once

#include "core/base/bytes.h"
#include "core/system/descriptor.h"
#include "core/transport/serial_address.h"

namespace enroll::transport {

/// A serial line of this machine that nobody else opens meanwhile: the station's end of one, or the agent's. Move-only.
///
/// Bytes go as they are: eight data bits, no parity, no flow control, no signals, no echo. Reading and writing never wait.
///
/// A device that is unplugged hangs its line up; a missing carrier does not, because few cables carry one. Closing does not
/// drop DTR and RTS, by which some boards reset themselves: they would start anew after each look at their slot. What else was
/// set stays as it is when the line is closed.
class SerialTerminal {
public:
    /// Opens the line without waiting for a carrier.
    /// \par Errors   S-321 (no such path, no serial line, no permission, another program has it, or it does not do that
    ///               speed), D-101 (its hardware is gone)
    static Result<SerialTerminal> open(const SerialAddress& address);

    SerialTerminal() = default; ///< no line
    SerialTerminal(SerialTerminal&& other) noexcept = default;
    SerialTerminal& operator=(SerialTerminal&& other) noexcept;
    SerialTerminal(const SerialTerminal&) = delete;
    SerialTerminal& operator=(const SerialTerminal&) = delete;
    ~SerialTerminal();

    [[nodiscard]] int fd() const noexcept { return m_line.fd(); }

    /// How many bytes came, as many as there are and \p buffer has room for; 0: none so far.
    /// Error D-101: the line is gone, because the device was unplugged.
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> buffer) const;
    /// How many of \p bytes the line took; 0: none so far. Error as read().
    [[nodiscard]] Result<std::size_t> write(ByteView bytes) const;

private:
    explicit SerialTerminal(system::Descriptor line) noexcept : m_line(std::move(line)) {}

    system::Descriptor m_line;
};

/// A number that is drawn at random, by which one end of a line tells sessions apart. Error S-340.
Result<std::uint64_t> drawSessionNumber();

} // namespace enroll::transport
