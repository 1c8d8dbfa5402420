#pragma once

#include "app/arguments/listen_address.h"
#include "core/transport/agent_files.h"
#include "core/transport/device_address.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

namespace enroll::app::agent {

/// The command line, not yet checked.
struct WrittenOptions {
    std::string tpm;
    std::string listen;
    std::string serialLine; ///< a path
    std::optional<unsigned> baud;
    bool standardStreams = false;
    bool allowNetwork = false;
    std::filesystem::path keys; ///< a directory
    std::filesystem::path serialNumberFile;
    unsigned idleSeconds = 30;
    std::set<std::uint32_t> permitted = {}; ///< codes of permissions() that were given
};

/// Where the agent waits for stations, and how it knows one.
struct Listening {
    arguments::ListenAddress address;
    std::optional<transport::AgentFiles> keys; ///< absent: no TLS, whoever connects is a station
};

/// The command line, checked.
struct AgentOptions {
    transport::DeviceAddress tpm;
    /// Where stations are served. Neither: one of them, on standard input and output.
    std::optional<Listening> listen;
    std::optional<transport::SerialAddress> serialLine;
    std::filesystem::path serialNumberFile; ///< empty: what the firmware says
    std::chrono::seconds idle{30};          ///< how long a station may hold the line without a command
    std::set<std::uint32_t> permitted = {};
};

/// Error S-331 naming the option that is wrong. A tcp:// address that is not loopback takes --allow-network: nothing on raw
/// TCP keeps anybody from the TPM who reaches the address. A tls:// one takes --keys. No file is looked at.
Result<AgentOptions> checkOptions(const WrittenOptions& written);

} // namespace enroll::app::agent
