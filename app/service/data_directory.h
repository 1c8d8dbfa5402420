#pragma once

#include "app/service/service_policy.h"

#include <filesystem>

namespace enroll::service {

/// The files of one service: made at its first start, shared by every instance that is started on them.
///
/// `ca.pem` to trust, `connection-string` for clients (mode 0600), `policies.json`, `ca-key.pem`, `tls.pem`
/// (certificate and key in one file, so that they always fit), `enrollments.sqlite` (all 0600, in a directory 0700).
struct DataDirectory {
    std::filesystem::path path;
    std::vector<ServicePolicy> policies;

    [[nodiscard]] std::filesystem::path tlsFile() const { return path / "tls.pem"; }
    [[nodiscard]] std::filesystem::path listFile() const { return path / "enrollments.sqlite"; }
};

/// Makes what is missing and renews the TLS certificate if it does not name \p listenHost or is about to expire. Two
/// instances that start at once wait for each other. Errors S-330, S-340, S-301 (cannot read or write a file).
Result<DataDirectory> openDataDirectory(const std::filesystem::path& path, const std::string& listenHost);

/// The host clients name: with the port, unless it is 443.
std::string hostNameOf(const std::string& listenHost, std::uint16_t port);

/// Writes `connection-string` anew if it says anything else. Error S-301.
Result<void> writeConnectionString(const DataDirectory& directory, const std::string& hostName);

} // namespace enroll::service
