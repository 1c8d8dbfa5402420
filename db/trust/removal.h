#pragma once

#include "db/trust/known_trust.h"

namespace enroll::db::trust {

/// True if something that is revoked by what \p known has would not be any more without \p authority: it alone proves a
/// revocation list, leads from who signed an indirect one to an anchor, or from an anchor to a list that revokes it. Pure; any
/// thread.
bool provesRevocation(const StoredAuthority& authority, const KnownTrust& known, UtcTime now);

/// True for an indirect list of which nobody who signed it leads to an anchor of \p known: what it says of other issuers'
/// certificates counts for nothing. Pure; any thread.
bool leadsNowhere(const crypto::RevocationList& list, const KnownTrust& known);

enum class Removal {
    Gone,
    StaysAsWitness ///< its certificate is there and vouches for nothing
};

/// Ends all trust in \p authority, one of \p known: removes it, or keeps it as a witness if it provesRevocation(). So nothing
/// passes for a removal. Errors as removeAuthority().
Result<Removal> endTrust(const StoredAuthority& authority, const KnownTrust& known, UtcTime now);

} // namespace enroll::db::trust
