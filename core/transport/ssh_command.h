#pragma once

#include "core/transport/agent_files.h"
#include "core/transport/ssh_address.h"

#include <chrono>
#include <string>
#include <vector>

namespace enroll::transport {

/// OpenSSH's client, found on PATH.
inline constexpr const char* kSshClient = "ssh";

/// What the client writes to its standard output, before anything of the device's, as soon as the host has shown a key that is
/// known and has let the station in. Until then everything that it says is its own, and nothing of the device's TPM was asked.
inline constexpr std::string_view kLoggedIn = "logged in\n";

/// What is told where it is missing.
inline constexpr const char* kNoSshClient =
    "there is no program `ssh` on this station: install the package openssh-client";

/// Error S-330 unless the files are named that a login by SSH takes, by paths that the client reads as they stand.
Result<void> requireNamedForSsh(const AgentFiles& files);

/// Error S-333 unless those files can be used: a file of host keys that its owner alone can write, a private key that its
/// owner alone can read.
/// S-330 as requireNamedForSsh().
Result<void> requireUsableForSsh(const AgentFiles& files);

/// Error S-321 unless the client is installed.
Result<void> requireSshClient();

/// The client's whole command line for a login at \p address. No other configuration counts, nobody is asked for anything, and
/// nothing is forwarded; a host whose key is not in the known hosts is not talked to, and no other key is shown than the station's.
/// The same holds for the jump host, if the address has one: it is logged in at with the same key, and joins the client to the device.
/// \param patience  for the connection; whole seconds, at least one. The jump host has half of it
/// \pre requireNamedForSsh(\p files)
std::vector<std::string> sshCommand(const SshAddress& address, const AgentFiles& files,
                                    std::chrono::milliseconds patience);

/// What the client's environment has besides: "NAME=value".
std::vector<std::string> sshEnvironment();

} // namespace enroll::transport
