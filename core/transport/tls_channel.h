#pragma once

#include "core/transport/tls_address.h"
#include "core/transport/tls_stream.h"
#include "core/transport/tpm_channel.h"

#include <stop_token>

namespace enroll::transport {

/// TPM bytes to an agent through TLS 1.3, framed by the TPM header alone. Errors and threads as TpmChannel; also S-345, when
/// the agent refuses the station's certificate: the first receive() tells.
class TlsChannel final : public TpmChannel {
public:
    /// Reads \p files before anything is sent, then tries each address of the host in turn, and makes the handshake; all of it
    /// until \p deadline.
    /// \par Errors   those of TlsContext::load(), of openChannel() and of TlsStream::connect()
    static Result<std::unique_ptr<TpmChannel>> open(const TlsAddress& address, const AgentFiles& files,
                                                    const Deadline& deadline, std::stop_token stop);

    Result<void> send(ByteView bytes, const Deadline& deadline) override
    {
        return m_stream.send(bytes, deadline, m_interrupt);
    }
    Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& deadline) override
    {
        return m_stream.receive(buffer, deadline, m_interrupt);
    }
    void interrupt() noexcept override { m_interrupt.raise(); }
    void resume() noexcept override { m_interrupt.clear(); }

private:
    TlsChannel(TlsStream stream, system::WakeUp interrupt) noexcept
        : m_stream(std::move(stream)), m_interrupt(std::move(interrupt))
    {}

    TlsStream m_stream;
    system::WakeUp m_interrupt;
};

} // namespace enroll::transport
