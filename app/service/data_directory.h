#pragma once

#include "app/service/service_policy.h"
#include "core/system/file_lock.h"

#include <filesystem>
#include <optional>

namespace enroll::app::service {

/// The files of one service. The first start makes them; every instance started on the same directory shares them.
///
/// `ca.pem` to trust, `connection-string` for clients (mode 0600), `policies.json`, `ca-key.pem`, `tls.pem`
/// (certificate and key in one file, so that they always fit), `enrollments.sqlite` with its mark
/// (db/sqlite/birth_mark.h), and two lock files (all 0600, in a directory 0700).
struct DataDirectory {
    std::filesystem::path path;
    std::vector<ServicePolicy> policies;

    [[nodiscard]] std::filesystem::path tlsFile() const { return path / "tls.pem"; }
    [[nodiscard]] std::filesystem::path listFile() const { return path / "enrollments.sqlite"; }
    [[nodiscard]] std::filesystem::path connectionStringFile() const { return path / "connection-string"; }
};

/// Makes the directory and takes the lock that lets one instance start at a time. Hold it from before
/// openDataDirectory() until after writeConnectionString(), the only functions that write the files.
/// \par Errors   P-702 (another start has not finished within half a minute), P-711
Result<system::FileLock> lockDataDirectory(const std::filesystem::path& path);

/// Error if a file that clients rely on (`policies.json`, `ca.pem`, `ca-key.pem`) is missing where there is an enrollment
/// list, which no start makes before them: somebody removed the file, and a new one would lock the clients out.
/// \par Errors   P-711 naming the file
Result<void> requireNoLostFile(const std::filesystem::path& path);

/// Makes the files that are missing. Renews the TLS certificate if it does not name \p listenHost or expires within
/// thirty days.
/// \par Errors   P-711 naming the file: it cannot be read, understood or written; it is a secret that others can reach;
///               a key is not its certificate's; the authority has expired. S-340
Result<DataDirectory> openDataDirectory(const std::filesystem::path& path, const std::string& listenHost);

/// The host name for clients: with the port unless it is 443, an IPv6 address in brackets, "localhost" for an address
/// that listens on every interface.
std::string hostNameOf(const std::string& listenHost, std::uint16_t port);

/// Which instance the file `connection-string` belongs to. It names one host, though several instances may share the
/// directory.
struct ConnectionStringOwnership {
    /// Present if the file is this instance's. While the lock lives, no other instance writes its own host into the file.
    std::optional<system::FileLock> owner;
    bool namesThisHost; ///< false if the file was left to another instance that is running
};

/// Writes `connection-string`, unless it names this host already or that of another instance that is running. Error
/// P-711.
Result<ConnectionStringOwnership> writeConnectionString(const DataDirectory& directory, const std::string& hostName);

} // namespace enroll::app::service
