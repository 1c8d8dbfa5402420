#pragma once

#include "core/transport/interruptible_wait.h"
#include "core/transport/serial_requester.h"
#include "core/transport/serial_terminal.h"
#include "core/transport/tpm_channel.h"

#include <memory>
#include <stop_token>

namespace enroll::transport {

/// One session with the enroll-agent at the other end of a serial line. Errors and threads as TpmChannel.
///
/// The bytes of one send() are one request, so that they are a whole TPM command of at most kLongestSerialPayload bytes, and the
/// response is received before the next one. A response that does not come is asked for again until the deadline; none runs
/// twice (SerialRequester).
///
/// A device that is unplugged is D-101, as everywhere; the line is closed then, so that whoever asks next whether a device is
/// there finds its node gone. The end of the channel ends the session: the agent flushes what is loaded.
class SerialChannel final : public TpmChannel {
public:
    /// Opens the line and begins a session.
    /// \par Errors   of SerialTerminal::open(); D-101 (no agent answers until \p deadline; the text says what the line carried
    ///               instead, such as a login prompt), D-141, S-340
    static Result<std::unique_ptr<TpmChannel>> open(const SerialAddress& address, const Deadline& deadline,
                                                    std::stop_token stop);
    ~SerialChannel() override;
    SerialChannel(const SerialChannel&) = delete;
    SerialChannel& operator=(const SerialChannel&) = delete;

    Result<void> send(ByteView bytes, const Deadline& deadline) override;
    Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& deadline) override;
    void interrupt() noexcept override { m_interrupt.raise(); }
    void resume() noexcept override { m_interrupt.clear(); }

private:
    using Time = SerialRequester::Time;

    SerialChannel(SerialTerminal line, SerialRequester requester, system::WakeUp interrupt) noexcept
        : m_line(std::move(line)), m_requester(std::move(requester)), m_interrupt(std::move(interrupt))
    {}
    Result<void> connect(const Deadline& deadline, const system::WakeUp& interrupt);
    Result<Bytes> outcome(const system::WakeUp& interrupt);
    void repeatIfDue();
    Result<void> moveBytes(Time until, const system::WakeUp& interrupt);
    Result<void> readAndWrite();

    SerialTerminal m_line;
    SerialRequester m_requester;
    system::WakeUp m_interrupt;
    Bytes m_unsent;          ///< of frames, what the line did not take yet
    Bytes m_response;        ///< the latest
    std::size_t m_given = 0; ///< bytes of it that receive() gave
};

} // namespace enroll::transport
