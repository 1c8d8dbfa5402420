#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/system/descriptor.h"
#include "core/system/wake_up.h"
#include "core/transport/tls_context.h"

#include <memory>
#include <string>

namespace enroll::transport {

/// One TLS connection whose handshake is done: both ends have shown certificates of one authority, each with its own role.
///
/// One thread at a time; fd() may be polled on any. Each wait ends at its deadline, and with D-141 as soon as \p interrupt is
/// raised, whatever the peer sends meanwhile. What a peer can make the connection hold is bounded: one record of 16 KiB each
/// way, and 16 KiB of certificates. After any error but D-141 the stream must not be used again. The destructor says the end
/// to the peer, as far as that takes no wait.
class TlsStream {
public:
    /// The station's handshake on \p socket, which is connected and non-blocking. \p name is what the agent's certificate must
    /// be for: a host name, or a numeric address. That the agent refuses the station's certificate shows at the first
    /// receive(), since TLS 1.3 lets the station finish before the agent looks at it.
    /// \par Errors   S-343 (the agent's certificate is not of the plant's authority, is for another name, or is no agent's),
    ///               S-344 (it expired, or is not valid yet), S-345 (the agent refuses the station's), S-346 (no TLS 1.3 is
    ///               spoken there, or the agent hung up before the handshake was done), D-102 (deadline),
    ///               D-141 (interrupted), S-340
    static Result<TlsStream> connect(system::Descriptor socket, const TlsContext& context, const std::string& name,
                                     const Deadline& deadline, const system::WakeUp& interrupt);

    /// The agent's handshake on \p socket, which is accepted and non-blocking. Any station of the plant is let in: its name is
    /// not asked for.
    /// \par Errors   as connect(), of the station's certificate; a station that shows none is S-343, one that hangs up D-101
    static Result<TlsStream> accept(system::Descriptor socket, const TlsContext& context, const Deadline& deadline,
                                    const system::WakeUp& interrupt);

    TlsStream(TlsStream&& other) noexcept;
    TlsStream& operator=(TlsStream&&) = delete;
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;
    ~TlsStream();

    /// Sends all of \p bytes. Errors D-101 (the peer is gone), D-102, D-141, S-345.
    [[nodiscard]] Result<void> send(ByteView bytes, const Deadline& deadline, const system::WakeUp& interrupt) const;

    /// Receives at least one and at most `buffer.size()` bytes; 0 means that the peer said the end of the connection. One
    /// that ends without it was cut: D-101.
    /// \par Errors   as send(); D-101 also for what is no TLS
    [[nodiscard]] Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& deadline,
                                              const system::WakeUp& interrupt) const;

    /// Whose certificate the peer showed: its subject, as shownText(). For logs.
    [[nodiscard]] std::string peerSubject() const;
    /// For poll(), such as whether the peer hung up.
    [[nodiscard]] int fd() const noexcept;

private:
    struct Parts;
    explicit TlsStream(std::unique_ptr<Parts> parts) noexcept;

    std::unique_ptr<Parts> m_parts;
};

} // namespace enroll::transport
