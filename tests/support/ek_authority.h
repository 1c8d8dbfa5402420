#pragma once

#include "core/crypto/trust_store.h"

#include <memory>
#include <optional>
#include <string>

namespace enroll::test {

/// How an EK certificate of the tests is made; the defaults make a good one for an Infineon part.
struct EkCertificateOptions {
    std::chrono::days validFrom{-30}; ///< from now
    std::chrono::days validUntil{3650};
    std::string basicConstraints = "critical,CA:FALSE";
    std::optional<std::string> keyUsage = {};      ///< what fits the kind of key, unless given; empty: no extension
    std::string extendedKeyUsage = "2.23.133.8.1"; ///< empty: no extension
    std::string manufacturer = "id:49465800";      ///< empty: the certificate names no maker, model and version
};

/// A maker's certificate authority, fresh for each object.
class EkAuthority {
public:
    EkAuthority();
    ~EkAuthority();

    /// A certificate for the public half of \p subjectPem, DER.
    [[nodiscard]] Bytes issue(const std::string& subjectPem, const EkCertificateOptions& options = {}) const;
    /// A store that trusts this authority alone.
    [[nodiscard]] crypto::TrustStore anchors() const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace enroll::test
