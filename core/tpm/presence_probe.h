#pragma once

#include "core/transport/agent_files.h"
#include "core/transport/device_address.h"

#include <chrono>
#include <optional>
#include <stop_token>

namespace enroll::tpm {

/// Whether a TPM answers at \p address: connects, asks for one property (TPM2_GetCapability) and hangs up. Returns within
/// \p patience, and early when \p stop is requested.
///
/// True: a sound response came, also a refusal. False: nothing accepts a connection there, it is closed without a
/// response, or there is no such device node (of a mistyped path as well: nothing ever appears there). Nothing: not certain, as with a TPM that is busy, a response that breaks a rule, a fault of the station's, an agent that is not of this plant.
/// \param files  as openChannel()
std::optional<bool> tpmAnswers(const transport::DeviceAddress& address, std::chrono::milliseconds patience,
                               const std::stop_token& stop, const transport::AgentFiles& files = {});

/// True if nobody is at \p address: a connection is refused, or there is no such device node. A device that accepts a
/// connection is there, whatever it does then. Blocks as tpmAnswers().
bool nobodyIsAt(const transport::DeviceAddress& address, std::chrono::milliseconds patience,
                const std::stop_token& stop);

} // namespace enroll::tpm
