#include "core/transport/usb_channel.h"

#include "core/transport/device_node_channel.h"
#include "core/transport/serial_channel.h"
#include "core/transport/usb_port.h"

namespace enroll::transport {
namespace {

Result<std::unique_ptr<TpmChannel>> openOffer(const UsbOffer& offer, const Deadline& deadline, std::stop_token stop)
{
    if (const auto* line = std::get_if<SerialAddress>(&offer)) {
        return SerialChannel::open(*line, deadline, std::move(stop));
    }
    return DeviceNodeChannel::open(std::get<DeviceNodeAddress>(offer), deadline, std::move(stop));
}

} // namespace

Result<std::unique_ptr<TpmChannel>> openUsbChannel(const UsbAddress& address, const Deadline& deadline,
                                                   std::stop_token stop)
{
    TRY_ASSIGN(const auto offer, offerAt(address));
    auto channel = openOffer(offer, deadline, std::move(stop));
    if (channel.ok()) {
        return channel;
    }
    TRY(offerAt(address)); // the fault may be that it is gone
    return channel;
}

} // namespace enroll::transport
