#pragma once

#include <filesystem>

namespace enroll::transport {

/// The files by which a station and an agent know each other: `[agent]` of the station's configuration, or the agent's own
/// options. Read each time that a channel is opened, so that a certificate that was renewed counts from then on.
struct AgentFiles {
    std::filesystem::path caFile;          ///< the plant's authority for agents and stations, PEM
    std::filesystem::path certificateFile; ///< one's own certificate, PEM
    std::filesystem::path keyFile;         ///< its private key, PEM, for its owner alone; may be certificateFile
    bool operator==(const AgentFiles&) const = default;

    /// True if none of them is named.
    [[nodiscard]] bool empty() const noexcept { return caFile.empty() && certificateFile.empty() && keyFile.empty(); }
    /// True if each of them is named.
    [[nodiscard]] bool complete() const noexcept
    {
        return !caFile.empty() && !certificateFile.empty() && !keyFile.empty();
    }
};

} // namespace enroll::transport
