#pragma once

#include "core/crypto/key_and_certificate.h"

#include <vector>

/// Certificates that this product makes itself, for its own machines: X.509 version 3, EC P-256, signed with SHA-256. Each
/// begins a day early: a machine whose clock is slow would refuse one that begins now. None outlives its authority.
namespace enroll::crypto {

/// What a certificate's key may be used for in TLS: its extended key usage.
enum class CertificateRole {
    Server, ///< serverAuth
    Client, ///< clientAuth
};

struct CertificateRequest {
    std::vector<std::string> names; ///< host names and numeric addresses, at least one; the first is the subject's
    CertificateRole role = CertificateRole::Server;
    std::chrono::days lifetime{0};
};

/// A self-signed authority for ten years that signs certificates of machines, and no further authority. Error S-340.
Result<KeyAndCertificate> makeAuthority(const std::string& name, UtcTime now);

/// A new key and its certificate, signed by \p authority.
/// \par Errors   S-337 (the authority's key and certificate cannot be used, or it expired before \p now), S-340
Result<KeyAndCertificate> makeCertificate(const KeyAndCertificate& authority, const CertificateRequest& request,
                                          UtcTime now);

/// The first certificate of the PEM text \p old anew, for another \p lifetime: with its key, its names and its role, and a
/// serial number of its own. \p old may be the authority's own, also one that expired: what it signed is good again with it.
/// \par Errors   as makeCertificate(); S-337 also if \p old cannot be read, or if \p authority did not sign it
Result<std::string> renewedCertificate(const KeyAndCertificate& authority, const std::string& old,
                                       std::chrono::days lifetime, UtcTime now);

/// How long an authority is valid.
inline constexpr std::chrono::days kAuthorityLifetime{3650};

} // namespace enroll::crypto
