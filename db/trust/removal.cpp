#include "db/trust/removal.h"

#include <algorithm>
#include <iterator>

namespace enroll::db::trust {
namespace {

KnownTrust without(const StoredAuthority& authority, const KnownTrust& known)
{
    KnownTrust rest{{}, known.lists};
    std::ranges::copy_if(known.authorities, std::back_inserter(rest.authorities), [&](const StoredAuthority& one) {
        return one.set != authority.set || one.certificate.der() != authority.certificate.der();
    });
    return rest;
}

} // namespace

bool provesRevocation(const StoredAuthority& authority, const KnownTrust& known, UtcTime now)
{
    const auto rest = without(authority, known);
    const auto isProofOf = [&](const StoredRevocationList& one) {
        return one.list.isIssuedBy(authority.certificate) && !whyUnsigned(one.list, rest.authorities).empty();
    };
    if (known.lists.empty() || std::ranges::any_of(known.lists, isProofOf)) {
        return !known.lists.empty();
    }
    SetJudge before{known, now};
    SetJudge after{rest, now};
    return std::ranges::any_of(rest.authorities, [&](const StoredAuthority& one) {
        return before.judge(one).revoked && after.judge(one).result == crypto::PathResult::Trusted;
    });
}

Result<Removal> endTrust(const StoredAuthority& authority, const KnownTrust& known, UtcTime now)
{
    if (!provesRevocation(authority, known, now)) {
        TRY(removeAuthority(authority));
        return Removal::Gone;
    }
    auto provenance = authority.provenance.value_or(Provenance{});
    provenance.role = witnessRole();
    TRY(replaceProvenance(authority, provenance));
    return Removal::StaysAsWitness;
}

} // namespace enroll::db::trust
