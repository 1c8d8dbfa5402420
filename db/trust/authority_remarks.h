#pragma once

#include "core/base/clock.h"
#include "core/crypto/trust_store.h"

#include <optional>

namespace enroll::db::trust {

/// Why an authority deserves a look. Nothing is refused for it: makers' authorities are as they are.
struct AuthorityWarning {
    std::string_view id; ///< "expired", "expires-soon", "not-yet-valid", "weak-signature", "weak-key", "unanchored",
                         ///< "invalid-path": stable words for scripts
    std::string text;    ///< English, one clause
};

/// What a store makes of one of its authorities.
struct AuthorityRemarks {
    std::optional<crypto::Certificate> anchor; ///< where its path ends, itself for an anchor; absent if it does not
    std::vector<AuthorityWarning> warnings;
};

/// An authority that ends within this time is warned of: long enough to ask a maker for the next one.
inline constexpr std::chrono::days kSoon{90};

/// Judges \p authority of \p store at \p now. Pure; any thread.
AuthorityRemarks remarksOn(const crypto::Certificate& authority, const crypto::TrustStore& store, UtcTime now);

} // namespace enroll::db::trust
