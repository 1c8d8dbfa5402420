#pragma once

#include "core/crypto/key_and_certificate.h"

#include <vector>

namespace enroll::app::service {

using crypto::KeyAndCertificate;

/// A self-signed certificate authority for one data directory: EC P-256, ten years. Error S-340.
Result<KeyAndCertificate> makeAuthority(UtcTime now);

/// A TLS server certificate signed by \p authority for \p names (host names and numeric addresses): EC P-256, 825 days,
/// the longest lifetime that common clients accept. Errors S-337 (the authority's key and certificate do not fit, or it
/// expired), S-340.
Result<KeyAndCertificate> makeServerCertificate(const KeyAndCertificate& authority,
                                                const std::vector<std::string>& names, UtcTime now);

/// True if the first certificate of a PEM text was signed by \p authority, contains all of \p names, and is valid at \p now and
/// thirty days later.
bool servesNames(const std::string& certificate, const std::string& authority, const std::vector<std::string>& names,
                 UtcTime now);

} // namespace enroll::app::service
