#pragma once

#include "db/trust/authority_remarks.h"
#include "db/trust/known_trust.h"
#include "db/trust/trust_source.h"

namespace enroll::db::trust {

enum class ImportChange { Added, BecomesAnchor, AlreadyThere };

/// Whether an authority whose issuer nobody has may end a path.
enum class MissingRoots { LeaveUnanchored, AnchorBelow };

struct PlannedAuthority {
    crypto::Certificate certificate;
    std::string source;
    std::optional<crypto::TrustRole>
        role; ///< once the plan is carried out; absent for one there that vouches for nothing
    ImportChange change = ImportChange::Added;
    AuthorityRemarks remarks; ///< once the plan is carried out
};

/// What an import changes in one set, decided before anything is written.
struct ImportPlan {
    std::string set;
    std::vector<PlannedAuthority> authorities; ///< each once, in the order of the source
    std::vector<SkippedSource> skipped;
    std::vector<crypto::Certificate> needlessAnchors = {}; ///< of the set, that need not end paths any more from now on
    std::vector<std::string> listFiles = {};               ///< of the source; not imported with it
};

/// Plans the import of \p source into \p set; \p known is what every set has. With MissingRoots::AnchorBelow, an intermediate becomes
/// an anchor if nothing of the set or the source leads from it to one, and its issuer is not imported with it. Pure.
ImportPlan planImport(const TrustSource& source, std::string set, const KnownTrust& known, MissingRoots missingRoots,
                      UtcTime now);

/// Writes what \p plan adds or changes into the trust store \p directory, each authority durably. \p known as for
/// planImport(). Error S-333; those before it stay, and the same import goes on from there.
Result<void> carryOut(const ImportPlan& plan, const std::filesystem::path& directory, const KnownTrust& known,
                      UtcTime now);

} // namespace enroll::db::trust
