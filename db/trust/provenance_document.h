#pragma once

#include "core/base/clock.h"
#include "core/crypto/trust_store.h"

#include <QByteArray>

namespace enroll::db::trust {

inline constexpr std::string_view kProvenanceDocument = "enrollment-station/trust-provenance";
inline constexpr std::string_view kProvenanceSchema = "enrollment-station/trust-provenance/1";

/// Where an authority came from and what it was imported as. Lies beside the certificate.
struct Provenance {
    std::string source; ///< the file, as it was named; behind it, what inside it
    UtcTime importedAt;
    crypto::TrustRole role = crypto::TrustRole::Intermediate;
    bool operator==(const Provenance&) const = default;
};

QByteArray provenanceText(const Provenance& provenance);

/// Inverse, for every version that this program knows. A role that it does not know is an error: a certificate must not
/// anchor by a mistake. Error S-334 with the member that is wrong.
Result<Provenance> provenanceFromText(ByteView text);

} // namespace enroll::db::trust
