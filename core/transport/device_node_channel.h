#pragma once

#include "core/transport/device_node_address.h"
#include "core/transport/interruptible_wait.h"
#include "core/transport/tpm_channel.h"

#include <memory>
#include <stop_token>

namespace enroll::transport {

/// A TPM of this machine, by its device node. Errors and threads as TpmChannel.
///
/// The kernel takes one whole command per write and returns the response to a read. Give receive() a buffer for the
/// longest response (4096 bytes), so that one call takes it whole.
class DeviceNodeChannel final : public TpmChannel {
public:
    /// Opens the node without waiting, so that \p deadline and \p stop are not used.
    ///
    /// A node that does not exist is the station's fault, although the node of an adapter goes when a device is unplugged:
    /// a mistyped path looks the same, and would send every good device of the slot to the red bin. A device that is asked
    /// for and connected loses nothing. A node that goes during a run is D-101.
    /// \par Errors   D-101 (the node's hardware is gone), S-321 (no such node, no character device, no TPM, no permission,
    ///               another program holds it)
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
