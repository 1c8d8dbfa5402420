#pragma once

#include "core/transport/interruptible_wait.h"
#include "core/transport/tcp_address.h"
#include "core/transport/tpm_channel.h"

#include <memory>
#include <stop_token>

namespace enroll::transport {

/// TPM bytes on a TCP connection, framed by the TPM header alone. Errors and threads as TpmChannel.
class TcpChannel final : public TpmChannel {
public:
    /// Tries each address of the host in turn. Errors as openChannel().
    static Result<std::unique_ptr<TpmChannel>> open(const TcpAddress& address, const Deadline& deadline,
                                                    std::stop_token stop);

    Result<void> send(ByteView bytes, const Deadline& deadline) override;
    Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& deadline) override;
    void interrupt() noexcept override { m_interrupt.raise(); }
    void resume() noexcept override { m_interrupt.clear(); }

private:
    TcpChannel(system::Descriptor socket, system::WakeUp interrupt) noexcept
        : m_socket(std::move(socket)), m_interrupt(std::move(interrupt))
    {}

    system::Descriptor m_socket;
    system::WakeUp m_interrupt;
};

} // namespace enroll::transport
