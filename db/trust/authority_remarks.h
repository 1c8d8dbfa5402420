#pragma once

#include "core/base/clock.h"
#include "db/trust/trust_directory.h"

namespace enroll::db::trust {

/// Why an authority deserves a look. Nothing is refused for it: makers' authorities are as they are.
struct AuthorityWarning {
    std::string_view id; ///< "expired", "expires-soon", "not-yet-valid", "weak-signature", "weak-key", "unanchored",
                         ///< "invalid-path", "needless-anchor", "vouches-for-nothing": stable words for scripts
    std::string text;    ///< English, one clause
};

inline constexpr std::string_view kNeedlessAnchor = "needless-anchor";

/// What a store makes of one of its authorities.
struct AuthorityRemarks {
    std::optional<crypto::Certificate>
        anchor; ///< where its path ends, itself for an anchor; absent if it does not or does not hold
    std::vector<AuthorityWarning> warnings;
};

/// True if \p remarks have the warning \p id.
bool hasWarning(const AuthorityRemarks& remarks, std::string_view id);

/// An authority that ends within this time is warned of: long enough to ask a maker for the next one.
inline constexpr std::chrono::days kSoon{90};

/// Judges \p authority of \p store at \p now. Pure; any thread.
AuthorityRemarks remarksOn(const crypto::Certificate& authority, const crypto::TrustStore& store, UtcTime now);
/// Likewise, and of one that vouches for nothing why.
AuthorityRemarks remarksOn(const StoredAuthority& authority, const crypto::TrustStore& store, UtcTime now);

} // namespace enroll::db::trust
