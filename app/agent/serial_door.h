#pragma once

#include "app/agent/tpm_relay.h"
#include "core/transport/serial_terminal.h"

#include <stop_token>

namespace enroll::app::agent {

/// Serves the station at the far end of a serial line, one session after the other.
///
/// A line has one cable, so that nobody is let go or has to wait: whoever begins a session ends the one before, as a station does
/// that was started again. What that had loaded is flushed first.
///
/// Where the line is unplugged, the agent opens it again as soon as it is there: it tries after kFirstPause, and then after
/// twice as long each time, up to kLongestPause. The pause begins anew when a station has begun a session, so that a line which
/// hangs up as soon as it is opened keeps no processor busy.
class SerialDoor {
public:
    static constexpr std::chrono::milliseconds kFirstPause{100};
    static constexpr std::chrono::milliseconds kLongestPause{5'000};

    /// Opens the line. Errors of SerialTerminal::open(); S-340.
    static Result<SerialDoor> open(transport::SerialAddress address);

    /// Serves until \p stop is requested. What is wrong with a session or with the line stands on standard error and ends nothing
    /// else. Error S-321 if the process has no descriptor left at the start. Once.
    Result<void> run(const TpmRelay& relay, const std::stop_token& stop);

private:
    struct Watch;

    SerialDoor(transport::SerialAddress address, transport::SerialTerminal line, std::uint32_t base) noexcept
        : m_address(std::move(address)), m_line(std::move(line)), m_base(base)
    {}
    Error serveUntilBroken(const TpmRelay& relay, Watch& watch);
    Result<void> openAgain(Watch& watch);

    transport::SerialAddress m_address;
    transport::SerialTerminal m_line;
    std::uint32_t m_base; ///< of the session numbers, each time that the line was opened
};

} // namespace enroll::app::agent
