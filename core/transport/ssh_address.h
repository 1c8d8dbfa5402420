#pragma once

#include "core/transport/tcp_address.h"

#include <optional>

namespace enroll::transport {

inline constexpr std::uint16_t kSshPort = 22; ///< where an address names none

/// Where somebody logs in by SSH.
struct SshLogin {
    TcpAddress place;
    std::string user = {}; ///< whose login; empty: of the account under which the station runs
    bool operator==(const SshLogin&) const = default;
};

/// `ssh://[USER@]HOST[:PORT][?jump=[USER@]HOST[:PORT]][&command=COMMAND]`: a relay on the device, which a login by SSH starts.
struct SshAddress {
    TcpAddress place;
    std::string user = {};    ///< as SshLogin::user
    std::string command = {}; ///< what is run there; empty: kUsualRelay. Printable ASCII
    std::optional<SshLogin> jump =
        {}; ///< the host that the station logs in at first, where the device is on a network behind it
    bool operator==(const SshAddress&) const = default;
};

/// What lends the TPM of a device that has either: tpm2-tools, or else the product's own agent. One shell alone reads it, whatever
/// the login's is, and each takes the shell's place, so that nothing of it stays. Status 126 where the account may not open the TPM
/// that is there, as where it may not run a program.
inline constexpr std::string_view kUsualRelay =
    "exec sh -c 'test -e /dev/tpmrm0 && { test -r /dev/tpmrm0 && test -w /dev/tpmrm0 || "
    "{ echo this account may not open /dev/tpmrm0 >&2; exit 126; }; }; "
    "command -v tpm2_send >/dev/null && exec tpm2_send --tcti=device:/dev/tpmrm0; "
    "exec enroll-agent --tpm dev:///dev/tpmrm0 --stdio'";

/// Reads "HOST" or "HOST:PORT" as parseTcpAddress(), a user's name and an "@" before it; behind it "?", and "jump=" with such a
/// place or "command=COMMAND", or both with "&" between them. A command is written as a URL's query is: "%20" stands for a space,
/// and "%25" for a percent sign. A user begins with no hyphen, and has letters, digits, ".", "_" and "-" alone. Error S-331
/// naming the part that is wrong.
Result<SshAddress> parseSshAddress(std::string_view text);

/// What parseSshAddress() reads back. The port where it is not kSshPort.
std::string sshAddressText(const SshAddress& address);

} // namespace enroll::transport
