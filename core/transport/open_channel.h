#pragma once

#include "core/transport/device_address.h"
#include "core/transport/tpm_channel.h"

#include <memory>
#include <stop_token>

namespace enroll::transport {

/// Opens the channel for an address. Waits at most until \p deadline and ends early with D-141 when \p stop is asked.
/// Errors D-101 (nothing answers there), D-102 (deadline), S-321 (this station may not or cannot open it, or has no
/// network or no name service), D-141.
Result<std::unique_ptr<TpmChannel>> openChannel(const DeviceAddress& address, const Deadline& deadline,
                                                std::stop_token stop);

} // namespace enroll::transport
