#include "app/enrollctl/trust_text.h"

#include "app/enrollctl/counted.h"
#include "core/attestation/certified_maker.h"
#include "core/base/text.h"

#include <algorithm>

namespace enroll::app::enrollctl {
namespace {

using db::trust::ImportChange;

constexpr std::string_view kIndent = "              "; // below a subject

std::string roleColumn(std::optional<crypto::TrustRole> role)
{
    std::string text{role ? trustRoleText(*role) : "no role"};
    text.resize(kIndent.size(), ' ');
    return text;
}

std::string line(std::string_view words)
{
    return std::string{kIndent}.append(printableText(words)).append("\n");
}

std::string authorityText(const crypto::Certificate& certificate, std::optional<crypto::TrustRole> role,
                          const db::trust::AuthorityRemarks& remarks)
{
    auto text = roleColumn(role) + printableText(certificate.subject()) + "\n" +
                line("until " + toIso8601(certificate.notAfter()) + "  SHA-256 " + certificate.sha256Hex());
    if (role == crypto::TrustRole::Intermediate && remarks.anchor) {
        text += line("anchored by " + remarks.anchor->subject());
    }
    for (const auto& warning : remarks.warnings) {
        text += line("WARNING " + warning.text);
    }
    return text;
}

std::string listedText(const ListedAuthority& listed)
{
    const auto& provenance = listed.stored.provenance;
    const auto at = provenance && provenance->importedAt ? " " + toIso8601(*provenance->importedAt) : std::string{};
    return authorityText(listed.stored.certificate, listed.stored.role, listed.remarks) +
           line(provenance ? "imported" + at + " from " + provenance->source : "nothing says where it came from");
}

std::string setHead(const ListedSet& set, UtcTime now)
{
    const auto age = ageInDays(set, now);
    const auto days = age ? counted(static_cast<std::uint64_t>(std::max<std::int64_t>(*age, 0)), "day") : std::string{};
    return "set " + set.name + ": " + counted(set.authorities.size(), "authority", "authorities") + ", " +
           (age ? "last import " + days + " ago" : "age unknown") + "\n";
}

std::string listText(const ListedList& listed, UtcTime now)
{
    const auto& list = listed.list;
    const auto days = std::chrono::floor<std::chrono::days>(now - list.thisUpdate()).count();
    const auto next = list.nextUpdate();
    const auto due = next ? ", next due at " + toIso8601(*next) : std::string{};
    const bool isOld = next.value_or(UtcTime::min()) < now;
    return "revokes " + std::to_string(list.size()) + "  " + printableText(list.issuer()) + "\n" +
           line((isOld ? "WARNING out of date, " : "") + std::to_string(days) + " days old" + due) +
           (listed.whyUnsigned.empty() ? "" : line("WARNING it counts for nothing: " + listed.whyUnsigned)) +
           (listed.whyUnsigned.empty() && listed.leadsNowhere ? line("WARNING " + std::string{kLeadsNowhere}) : "");
}

std::string_view changeText(db::trust::ListChange change) noexcept
{
    switch (change) {
    case db::trust::ListChange::Added:
        return "added to the set ";
    case db::trust::ListChange::Replaced:
        return "replaced in the set ";
    case db::trust::ListChange::AlreadyThere:
        break;
    }
    return "already in the set ";
}

std::string plannedText(const db::trust::PlannedAuthority& planned)
{
    const auto change = planned.change == ImportChange::BecomesAnchor ? "becomes an anchor, from " : "from ";
    return authorityText(planned.certificate, planned.role, planned.remarks) + line(change + planned.source);
}

std::string stepText(const PathStep& step, std::size_t number)
{
    const auto where = step.role ? ", " + std::string{trustRoleText(*step.role)} + " of the set " + step.set : "";
    return std::to_string(number) + "  " + printableText(step.certificate.subject()) + where + "\n   issued by " +
           printableText(step.certificate.issuer()) + ", until " + toIso8601(step.certificate.notAfter()) +
           "\n   SHA-256 " + step.certificate.sha256Hex() + "\n";
}

std::string missingText(const MissingAuthority& missing)
{
    auto text = "missing: the authority " + printableText(missing.name) + "\n";
    if (!missing.keyId.empty()) {
        text += "   its key id is " + missing.keyId + "\n";
    }
    for (const auto& address : missing.addresses) {
        text += "   the certificate says that it is at " + printableText(address) + " (not fetched)\n";
    }
    if (!missing.inSets.empty()) {
        text += "   an authority of that name is in the set " + joined(missing.inSets) + ", which was not asked\n";
    }
    if (!missing.whyNotHere.empty()) {
        return text + "   an authority of that name is in a set that was asked: " + printableText(missing.whyNotHere) +
               "\n";
    }
    return text + "   Get it from the TPM's maker, compare its fingerprint, and: enrollctl trust import FILE\n";
}

std::string nameAndDigest(const crypto::Certificate& authority)
{
    return authority.subject() + ", SHA-256 " + authority.sha256Hex();
}

std::string_view takenText(bool dryRun)
{
    return dryRun ? "would be taken as proof that a TPM is genuine" : "are taken as proof that a TPM is genuine";
}

std::string softwareAuthorityText(const crypto::Certificate& authority, const std::string& set, bool dryRun)
{
    const auto away =
        dryRun ? "" : ", and take it away here with: enrollctl trust remove " + authority.sha256Hex() + " --set " + set;
    return "by its name this authority certifies software TPMs, whose keys nothing protects: in the set \"" + set +
           "\" their certificates " + std::string{takenText(dryRun)} + ": " + nameAndDigest(authority) +
           "; import it with --set demo" + away;
}

std::string needlessAnchorText(const crypto::Certificate& authority, const std::string& set)
{
    return "in the set \"" + set +
           "\" this authority need not end paths any more, now that its root is there: " + nameAndDigest(authority) +
           "; enrollctl trust remove " + authority.sha256Hex() + " --set " + set +
           ", and import it again without --anchor";
}

std::string resultText(const TrustCheck& check)
{
    switch (check.result) {
    case crypto::PathResult::Trusted:
        return "TRUSTED by an authority of the set " + joined(check.vouchingSets, " and of the set ");
    case crypto::PathResult::UnknownIssuer:
        return "UNKNOWN ISSUER: " + printableText(check.reason);
    case crypto::PathResult::Invalid:
    case crypto::PathResult::NotChecked:
        break;
    }
    return "INVALID: " + printableText(check.reason);
}

} // namespace

std::string trustText(std::span<const ListedSet> sets, std::span<const NotRead> notRead, UtcTime now)
{
    std::string text;
    for (const auto& one : notRead) {
        text += "NOT READ      " + printableText(one.file) + "\n" + line(one.reason);
    }
    if (std::ranges::all_of(sets, [](const ListedSet& set) { return set.authorities.empty() && set.lists.empty(); })) {
        return text + "no certificate authority is trusted; add some with: enrollctl trust import FILE\n";
    }
    for (const auto& set : sets) {
        text += setHead(set, now);
        for (const auto& listed : set.authorities) {
            text += listedText(listed);
        }
        for (const auto& one : set.lists) {
            text += listText(one, now);
        }
    }
    return text;
}

std::string trustImportText(const db::trust::ImportPlan& plan, bool dryRun)
{
    const auto isThere = [](const auto& planned) { return planned.change == ImportChange::AlreadyThere; };
    const auto there = static_cast<std::size_t>(std::ranges::count_if(plan.authorities, isThere));
    auto text = std::to_string(plan.authorities.size() - there) + " new in the set " + plan.set + ", " +
                std::to_string(there) + " already there, " + std::to_string(plan.skipped.size()) + " skipped" +
                (dryRun ? "; nothing was written\n" : "\n");
    for (const auto& planned : plan.authorities) {
        text += isThere(planned) ? "" : plannedText(planned);
    }
    for (const auto& planned : plan.authorities) {
        text += isThere(planned) ? "already there " + printableText(planned.certificate.subject()) + "\n" : "";
    }
    for (const auto& skipped : plan.skipped) {
        text += "skipped       " + printableText(skipped.source) + "\n" + line(skipped.reason.what);
    }
    return text;
}

std::vector<std::string> trustImportWarnings(const db::trust::ImportPlan& plan, bool dryRun)
{
    constexpr std::size_t kMostNamed = 4; // the result lists each; a maker's bundle has hundreds
    std::vector<std::string> warnings;
    std::vector<std::string> others;
    for (const auto& file : plan.listFiles) {
        warnings.push_back("the revocation list in " + file +
                           " is not taken in with certificates: enrollctl trust import-crl");
    }
    for (const auto& anchor : plan.needlessAnchors) {
        warnings.push_back(needlessAnchorText(anchor, plan.set));
    }
    for (const auto& planned : plan.authorities) {
        if (plan.set == crypto::kDemoSet || planned.change == ImportChange::AlreadyThere) {
            continue;
        }
        if (attestation::isSoftwareTpmAuthority(planned.certificate.subject())) {
            warnings.push_back(softwareAuthorityText(planned.certificate, plan.set, dryRun));
        } else {
            others.push_back(nameAndDigest(planned.certificate));
        }
    }
    if (others.size() > kMostNamed) {
        warnings.push_back("in the set \"" + plan.set + "\", certificates of each of these " +
                           std::to_string(others.size()) + " authorities " + std::string{takenText(dryRun)} +
                           (dryRun ? "; import" : "; keep") + " those alone whose SHA-256 their maker publishes");
        return warnings;
    }
    for (const auto& other : others) {
        warnings.push_back("in the set \"" + plan.set + "\", certificates of this authority " +
                           std::string{takenText(dryRun)} + ": " + other +
                           "; compare the SHA-256 with the one that its maker publishes");
    }
    return warnings;
}

std::string trustRemovalText(std::span<const RemovedAuthority> removed)
{
    std::string text;
    for (const auto& [one, how] : removed) {
        text += "removed from the set " + one.set + ": " + printableText(one.certificate.subject()) + "\n";
        if (how == db::trust::Removal::StaysAsWitness) {
            text += line("its certificate stays known and vouches for nothing: it proves what was revoked");
        }
    }
    return text;
}

std::vector<std::string> olderListWarnings(std::span<const db::trust::PlannedList> plan)
{
    std::vector<std::string> warnings;
    for (const auto& planned : plan) {
        for (const auto& file : planned.olderStaysIn) {
            warnings.push_back("an older revocation list of " + planned.list.issuer() +
                               " stays, and what it revokes counts: take it by hand out of " + file.string());
        }
    }
    return warnings;
}

std::string lastAnchorText(const std::string& set)
{
    return "the set \"" + set +
           "\" has no authority left at which a path ends: for a profile that names no other set, nothing is tested "
           "until "
           "one is imported";
}

std::string revokedAuthorityText(const db::trust::StoredAuthority& authority, const std::string& reason)
{
    return "no path by this authority of the set \"" + authority.set +
           "\" is trusted: " + nameAndDigest(authority.certificate) + ": " + reason +
           "; take it away with: enrollctl trust remove " + authority.certificate.sha256Hex() + " --set " +
           authority.set;
}

std::string listImportText(std::span<const db::trust::PlannedList> plan)
{
    std::string text;
    for (const auto& planned : plan) {
        text += std::string{changeText(planned.change)} + planned.set + ": the revocation list of " +
                printableText(planned.list.issuer()) + ", of " + toIso8601(planned.list.thisUpdate()) +
                ", which revokes " + std::to_string(planned.list.size()) + "\n";
    }
    return text + "it counts from the next test on, also at a station that is running\n";
}

std::string trustCheckText(const TrustCheck& check)
{
    auto text = resultText(check) + " (sets: " + joined(check.sets) +
                (check.emptySets.empty() ? "" : "; no authority in: " + joined(check.emptySets)) + ")\n";
    for (std::size_t i = 0; i < check.steps.size(); ++i) {
        text += stepText(check.steps[i], i + 1);
    }
    if (!check.steps.empty() && check.steps.front().certificate.isCertificateAuthority()) {
        text += "note: this is an authority's certificate, and no EK certificate: a TPM that shows it is held\n";
    }
    for (const auto& note : check.notes) {
        text += "note: " + printableText(note.text) + "\n";
    }
    return text + (check.missing ? missingText(*check.missing) : "");
}

} // namespace enroll::app::enrollctl
