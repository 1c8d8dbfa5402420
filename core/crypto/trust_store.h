#pragma once

#include "core/crypto/certificate.h"

#include <filesystem>

namespace enroll::crypto {

/// The certificate authorities that a station trusts for EK certificates. Self-issued ones are anchors; the others only
/// help to build paths to an anchor. A value; safe to read from many threads.
class TrustStore {
public:
    TrustStore() = default;

    /// Reads every *.pem, *.crt, *.cer and *.der of a directory, without its subdirectories. A missing directory is an
    /// empty store.
    /// \par Errors   S-333 or S-337 naming the file that cannot be read or holds something else than CA certificates;
    ///               S-333 if the name belongs to something else than a directory
    static Result<TrustStore> fromDirectory(const std::filesystem::path& directory);

    /// Adds a certificate unless it is there already; true if it was new. Error S-337 if it is no CA certificate.
    Result<bool> add(const Certificate& certificate);

    [[nodiscard]] const std::vector<Certificate>& certificates() const noexcept { return m_certificates; }
    [[nodiscard]] bool empty() const noexcept { return m_certificates.empty(); }

private:
    std::vector<Certificate> m_certificates;
};

/// Writes the CA certificates of \p source (a PEM or DER file, or a directory of them) that are not yet in \p directory
/// there, each durably as <sha256>.pem. Every file of \p source is read and checked before the first is written.
///
/// \return       the certificates that were new
/// \par Errors   S-333 or S-337 (names the file and the reason; or \p source is a directory without such files), S-301 (a
///               certificate cannot be written; those before it stay)
Result<std::vector<Certificate>> importTrust(const std::filesystem::path& source,
                                             const std::filesystem::path& directory);

} // namespace enroll::crypto
