#pragma once

#include "core/crypto/certificate_path.h"
#include "db/trust/known_trust.h"

namespace enroll::app::enrollctl {

/// One certificate of a path.
struct PathStep {
    crypto::Certificate certificate;
    std::optional<crypto::TrustRole> role; ///< absent for what is in none of the sets: the leaf, what its file brings
    std::string set;                       ///< "" likewise
};

/// The authority without which a path cannot go on.
struct MissingAuthority {
    std::string name;                   ///< the issuer's name in the last certificate
    std::string keyId;                  ///< hex; "" if the last certificate does not say it
    std::vector<std::string> addresses; ///< where the last certificate says that it is; never followed
    std::vector<std::string> inSets;    ///< sets that have an authority of that name and were not asked
    std::string whyNotHere; ///< why one of that name in a set that was asked vouches for nothing; "" likewise
};

/// Whether and why a station would trust a certificate.
struct TrustCheck {
    std::vector<std::string> sets; ///< that were asked
    crypto::PathResult result = crypto::PathResult::NotChecked;
    std::string reason; ///< "" when trusted
    std::vector<PathStep> steps;
    std::vector<crypto::PathNote> notes; ///< that the product profile weighs
    std::optional<MissingAuthority> missing;
    std::vector<std::string> vouchingSets{}; ///< of those asked, that hold the path's last authority; when trusted
    std::vector<std::string> emptySets{};    ///< of those asked, that hold no authority
};

/// Checks the first of \p certificates, to which the others help to build a path, against \p sets of \p known. Pure.
TrustCheck checkTrust(std::span<const crypto::Certificate> certificates, std::vector<std::string> sets,
                      const db::trust::KnownTrust& known, UtcTime now);

} // namespace enroll::app::enrollctl
