#pragma once

#include "core/transport/tpm_channel.h"
#include "core/transport/usb_address.h"

#include <memory>
#include <stop_token>

namespace enroll::transport {

/// Opens the channel to what the device in a USB port offers now: its serial line, or its TPM.
/// \par Errors   those of offerAt() and of SerialChannel::open() or DeviceNodeChannel::open(); D-101 too where the node went
///               between the two: the device was unplugged
Result<std::unique_ptr<TpmChannel>> openUsbChannel(const UsbAddress& address, const Deadline& deadline,
                                                   std::stop_token stop);

} // namespace enroll::transport
