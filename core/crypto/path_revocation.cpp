#include "core/crypto/path_revocation.h"

#include "core/crypto/path_search.h"

#include <algorithm>

namespace enroll::crypto {
namespace {

std::string quoted(const std::string& name)
{
    return "'" + name + "'";
}

/// What a chain is looked at with.
struct Lists {
    const TrustStore& trust;
    const Certificate& anchor; ///< of the chain
    UtcTime time;
    ChainFault faultOf;
};

/// True if a path from \p signer to the chain's anchor holds.
/// Source: RFC 5280, section 6.3.3 (f): the anchor of a list's issuer is that of the certificate
bool leadsToAnchor(const Certificate& signer, const Lists& lists)
{
    bool leads = false;
    PathSearch search{lists.trust, {}};
    search.forEach(signer, [&](const FoundPath& path) {
        std::vector<Certificate> chain;
        std::ranges::transform(path.chain, std::back_inserter(chain), [](const auto* one) { return *one; });
        leads = path.end == PathEnd::Anchor && chain.back().der() == lists.anchor.der() && lists.faultOf(chain).empty();
        return leads;
    });
    return leads;
}

/// True if whom \p certificate names for it signed \p list.
bool isOfNamedIssuer(const RevocationList& list, const Certificate& certificate, const Lists& lists)
{
    return list.answersFor(certificate) &&
           std::ranges::any_of(lists.trust.certificates(), [&](const Certificate& signer) {
               return list.isIssuedBy(signer) && leadsToAnchor(signer, lists);
           });
}

/// True if the authority of \p issuer signed \p list. The certificate on the path need not be the one that lets its key sign
/// lists: an authority is its name and its key, and has as many certificates as it was given.
bool isOfIssuer(const RevocationList& list, const Certificate& issuer, const Lists& lists)
{
    return list.isIssuedBy(issuer) || std::ranges::any_of(lists.trust.certificates(), [&](const Certificate& twin) {
               return isSameKeyAndName(twin, issuer) && list.isIssuedBy(twin);
           });
}

/// The lists that count for \p certificate.
std::vector<const RevocationList*> listsFor(const Certificate& certificate, const Certificate& issuer,
                                            const Lists& lists)
{
    std::vector<const RevocationList*> counting;
    for (const auto& list : lists.trust.revocationLists()) {
        if (isOfIssuer(list, issuer, lists) || isOfNamedIssuer(list, certificate, lists)) {
            counting.push_back(&list);
        }
    }
    return counting;
}

std::string ageText(const RevocationList& list, UtcTime time)
{
    const auto days = std::chrono::floor<std::chrono::days>(time - list.thisUpdate()).count();
    const auto due = list.nextUpdate() ? ", and the next one was due at " + toIso8601(*list.nextUpdate())
                                       : ", and does not say when the next one is due";
    return "the revocation list of " + quoted(list.issuer()) + " is " + std::to_string(days) + " days old" + due;
}

const RevocationList* newestFor(const Certificate& certificate, std::span<const RevocationList* const> lists)
{
    const RevocationList* newest = nullptr;
    for (const auto* list : lists) {
        if (list->covers(certificate) && (newest == nullptr || newest->thisUpdate() < list->thisUpdate())) {
            newest = list;
        }
    }
    return newest;
}

/// Adds what the lists say of \p certificate; true if one revokes it.
bool addNotes(const Certificate& certificate, const Certificate& issuer, const Lists& known,
              std::vector<PathNote>& notes)
{
    const auto lists = listsFor(certificate, issuer, known);
    for (const auto* list : lists) {
        if (const auto since = list->revokedSince(certificate)) {
            notes.push_back({PathRemark::Revoked, quoted(list->issuer()) + " revoked " + quoted(certificate.subject()) +
                                                      " (serial number " + certificate.serialNumber() + ") at " +
                                                      toIso8601(*since)});
            return true;
        }
    }
    const auto* newest = newestFor(certificate, lists);
    if (newest == nullptr && certificate.hasRevocationAddress()) {
        notes.push_back({PathRemark::NoRevocationList, "no revocation list of " + quoted(issuer.subject()) + " for " +
                                                           quoted(certificate.subject()) + " is at hand"});
    } else if (newest != nullptr && newest->nextUpdate().value_or(UtcTime::min()) < known.time) {
        notes.push_back({PathRemark::OldRevocationList, ageText(*newest, known.time)});
    }
    return false;
}

} // namespace

RevocationNotes revocationNotesOn(std::span<const Certificate> chain, const TrustStore& trust, UtcTime time,
                                  ChainFault faultOf)
{
    RevocationNotes said;
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        if (addNotes(chain[i], chain[i + 1], {trust, chain.back(), time, faultOf}, said.notes)) {
            said.revoked = i;
            break;
        }
    }
    return said;
}

} // namespace enroll::crypto
