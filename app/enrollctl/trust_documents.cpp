#include "app/enrollctl/trust_documents.h"

#include "app/enrollctl/json_values.h"

namespace enroll::app::enrollctl {

using db::qt::toQString;
using db::trust::ImportChange;
using db::trust::ListChange;

namespace {

QJsonObject certificateDocument(const crypto::Certificate& certificate)
{
    return {{QStringLiteral("subject"), toQString(certificate.subject())},
            {QStringLiteral("issuer"), toQString(certificate.issuer())},
            {QStringLiteral("serial"), toQString(certificate.serialNumber())},
            {QStringLiteral("notBefore"), toQString(toIso8601(certificate.notBefore()))},
            {QStringLiteral("notAfter"), toQString(toIso8601(certificate.notAfter()))},
            {QStringLiteral("sha256"), toQString(certificate.sha256Hex())}};
}

QJsonValue anchorDocument(const std::optional<crypto::Certificate>& anchor)
{
    if (!anchor) {
        return {};
    }
    return QJsonObject{{QStringLiteral("subject"), toQString(anchor->subject())},
                       {QStringLiteral("sha256"), toQString(anchor->sha256Hex())}};
}

QJsonObject warningDocument(const db::trust::AuthorityWarning& warning)
{
    return {{QStringLiteral("id"), toQString(warning.id)}, {QStringLiteral("text"), toQString(warning.text)}};
}

QJsonObject authorityDocument(const crypto::Certificate& certificate, std::optional<crypto::TrustRole> role,
                              const db::trust::AuthorityRemarks& remarks)
{
    auto document = certificateDocument(certificate);
    document.insert(QStringLiteral("role"), textOrNull(role ? trustRoleText(*role) : ""));
    document.insert(QStringLiteral("anchor"), role == crypto::TrustRole::Anchor);
    document.insert(QStringLiteral("anchoredBy"), anchorDocument(remarks.anchor));
    document.insert(QStringLiteral("warnings"), listOf(remarks.warnings, warningDocument));
    return document;
}

QJsonObject listedDocument(const ListedAuthority& listed)
{
    const auto& stored = listed.stored;
    auto document = authorityDocument(stored.certificate, stored.role, listed.remarks);
    document.insert(QStringLiteral("set"), toQString(stored.set));
    document.insert(QStringLiteral("source"), textOrNull(stored.provenance ? stored.provenance->source : ""));
    const auto at = stored.provenance ? stored.provenance->importedAt : std::nullopt;
    document.insert(QStringLiteral("importedAt"), textOrNull(at ? toIso8601(*at) : ""));
    return document;
}

QJsonObject listDocument(const crypto::RevocationList& list)
{
    const auto next = list.nextUpdate();
    return {{QStringLiteral("issuer"), toQString(list.issuer())},
            {QStringLiteral("thisUpdate"), toQString(toIso8601(list.thisUpdate()))},
            {QStringLiteral("nextUpdate"), textOrNull(next ? toIso8601(*next) : "")},
            {QStringLiteral("revoked"), static_cast<qint64>(list.size())}};
}

QJsonObject listedListDocument(const ListedList& listed)
{
    QJsonArray warnings;
    if (!listed.whyUnsigned.empty()) {
        warnings.append(warningDocument({"unsigned", listed.whyUnsigned}));
    } else if (listed.leadsNowhere) {
        warnings.append(warningDocument({"unanchored", std::string{kLeadsNowhere}}));
    }
    auto document = listDocument(listed.list);
    document.insert(QStringLiteral("warnings"), warnings);
    return document;
}

QJsonObject setDocument(const ListedSet& set, UtcTime now)
{
    const auto age = ageInDays(set, now);
    return {{QStringLiteral("name"), toQString(set.name)},
            {QStringLiteral("revocationLists"), listOf(set.lists, listedListDocument)},
            {QStringLiteral("certificates"), static_cast<qint64>(set.authorities.size())},
            {QStringLiteral("lastImport"), textOrNull(set.lastImport ? toIso8601(*set.lastImport) : "")},
            {QStringLiteral("ageDays"), age ? QJsonValue{static_cast<qint64>(*age)} : QJsonValue{}}};
}

std::string_view changeText(ImportChange change) noexcept
{
    switch (change) {
    case ImportChange::Added:
        return "added";
    case ImportChange::BecomesAnchor:
        return "becomes-anchor";
    case ImportChange::AlreadyThere:
        break;
    }
    return "already-there";
}

QJsonObject plannedDocument(const db::trust::PlannedAuthority& planned)
{
    auto document = authorityDocument(planned.certificate, planned.role, planned.remarks);
    document.insert(QStringLiteral("change"), toQString(changeText(planned.change)));
    document.insert(QStringLiteral("source"), toQString(planned.source));
    return document;
}

QJsonObject skippedDocument(const db::trust::SkippedSource& skipped)
{
    return {{QStringLiteral("source"), toQString(skipped.source)},
            {QStringLiteral("code"), toQString(describe(skipped.reason.code).text)},
            {QStringLiteral("reason"), toQString(skipped.reason.what)}};
}

QJsonObject stepDocument(const PathStep& step)
{
    auto document = certificateDocument(step.certificate);
    document.insert(QStringLiteral("role"), textOrNull(step.role ? trustRoleText(*step.role) : ""));
    document.insert(QStringLiteral("set"), textOrNull(step.set));
    return document;
}

QJsonObject noteDocument(const crypto::PathNote& note)
{
    return {{QStringLiteral("id"), toQString(pathRemarkText(note.remark))},
            {QStringLiteral("text"), toQString(note.text)}};
}

std::string_view changeText(ListChange change) noexcept
{
    switch (change) {
    case ListChange::Added:
        return "added";
    case ListChange::Replaced:
        return "replaced";
    case ListChange::AlreadyThere:
        break;
    }
    return "already-there";
}

QJsonObject plannedListDocument(const db::trust::PlannedList& planned)
{
    auto document = listDocument(planned.list);
    document.insert(QStringLiteral("change"), toQString(changeText(planned.change)));
    document.insert(QStringLiteral("set"), toQString(planned.set));
    return document;
}

QJsonValue missingDocument(const std::optional<MissingAuthority>& missing)
{
    if (!missing) {
        return {};
    }
    return QJsonObject{{QStringLiteral("name"), toQString(missing->name)},
                       {QStringLiteral("keyId"), textOrNull(missing->keyId)},
                       {QStringLiteral("addresses"), listOf(missing->addresses, toQString)},
                       {QStringLiteral("inSets"), listOf(missing->inSets, toQString)},
                       {QStringLiteral("whyNotHere"), textOrNull(missing->whyNotHere)}};
}

} // namespace

std::optional<std::int64_t> ageInDays(const ListedSet& set, UtcTime now)
{
    if (!set.lastImport) {
        return {};
    }
    return std::chrono::floor<std::chrono::days>(now - *set.lastImport).count();
}

QJsonObject trustDocument(std::span<const ListedSet> sets, std::span<const NotRead> notRead,
                          const std::filesystem::path& directory, UtcTime now)
{
    QJsonArray certificates;
    for (const auto& set : sets) {
        for (const auto& listed : set.authorities) {
            certificates.append(listedDocument(listed));
        }
    }
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/trust/1")},
            {QStringLiteral("directory"), toQString(directory.string())},
            {QStringLiteral("notRead"), listOf(notRead,
                                               [](const NotRead& one) {
                                                   return QJsonObject{
                                                       {QStringLiteral("file"), toQString(one.file)},
                                                       {QStringLiteral("reason"), toQString(one.reason)}};
                                               })},
            {QStringLiteral("sets"), listOf(sets, [now](const ListedSet& set) { return setDocument(set, now); })},
            {QStringLiteral("certificates"), certificates}};
}

