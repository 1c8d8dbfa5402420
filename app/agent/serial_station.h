#pragma once

#include "app/agent/station_line.h"
#include "core/system/wake_up.h"
#include "core/transport/serial_responder.h"
#include "core/transport/serial_terminal.h"

namespace enroll::app::agent {

/// The station at the far end of a serial line, from which whole commands come, and each once. One thread.
///
/// As long as a session is served, this is its line: it hangs up where the station ends the session or begins another one. Between
/// two sessions, awaitSession() waits for the next.
///
/// What comes while the TPM is at work stays in the system's buffer; the response answers all of it.
class SerialStation final : public StationLine {
public:
    static constexpr std::chrono::seconds kSending{5}; ///< for what the line does not take

    /// \param base  drawn at random (SerialResponder)
    /// \param stop  raised: every wait ends with D-141
    SerialStation(transport::SerialTerminal line, std::uint32_t base, const system::WakeUp& stop) noexcept
        : m_line(std::move(line)), m_responder(base), m_stop(stop)
    {}

    /// Waits until a station begins a session, however long that takes. Errors D-101 (the line is gone), D-141.
    Result<void> awaitSession();
    /// Ends the session that was served, unless the station has begun another one: what is still sent in it is refused.
    void endSession();

    /// Gives no more than one command before its response was sent; fewer bytes than asked for also where a request holds less
    /// than a whole command.
    [[nodiscard]] Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& deadline) const override;
    /// The response to the command that was received.
    [[nodiscard]] Result<void> send(ByteView bytes, const Deadline& deadline) const override;
    [[nodiscard]] bool hungUp() const noexcept override;

private:
    struct Session {
        std::optional<transport::SerialRequest> request; ///< whose response is owed
        std::size_t given = 0;                           ///< bytes of its command
        bool isNext = false;                             ///< another session has begun than the one that is served
    };

    [[nodiscard]] std::size_t give(std::span<std::byte> buffer) const;
    [[nodiscard]] bool takeEvent() const;
    Result<void> converse(const Deadline& deadline) const;
    Result<void> takeWhatCame() const;
    Result<void> sendOwed(const Deadline& deadline) const;

    transport::SerialTerminal m_line;
    // A StationLine is spoken on through a reference to what does not change: a socket, a TLS connection. Here it is these two.
    mutable transport::SerialResponder m_responder;
    mutable Session m_session;
    const system::WakeUp& m_stop;
};

} // namespace enroll::app::agent
