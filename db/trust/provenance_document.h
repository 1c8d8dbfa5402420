#pragma once

#include "core/base/clock.h"
#include "core/base/word.h"
#include "core/crypto/trust_store.h"

#include <QByteArray>

#include <optional>

namespace enroll::db::trust {

inline constexpr std::string_view kProvenanceDocument = "enrollment-station/trust-provenance";
inline constexpr std::string_view kProvenanceSchema = "enrollment-station/trust-provenance/1";

/// Where an authority came from and what it was imported as. Lies beside the certificate.
struct Provenance {
    std::string source;                ///< the file, as it was named; behind it, what inside it
    std::optional<UtcTime> importedAt; ///< absent where nothing said it
    Word<crypto::TrustRole> role = crypto::TrustRole::Intermediate; ///< unknown: what a newer program made of it
    bool operator==(const Provenance&) const = default;
};

QByteArray provenanceText(const Provenance& provenance);

/// Inverse, for every version that this program knows, and of a newer one as far as it goes: its role is unknown if this
/// program cannot read it. Error S-334 with the member that is wrong: a certificate must not anchor by a mistake.
Result<Provenance> provenanceFromText(ByteView text);

/// The role of one that was removed while the station needs it to prove what was revoked (removal.h): a word that is no
/// crypto::TrustRole, because it vouches for nothing.
Word<crypto::TrustRole> witnessRole();

/// Why an authority of \p role vouches for nothing. English, one clause; "" for a role that is known.
std::string whyItVouchesForNothing(const Word<crypto::TrustRole>& role);

} // namespace enroll::db::trust
