#pragma once

#include "core/transport/device_node_address.h"
#include "core/transport/interruptible_wait.h"
#include "core/transport/tpm_channel.h"

#include <memory>
#include <stop_token>

namespace enroll::transport {

/// A TPM of this machine. The kernel takes one whole command per write and gives one whole response per read, so
/// receive() wants a buffer for the longest response (4096 bytes). Errors and threads as TpmChannel.
class DeviceNodeChannel final : public TpmChannel {
public:
    /// Opens at once: \p deadline and \p stop have nothing to end. Errors D-101 (no such device), S-321 (no permission,
    /// or another program holds it).
    static Result<std::unique_ptr<TpmChannel>> open(const DeviceNodeAddress& address, const Deadline& deadline,
                                                    std::stop_token stop);

    Result<void> send(ByteView bytes, const Deadline& deadline) override;
    Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& deadline) override;
    void interrupt() noexcept override { m_interrupt.raise(); }
    void resume() noexcept override { m_interrupt.clear(); }

private:
    DeviceNodeChannel(system::Descriptor node, system::WakeUp interrupt) noexcept
        : m_node(std::move(node)), m_interrupt(std::move(interrupt))
    {}

    system::Descriptor m_node;
    system::WakeUp m_interrupt;
};

} // namespace enroll::transport
