#pragma once

#include "core/transport/tls_peer_check.h"
#include "core/transport/tls_socket.h"

/// Shared by the TLS sources of this folder; no other folder includes it.
namespace enroll::transport {

enum class TlsPhase { Handshake, Session };

/// What is known of a connection when a call of OpenSSL's fails. OpenSSL's error queue tells the rest.
struct TlsCircumstances {
    TlsPhase phase;
    TlsRole peer; ///< who is at the other end
    const TlsSocket& socket;
    const CertificateFault& certificate; ///< of the peer
    const std::string& expectedName;
};

/// Why the connection failed, and drains OpenSSL's error queue:
/// S-343 (the peer's certificate: not of this authority, another name, another role; or the station shows none), S-344 (its
/// dates), S-345 (the peer refuses the certificate that it was shown, by a TLS alert), S-346 (no TLS 1.3 is spoken there, or
/// the agent ended the connection before the handshake was done), D-101 (the connection broke behind the handshake, or ended
/// without TLS's own end; of a station, in the handshake too).
Error tlsFault(const TlsCircumstances& met);

/// D-102 in the words of \p phase.
Error tlsTimedOut(TlsPhase phase, TlsRole peer);

/// True if the newest entry of OpenSSL's error queue is a TLS alert that came from the peer.
bool alertCame() noexcept;

} // namespace enroll::transport
