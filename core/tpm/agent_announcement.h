#pragma once

#include "core/base/bytes.h"

#include <optional>
#include <string>

/// How a station asks an enroll-agent what it is, on the connection on which it relays the TPM.
///
/// Question and answer have the shape of a TPM command and of its response, so that they need no framing of their own on
/// any transport. The command code is none of a TPM's: a TPM, a software TPM and the kernel's resource manager refuse it
/// with TPM_RC_COMMAND_CODE, and nothing else happens to them.
///
///     question   tag, size, code (command_code::kAgentQuestion); UINT16 protocol of who asks
///     answer     tag, size, 0; UINT16 protocol of the agent; serial number, node: each a UINT16 count and as many bytes
///
/// Big-endian, the tag is that of a command without sessions. A protocol above kAgentProtocol may append to what is read
/// here, and may not change it.
namespace enroll::tpm {

class TpmExchange;

inline constexpr std::uint16_t kAgentProtocol = 1;

/// What an enroll-agent says of its device. A claim of the device's: nothing proves it.
struct AgentAnnouncement {
    std::uint16_t protocol = kAgentProtocol; ///< of the agent, from 1
    /// At most kMostSerialBytes of UTF-8 without control characters, and without a space at either end; empty: the
    /// device knows none. Whether it is a serial number of the product is the profile's to say.
    std::string serialNumber;
    std::string tpm; ///< the address of the TPM that it relays, as above: 1 to kMostNodeBytes
    bool operator==(const AgentAnnouncement&) const = default;
};
inline constexpr std::size_t kMostSerialBytes = 64; ///< as many as enrollment::parseSerialNumber() takes
inline constexpr std::size_t kMostNodeBytes = 512;  ///< as many as transport::parseDeviceAddress() takes

/// True if \p text may be told as a serial number: within the bounds of AgentAnnouncement::serialNumber, and not empty.
bool mayBeAnnouncedSerial(std::string_view text);

Bytes encodeAgentQuestion();
/// The protocol of who asks. Error S-335 unless \p command is one whole question.
Result<std::uint16_t> parseAgentQuestion(ByteView command);

/// \p said keeps to the bounds that AgentAnnouncement names (asserted).
Bytes encodeAgentAnswer(const AgentAnnouncement& said);
/// What a response without a failure says. Error D-103 naming what breaks the rules above.
Result<AgentAnnouncement> parseAgentAnswer(ByteView response);

/// Asks who relays the TPM. Nothing: no agent answers there, a TPM itself refuses the question.
/// \par Errors   those of TpmExchange::run(); D-103 if the answer breaks the rules above
Result<std::optional<AgentAnnouncement>> askAgent(TpmExchange& exchange);

} // namespace enroll::tpm