QJsonObject trustImportDocument(const db::trust::ImportPlan& plan, const std::filesystem::path& directory, bool dryRun)
{
    QJsonArray imported;
    QJsonArray alreadyThere;
    for (const auto& planned : plan.authorities) {
        (planned.change == ImportChange::AlreadyThere ? alreadyThere : imported).append(plannedDocument(planned));
    }
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/trust-import/1")},
            {QStringLiteral("directory"), toQString(directory.string())},
            {QStringLiteral("set"), toQString(plan.set)},
            {QStringLiteral("dryRun"), dryRun},
            {QStringLiteral("imported"), imported},
            {QStringLiteral("alreadyThere"), alreadyThere},
            {QStringLiteral("skipped"), listOf(plan.skipped, skippedDocument)}};
}

QJsonObject trustRemovalDocument(std::span<const RemovedAuthority> removed, const std::filesystem::path& directory)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/trust-removal/1")},
            {QStringLiteral("directory"), toQString(directory.string())},
            {QStringLiteral("removed"), listOf(removed, [](const RemovedAuthority& one) {
                 auto document = certificateDocument(one.authority.certificate);
                 document.insert(QStringLiteral("set"), toQString(one.authority.set));
                 document.insert(QStringLiteral("staysAsWitness"), one.how == db::trust::Removal::StaysAsWitness);
                 return document;
             })}};
}

QJsonObject trustCheckDocument(const TrustCheck& check, const std::filesystem::path& file)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/trust-check/1")},
            {QStringLiteral("file"), toQString(file.string())},
            {QStringLiteral("sets"), listOf(check.sets, toQString)},
            {QStringLiteral("result"), toQString(pathResultText(check.result))},
            {QStringLiteral("reason"), textOrNull(check.reason)},
            {QStringLiteral("path"), listOf(check.steps, stepDocument)},
            {QStringLiteral("notes"), listOf(check.notes, noteDocument)},
            {QStringLiteral("missing"), missingDocument(check.missing)}};
}

QJsonObject listImportDocument(std::span<const db::trust::PlannedList> plan, const std::string& set,
                               const std::filesystem::path& directory)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/trust-import-crl/1")},
            {QStringLiteral("directory"), toQString(directory.string())},
            {QStringLiteral("set"), toQString(set)},
            {QStringLiteral("lists"), listOf(plan, plannedListDocument)}};
}

} // namespace enroll::app::enrollctl
