#pragma once

#include "core/transport/agent_files.h"
#include "core/transport/device_address.h"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

namespace enroll::tpm {

/// True if no connection of the station's own leads to the device: a jump host's says nothing of it.
bool isBehindJumpHost(const transport::DeviceAddress& address) noexcept;

/// Whether a TPM answers at \p address: connects, asks for one property (TPM2_GetCapability) and hangs up. Returns within
/// \p patience, and early when \p stop is requested.
///
/// True: a sound response came, also a refusal. False: nothing accepts a connection there, it is closed without a
/// response, or there is no such device node (of a mistyped path as well: nothing ever appears there). Nothing: not certain, as
/// with a TPM that is busy, a response that breaks a rule, a fault of the station's, an agent that is not of this plant, or that
/// ends the line before TLS is spoken.
///
/// At ssh:// nothing is asked of the TPM, because that takes a login each time: an SSH server that greets stands for its device, and
/// the test shows whose it is. Behind a jump host it takes two logins.
/// \param files  as openChannel()
std::optional<bool> tpmAnswers(const transport::DeviceAddress& address, std::chrono::milliseconds patience,
                               const std::stop_token& stop, const transport::AgentFiles& files = {});

/// What a device at an address says when it is asked whether it is there, and who it is.
struct DeviceAnswer {
    bool answers = false; ///< as tpmAnswers()
    /// Of AgentAnnouncement; empty: its agent knows none. Absent: no agent answers there, or what it says breaks a rule.
    std::optional<std::string> serialNumber = {};
    bool operator==(const DeviceAnswer&) const = default;
};

/// tpmAnswers(), and askAgent() on the same connection, both within \p patience; at ssh:// a login, and both questions. Nothing
/// also if the TPM answers and the question has no response in time.
std::optional<DeviceAnswer> askDevice(const transport::DeviceAddress& address, std::chrono::milliseconds patience,
                                      const std::stop_token& stop, const transport::AgentFiles& files = {});

/// True if nobody is at \p address: a connection is refused, there is no such device node, or no agent answers on a serial
/// line. A device that accepts a connection is there, whatever it does then; of one behind a jump host nothing is known, and false
/// is said. Blocks as tpmAnswers().
bool nobodyIsAt(const transport::DeviceAddress& address, std::chrono::milliseconds patience,
                const std::stop_token& stop);

} // namespace enroll::tpm
