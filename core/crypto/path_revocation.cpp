#include "core/crypto/path_revocation.h"

#include "core/crypto/path_search.h"

#include <algorithm>
#include <iterator>

namespace enroll::crypto {
namespace {

std::string quoted(const std::string& name)
{
    return "'" + name + "'";
}

/// More ways than this up from an anchor have no maker's authorities.
constexpr std::size_t kMostWaysUp = 32;

using Way = std::vector<Certificate>;

Way wayOf(std::span<const Certificate* const> chain)
{
    Way way;
    std::ranges::transform(chain, std::back_inserter(way), [](const auto* one) { return *one; });
    return way;
}

/// The ways on from \p anchor by who signed whom, each beginning with it: the anchor of a path need not be a root. Nothing of
/// them need be trusted: a signature is true without that.
std::vector<Way> waysUpFrom(const Certificate& anchor, std::span<const Certificate> known)
{
    if (anchor.isSelfSigned()) {
        return {{anchor}};
    }
    const TrustStore none;
    std::vector<Way> ways;
    PathSearch search{none, known};
    search.forEach(anchor, [&ways](const FoundPath& path) {
        ways.push_back(wayOf(path.chain));
        return ways.size() >= kMostWaysUp;
    });
    return ways;
}

/// What a chain is looked at with.
struct Lists {
    const TrustStore& trust;
    UtcTime time;
    ChainFault faultOf;
    std::vector<Certificate> known; ///< every authority; none where there is no list to ask
    std::vector<Way> waysUp;        ///< from the chain's anchor

    [[nodiscard]] bool isTop(const Certificate& certificate) const
    {
        return std::ranges::any_of(waysUp, [&certificate](const Way& way) {
            return std::ranges::find(way, certificate.der(), &Certificate::der) != way.end();
        });
    }
};

Lists listsOf(const TrustStore& trust, const Certificate& anchor, UtcTime time, ChainFault faultOf)
{
    Lists lists{trust, time, faultOf, {}, {}};
    if (!trust.revocationLists().empty()) {
        lists.known = trust.everyCertificate();
        lists.waysUp = waysUpFrom(anchor, lists.known);
    }
    return lists;
}

/// True if a path from \p signer to the chain's anchor holds, or to who signed that anchor.
/// Source: RFC 5280, section 6.3.3 (f): the anchor of a list's issuer is that of the certificate
bool leadsToAnchor(const Certificate& signer, const Lists& lists)
{
    const TrustStore none;
    bool leads = false;
    PathSearch search{none, lists.known};
    search.forEach(signer, [&](const FoundPath& path) {
        const auto way = wayOf(path.chain);
        const auto top = std::ranges::find_if(way, [&lists](const Certificate& one) { return lists.isTop(one); });
        leads = top != way.end() && lists.faultOf({way.begin(), top + 1}).empty();
        return leads;
    });
    return leads;
}

/// True if whom \p certificate names for it signed \p list.
bool isOfNamedIssuer(const RevocationList& list, const Certificate& certificate, const Lists& lists)
{
    return list.answersFor(certificate) && std::ranges::any_of(lists.known, [&](const Certificate& signer) {
               return list.isIssuedBy(signer) && leadsToAnchor(signer, lists);
           });
}

/// True if the authority of \p issuer signed \p list. The certificate on the path need not be the one that lets its key sign
/// lists: an authority is its name and its key, and has as many certificates as it was given.
bool isOfIssuer(const RevocationList& list, const Certificate& issuer, const Lists& lists)
{
    return list.isIssuedBy(issuer) || std::ranges::any_of(lists.known, [&](const Certificate& twin) {
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

std::optional<PathNote> revocationIn(std::span<const RevocationList* const> lists, const Certificate& certificate)
{
    for (const auto* list : lists) {
        if (const auto since = list->revokedSince(certificate)) {
            return PathNote{PathRemark::Revoked, quoted(list->issuer()) + " revoked " + quoted(certificate.subject()) +
                                                     " (serial number " + certificate.serialNumber() + ") at " +
                                                     toIso8601(*since)};
        }
    }
    return {};
}

/// What the lists say of \p certificate; a Revoked is the last.
std::vector<PathNote> notesFor(const Certificate& certificate, const Certificate& issuer, const Lists& known)
{
    const auto lists = listsFor(certificate, issuer, known);
    if (auto revoked = revocationIn(lists, certificate)) {
        return {std::move(*revoked)};
    }
    const auto* newest = newestFor(certificate, lists);
    if (newest == nullptr && certificate.hasRevocationAddress()) {
        return {{PathRemark::NoRevocationList, "no revocation list of " + quoted(issuer.subject()) + " for " +
                                                   quoted(certificate.subject()) + " is at hand"}};
    }
    if (newest != nullptr && newest->nextUpdate().value_or(UtcTime::min()) < known.time) {
        return {{PathRemark::OldRevocationList, ageText(*newest, known.time)}};
    }
    return {};
}

/// The first revocation on \p way, of whose last certificate nobody says anything but, where it signed itself, itself.
std::optional<PathNote> revocationOn(const Way& way, const Lists& lists)
{
    for (std::size_t i = 0; i < way.size(); ++i) {
        const bool isLast = i + 1 == way.size();
        if (isLast && !way[i].isSelfSigned()) {
            break;
        }
        if (auto revoked = revocationIn(listsFor(way[i], way[isLast ? i : i + 1], lists), way[i])) {
            return revoked;
        }
    }
    return {};
}

/// Why no way up from the anchor is free of a revocation; nothing if one is.
std::optional<PathNote> anchorsRevocation(const Lists& lists)
{
    std::optional<PathNote> first;
    for (const auto& way : lists.waysUp) {
        auto revoked = revocationOn(way, lists);
        if (!revoked) {
            return {};
        }
        first = first ? first : std::move(revoked);
    }
    return first;
}

} // namespace

bool answersUnder(const Certificate& signer, const Certificate& anchor, std::span<const Certificate> known,
                  ChainFault faultOf)
{
    const TrustStore none;
    return leadsToAnchor(signer, {none, {}, faultOf, {known.begin(), known.end()}, waysUpFrom(anchor, known)});
}

RevocationNotes revocationNotesOn(std::span<const Certificate> chain, const TrustStore& trust, UtcTime time,
                                  ChainFault faultOf)
{
    const auto lists = listsOf(trust, chain.back(), time, faultOf);
    RevocationNotes said;
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        std::ranges::move(notesFor(chain[i], chain[i + 1], lists), std::back_inserter(said.notes));
        if (!said.notes.empty() && said.notes.back().remark == PathRemark::Revoked) {
            said.revoked = i;
            return said;
        }
    }
    if (auto revoked = anchorsRevocation(lists)) {
        said.notes.push_back(std::move(*revoked));
        said.revoked = chain.size() - 1;
    }
    return said;
}

} // namespace enroll::crypto
