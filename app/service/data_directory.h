#pragma once

#include "app/service/service_policy.h"
#include "core/system/file_lock.h"

#include <filesystem>
#include <optional>

namespace enroll::service {

/// The files of one service: made at its first start, shared by every instance that is started on them.
///
/// `ca.pem` to trust, `connection-string` for clients (mode 0600), `policies.json`, `ca-key.pem`, `tls.pem`
/// (certificate and key in one file, so that they always fit), `enrollments.sqlite` and two lock files (all 0600, in a
/// directory 0700).
struct DataDirectory {
    std::filesystem::path path;
    std::vector<ServicePolicy> policies;

    [[nodiscard]] std::filesystem::path tlsFile() const { return path / "tls.pem"; }
    [[nodiscard]] std::filesystem::path listFile() const { return path / "enrollments.sqlite"; }
    [[nodiscard]] std::filesystem::path connectionStringFile() const { return path / "connection-string"; }
};

/// Makes the directory, and waits for whoever else is starting on it. While the lock lives, nobody else writes to the
/// directory's files: to be held from before openDataDirectory() until after writeConnectionString(). Errors S-302 (the
/// others do not get ready within half a minute), S-301.
Result<system::FileLock> lockDataDirectory(const std::filesystem::path& path);

/// Makes what is missing and renews the TLS certificate if it does not name \p listenHost or is about to expire.
/// Errors S-330, S-340, S-301 (cannot read or write a file).
Result<DataDirectory> openDataDirectory(const std::filesystem::path& path, const std::string& listenHost);

/// The host clients name: with the port, unless it is 443; a version 6 address in brackets.
std::string hostNameOf(const std::string& listenHost, std::uint16_t port);

/// What became of `connection-string`.
struct ConnectionString {
    /// Present if the file is this instance's: while it lives, no other instance puts its own host there.
    std::optional<system::FileLock> owner;
    bool namesThisHost; ///< false if the file was left to another instance, which is running
};

/// Writes `connection-string` unless it says the same or names the host of another instance that is running. Error
/// S-301.
Result<ConnectionString> writeConnectionString(const DataDirectory& directory, const std::string& hostName);

} // namespace enroll::service
