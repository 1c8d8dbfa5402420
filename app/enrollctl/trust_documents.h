#pragma once

#include "app/enrollctl/trust_check.h"
#include "db/trust/import_plan.h"
#include "db/trust/removal.h"

#include <QJsonObject>

/// The documents of `trust … --json`. CERTIFICATE is `{subject, issuer, serial, notBefore, notAfter, sha256}`, WARNING is
/// `{id, text}` with the ids of db/trust/authority_remarks.h, or of a revocation list "unsigned" or "unanchored".
namespace enroll::app::enrollctl {

/// An authority of a set and what the set makes of it.
struct ListedAuthority {
    db::trust::StoredAuthority stored;
    db::trust::AuthorityRemarks remarks;
};

/// A revocation list of a set and why it counts for nothing; "" if it counts.
struct ListedList {
    crypto::RevocationList list;
    std::string whyUnsigned;
    bool leadsNowhere = false; ///< it counts for nothing that others than its issuer issued
};

inline constexpr std::string_view kLeadsNowhere = "what it says of other issuers' certificates counts for nothing: "
                                                  "nobody who signed it leads to an anchor here; import "
                                                  "the authorities between";

/// What lies in the trust store and counts for nothing.
struct NotRead {
    std::string file;
    std::string reason; ///< English, one clause
};

/// A set and how old it is: the last import that added or changed something in it.
struct ListedSet {
    std::string name;
    std::vector<ListedAuthority> authorities;
    std::vector<ListedList> lists;
    std::optional<UtcTime> lastImport; ///< absent where nothing of the set says when it came
};

/// The days since the last import; none if that is unknown.
std::optional<std::int64_t> ageInDays(const ListedSet& set, UtcTime now);

/// `{schema, directory, notRead: [{file, reason}], sets: [{name, certificates, lastImport, ageDays, revocationLists: [LIST and {warnings: [WARNING]}]}], certificates: [CERTIFICATE and {set, role, anchor,
/// source, importedAt, anchoredBy: null | {subject, sha256}, warnings: [WARNING]}]}`
QJsonObject trustDocument(std::span<const ListedSet> sets, std::span<const NotRead> notRead,
                          const std::filesystem::path& directory, UtcTime now);

/// `{schema, directory, set, dryRun, imported: [AUTHORITY], alreadyThere: [AUTHORITY], skipped: [{source, code, reason}]}`,
/// where AUTHORITY is CERTIFICATE and `{role, anchor, change, source, anchoredBy, warnings}`. With dryRun, `imported` is
/// what would be imported.
QJsonObject trustImportDocument(const db::trust::ImportPlan& plan, const std::filesystem::path& directory, bool dryRun);

/// `{schema, directory, set, lists: [LIST and {change, set}]}`, where LIST is `{issuer, thisUpdate, nextUpdate, revoked}`, the
/// last one a number. A list may lie in another set already.
QJsonObject listImportDocument(std::span<const db::trust::PlannedList> plan, const std::string& set,
                               const std::filesystem::path& directory);

/// An authority that is trusted no longer.
struct RemovedAuthority {
    db::trust::StoredAuthority authority;
    db::trust::Removal how = db::trust::Removal::Gone;
};

/// `{schema, directory, removed: [CERTIFICATE and {set, staysAsWitness}]}`
QJsonObject trustRemovalDocument(std::span<const RemovedAuthority> removed, const std::filesystem::path& directory);

/// `{schema, file, sets, result, reason, path: [CERTIFICATE and {role, set}], notes: [{id, text}], missing: null | {name, keyId, addresses,
/// inSets, whyNotHere}}`; `result` is a word of the run document, `role` is null for what is in none of the sets.
QJsonObject trustCheckDocument(const TrustCheck& check, const std::filesystem::path& file);

} // namespace enroll::app::enrollctl
