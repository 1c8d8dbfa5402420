#pragma once

#include "core/base/clock.h"
#include "core/base/secret_bytes.h"

#include <string>
#include <vector>

namespace enroll::service {

/// A private key and its certificate, PEM each.
struct KeyAndCertificate {
    std::string certificate;
    SecretBytes privateKey;
};

/// A certificate authority of its own for one data directory: EC P-256, ten years. Error S-340.
Result<KeyAndCertificate> makeAuthority(UtcTime now);

/// A server certificate signed by \p authority for \p names (host names and numeric addresses): EC P-256, 825 days,
/// the longest that common clients take. Error S-340.
Result<KeyAndCertificate> makeServerCertificate(const KeyAndCertificate& authority,
                                                const std::vector<std::string>& names, UtcTime now);

/// True if the certificate was signed by \p authority, names all of \p names and is good at \p now and for
/// thirty days from then.
bool servesNames(const std::string& certificate, const std::string& authority, const std::vector<std::string>& names,
                 UtcTime now);

} // namespace enroll::service
