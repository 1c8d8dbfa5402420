#pragma once

#include "app/agent/reception.h"
#include "app/agent/tpm_relay.h"
#include "app/arguments/listen_address.h"
#include "core/system/descriptor.h"

#include <stop_token>

namespace enroll::app::agent {

/// Listens for stations on TCP and lets in one at a time.
///
/// While one is served, a further one is let go at once. Where the first has hung up already, and only what it left is
/// still flushed, the next one waits for that: a station that connects again is not refused for its own last line. It waits
/// as well while the reception has not decided yet on the first: whoever connects and says nothing refuses no station.
///
/// A station that is gone without a word (no power, a cable that was cut) is noticed by TCP within kVanished: it is asked
/// whether it is there while it is silent (keepalive), and what it was sent has to be confirmed (user timeout).
class Doorkeeper {
public:
    static constexpr std::chrono::seconds kVanished{5};

    /// Binds and listens. Error S-321 naming the address.
    static Result<Doorkeeper> open(const arguments::ListenAddress& address);

    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }

    /// Serves stations that \p reception lets in until \p stop is requested, and returns when the last line has ended. Each is
    /// received and served on a thread of its own; what is wrong with one stands on standard error and ends that line
    /// alone. Error S-321 if nobody can be let in any more.
    Result<void> run(const TpmRelay& relay, const Reception& reception, const std::stop_token& stop) const;

private:
    struct Visit;
    struct Hall;

    Doorkeeper(system::Descriptor listener, std::uint16_t port) noexcept : m_listener(std::move(listener)), m_port(port)
    {}
    Result<void> admit(Hall& hall) const;

    system::Descriptor m_listener;
    std::uint16_t m_port;
};

} // namespace enroll::app::agent
