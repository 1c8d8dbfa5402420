#pragma once

#include "core/crypto/certificate_path.h"
#include "db/trust/revocation_cache.h"

#include <map>

/// What a station knows of trust, in whatever set it lies. Which sets may vouch is one question; what was revoked is another:
/// a revocation is true whoever trusts its signer, and can only take trust away.
namespace enroll::db::trust {

struct KnownTrust {
    std::vector<StoredAuthority> authorities; ///< set by set
    std::vector<StoredRevocationList> lists;
    std::vector<Error> leftOut = {}; ///< why files of sets that were not asked count for nothing, each named

    /// Those of \p sets.
    [[nodiscard]] std::vector<StoredAuthority> authoritiesIn(std::span<const std::string> sets) const;
};

/// Reads every set of the trust store \p directory.
///
/// \param asked   the sets that are to vouch, there or not. A certificate file of another set that cannot be used is left
///                out: it is that set's matter, as long as nothing is revoked anywhere
/// \par Errors    as authoritiesOf() for each of \p asked, and for every set as soon as there is a list: what cannot be read
///                may be who signed it, or may stand between that one and an anchor. As revocationListsOf() for every set,
///                because a list that cannot be read may revoke anything
Result<KnownTrust> readKnownTrust(const std::filesystem::path& directory, std::span<const std::string> asked);

/// Whatever of every set can be read, and in KnownTrust::leftOut what is wrong with the rest: for whoever looks after the
/// store. Nothing may be judged by it. Error S-333: a directory cannot be listed.
Result<KnownTrust> surveyTrust(const std::filesystem::path& directory);

/// The authorities of \p sets together, as paths are built from them, with every other one as a witness and with every
/// list.
crypto::TrustStore storeOf(const KnownTrust& known, std::span<const std::string> sets);

/// Both at once.
Result<crypto::TrustStore> loadTrustStore(const std::filesystem::path& directory, std::span<const std::string> sets);

/// Judges authorities, each by the set that it is of.
class SetJudge {
public:
    /// \p known must outlive it.
    SetJudge(const KnownTrust& known, UtcTime now) : m_known(known), m_now(now) {}

    crypto::PathJudgement judge(const StoredAuthority& authority);

private:
    const KnownTrust& m_known;
    UtcTime m_now;
    std::map<std::string, crypto::TrustStore> m_stores; ///< by set
};

} // namespace enroll::db::trust
