#include "core/transport/open_channel.h"

#include "core/base/cancellation.h"
#include "core/transport/device_node_channel.h"
#include "core/transport/tcp_channel.h"

namespace enroll::transport {

Result<std::unique_ptr<TpmChannel>> openChannel(const DeviceAddress& address, const Deadline& deadline,
                                                std::stop_token stop)
{
    TRY(requireNotCancelled(stop));
    if (const auto* node = std::get_if<DeviceNodeAddress>(&address)) {
        return DeviceNodeChannel::open(*node);
    }
    return TcpChannel::open(std::get<TcpAddress>(address), deadline, std::move(stop));
}

} // namespace enroll::transport
