#pragma once

#include <filesystem>

namespace enroll::transport {

/// The files by which a station and a device know each other: `[agent]` of the station's configuration, or an agent's
/// `--keys`. A station reads them each time that it opens a channel, so that a certificate that was renewed counts from then
/// on; an agent once, as it starts.
struct AgentFiles {
    std::filesystem::path caFile;          ///< the plant's authority for agents and stations, PEM
    std::filesystem::path certificateFile; ///< one's own certificate, PEM
    std::filesystem::path
        keyFile; ///< its private key, PEM, for its owner alone; may be certificateFile. Of a login by SSH too
    std::filesystem::path knownHostsFile = {}; ///< the host keys of devices at ssh://, as sshd(8) describes the form
    bool operator==(const AgentFiles&) const = default;

    /// True if none of them is named.
    [[nodiscard]] bool empty() const noexcept { return keyFile.empty() && !namesTls() && knownHostsFile.empty(); }
    /// True if one is named that TLS alone needs.
    [[nodiscard]] bool namesTls() const noexcept { return !caFile.empty() || !certificateFile.empty(); }
    /// True if each is named that TLS needs.
    [[nodiscard]] bool completeForTls() const noexcept
    {
        return !caFile.empty() && !certificateFile.empty() && !keyFile.empty();
    }
    /// True if each is named that a login by SSH needs.
    [[nodiscard]] bool completeForSsh() const noexcept { return !keyFile.empty() && !knownHostsFile.empty(); }
};

/// What they are called in a machine's directory, as `enrollctl agent-keys` makes it.
inline constexpr const char* kCaFileName = "ca.pem";
inline constexpr const char* kCertificateFileName = "certificate.pem";
inline constexpr const char* kKeyFileName = "key.pem";

/// The files of a machine's \p directory. Nothing is read.
inline AgentFiles filesOfMachine(const std::filesystem::path& directory)
{
    return {directory / kCaFileName, directory / kCertificateFileName, directory / kKeyFileName};
}

} // namespace enroll::transport
