#include "core/crypto/path_revocation.h"

namespace enroll::crypto {
namespace {

std::string quoted(const std::string& name)
{
    return "'" + name + "'";
}

/// The lists of \p trust that \p issuer signed.
std::vector<const RevocationList*> listsOf(const Certificate& issuer, const TrustStore& trust)
{
    std::vector<const RevocationList*> lists;
    for (const auto& list : trust.revocationLists()) {
        if (list.isIssuedBy(issuer)) {
            lists.push_back(&list);
        }
    }
    return lists;
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

void addNotes(const Certificate& certificate, const Certificate& issuer, const TrustStore& trust, UtcTime time,
              std::vector<PathNote>& notes)
{
    const auto lists = listsOf(issuer, trust);
    for (const auto* list : lists) {
        if (const auto since = list->revokedSince(certificate)) {
            notes.push_back({PathRemark::Revoked, quoted(issuer.subject()) + " revoked " +
                                                      quoted(certificate.subject()) + " (serial number " +
                                                      certificate.serialNumber() + ") at " + toIso8601(*since)});
            return;
        }
    }
    const auto* newest = newestFor(certificate, lists);
    if (newest == nullptr && certificate.hasRevocationAddress()) {
        notes.push_back({PathRemark::NoRevocationList, "no revocation list of " + quoted(issuer.subject()) + " for " +
                                                           quoted(certificate.subject()) + " is at hand"});
    } else if (newest != nullptr && newest->nextUpdate().value_or(UtcTime::min()) < time) {
        notes.push_back({PathRemark::OldRevocationList, ageText(*newest, time)});
    }
}

} // namespace

std::vector<PathNote> revocationNotesOn(std::span<const Certificate> chain, const TrustStore& trust, UtcTime time)
{
    std::vector<PathNote> notes;
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        addNotes(chain[i], chain[i + 1], trust, time, notes);
    }
    return notes;
}

} // namespace enroll::crypto
