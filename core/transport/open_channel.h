#pragma once

#include "core/transport/agent_files.h"
#include "core/transport/device_address.h"
#include "core/transport/tpm_channel.h"

#include <memory>
#include <stop_token>

namespace enroll::transport {

/// Opens the channel for an address. Blocks until \p deadline at most, and ends early when \p stop is requested. \p
/// stop is used for the opening only: afterwards TpmChannel::interrupt() ends a wait.
/// \param files   by which the station and an agent know each other; only some transports need them
/// \par Errors   D-101 (nothing answers there), D-102 (deadline), S-321 (the station lacks permission, network or name
///               service), D-141 (stop), S-340 (serial: no random number); where there is TLS, also those of
///               TlsChannel::open(); of a login by SSH those of SshChannel::open()
Result<std::unique_ptr<TpmChannel>> openChannel(const DeviceAddress& address, const Deadline& deadline,
                                                std::stop_token stop, const AgentFiles& files = {});

} // namespace enroll::transport
