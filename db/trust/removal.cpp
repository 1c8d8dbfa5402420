#include "db/trust/removal.h"

#include <algorithm>
#include <iterator>

namespace enroll::db::trust {
namespace {

KnownTrust without(const StoredAuthority& authority, const KnownTrust& known)
{
    KnownTrust rest{{}, known.lists, {}};
    std::ranges::copy_if(known.authorities, std::back_inserter(rest.authorities), [&](const StoredAuthority& one) {
        return one.set != authority.set || one.certificate.der() != authority.certificate.der();
    });
    return rest;
}

/// True if \p list counts on paths to \p anchor for what others than its issuer issued.
bool countsUnder(const crypto::RevocationList& list, const StoredAuthority& anchor, const KnownTrust& known,
                 std::span<const crypto::Certificate> certificates)
{
    return std::ranges::any_of(known.authorities, [&](const StoredAuthority& signer) {
        return list.isIssuedBy(signer.certificate) &&
               crypto::mayAnswerUnder(signer.certificate, anchor.certificate, certificates);
    });
}

std::vector<crypto::Certificate> certificatesOf(const KnownTrust& known)
{
    std::vector<crypto::Certificate> certificates;
    std::ranges::transform(known.authorities, std::back_inserter(certificates), &StoredAuthority::certificate);
    return certificates;
}

bool isAnchor(const StoredAuthority& authority)
{
    return authority.role == crypto::TrustRole::Anchor;
}

/// True if under some anchor of \p rest an indirect list counts by \p known and does not by \p rest alone: what it revokes
/// there are the devices' certificates, which are in no store.
bool isWayOfAnIndirectList(const KnownTrust& rest, const KnownTrust& known)
{
    const auto before = certificatesOf(known);
    const auto after = certificatesOf(rest);
    return std::ranges::any_of(known.lists, [&](const StoredRevocationList& one) {
        return one.list.isIndirect() && std::ranges::any_of(rest.authorities, [&](const StoredAuthority& authority) {
                   return isAnchor(authority) && countsUnder(one.list, authority, known, before) &&
                          !countsUnder(one.list, authority, rest, after);
               });
    });
}

} // namespace

bool leadsNowhere(const crypto::RevocationList& list, const KnownTrust& known)
{
    const auto certificates = certificatesOf(known);
    return list.isIndirect() && std::ranges::none_of(known.authorities, [&](const StoredAuthority& authority) {
               return isAnchor(authority) && countsUnder(list, authority, known, certificates);
           });
}

bool provesRevocation(const StoredAuthority& authority, const KnownTrust& known, UtcTime now)
{
    const auto rest = without(authority, known);
    const auto isProofOf = [&](const StoredRevocationList& one) {
        return one.list.isIssuedBy(authority.certificate) && !whyUnsigned(one.list, rest.authorities).empty();
    };
    if (known.lists.empty() || std::ranges::any_of(known.lists, isProofOf)) {
        return !known.lists.empty();
    }
    if (isWayOfAnIndirectList(rest, known)) {
        return true;
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
