#pragma once

#include "core/crypto/certificate.h"

#include <filesystem>

namespace enroll::crypto {

/// The certificate authorities a station trusts for EK certificates. A value; safe to read from many threads.
/// Self-issued certificates are anchors, the others help to build paths.
class TrustStore {
public:
    TrustStore() = default;

    /// Reads every *.pem, *.crt, *.cer and *.der of a directory (not recursive). A missing directory is an empty store.
    /// Error S-332 names the file that cannot be used.
    static Result<TrustStore> fromDirectory(const std::filesystem::path& directory);

    /// Adds a certificate unless it is there already; true if it was new. Error S-332 if it is no CA certificate.
    Result<bool> add(const Certificate& certificate);

    [[nodiscard]] const std::vector<Certificate>& certificates() const noexcept { return m_certificates; }
    [[nodiscard]] bool empty() const noexcept { return m_certificates.empty(); }

private:
    std::vector<Certificate> m_certificates;
};

/// Writes new CA certificates of \p source (a PEM or DER file, or a directory of them) into \p directory as
/// <sha256>.pem, each by write-to-temporary, fsync, rename. Returns those that were new. All or nothing per file.
/// Errors S-332 (names the file and why; a directory without such files), S-301 (cannot write).
Result<std::vector<Certificate>> importTrust(const std::filesystem::path& source,
                                             const std::filesystem::path& directory);

} // namespace enroll::crypto
