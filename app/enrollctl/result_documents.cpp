#include "app/enrollctl/result_documents.h"

#include "app/enrollctl/counted.h"
#include "app/enrollctl/json_values.h"
#include "app/enrollctl/left_behind_text.h"
#include "app/enrollctl/output.h"
#include "app/enrollctl/record_not_understood_text.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/config/profile_text.h"
#include "core/enrollment/profile_remarks.h"
#include "db/documents/evidence_document.h"
#include "db/documents/json_text.h"
#include "db/qt/values.h"

#include <algorithm>

namespace enroll::app::enrollctl {

using db::qt::toQString;
namespace {

QJsonValue codeOrNull(const std::optional<Word<ErrorCode>>& code)
{
    return code ? QJsonValue{toQString(codeText(*code))} : QJsonValue{};
}

QJsonObject badEntryDocument(const db::journal::BadEntry& bad)
{
    const auto& altered = describe(StationCode::JournalAltered);
    return {{QStringLiteral("seq"), static_cast<qint64>(bad.seq)},
            {QStringLiteral("kind"), toQString(bad.kind)},
            {QStringLiteral("id"), textOrNull(bad.id)},
            {QStringLiteral("reason"), toQString(bad.reason)},
            {QStringLiteral("code"), toQString(altered.text)},
            {QStringLiteral("headline"), toQString(altered.headline)},
            {QStringLiteral("nextStep"), toQString(altered.instruction)}};
}

QJsonObject entryNotUnderstoodDocument(const db::journal::EntryNotUnderstood& entry)
{
    return {{QStringLiteral("seq"), static_cast<qint64>(entry.seq)},
            {QStringLiteral("kind"), toQString(entry.kind)},
            {QStringLiteral("id"), textOrNull(entry.id)},
            {QStringLiteral("what"), toQString(entry.what)}};
}

QJsonObject notUnderstoodDocument(const db::journal::EntriesNotUnderstood& entries)
{
    QJsonArray schemas;
    for (const auto& [schema, count] : entries.schemas) {
        schemas.append(QJsonObject{{QStringLiteral("schema"), toQString(schema)},
                                   {QStringLiteral("entries"), static_cast<qint64>(count)}});
    }
    return {{QStringLiteral("entries"), static_cast<qint64>(entries.count)},
            {QStringLiteral("schemas"), schemas},
            {QStringLiteral("first"),
             entries.first ? QJsonValue{entryNotUnderstoodDocument(*entries.first)} : QJsonValue{}}};
}

/// "2 entries (enrollment-station/attestation-run/2: 2)"
std::string countText(const db::journal::EntriesNotUnderstood& entries)
{
    std::vector<std::string> schemas;
    for (const auto& [schema, count] : entries.schemas) {
        schemas.push_back(schema + ": " + std::to_string(count));
    }
    return counted(entries.count, "entry (", "entries (") + joined(schemas) + ")";
}

QJsonObject setAsideDocument(const enrollment::DestinationState& state)
{
    auto document = state.setAside ? db::documents::toJson(*state.setAside) : QJsonObject{};
    document.insert(QStringLiteral("destination"), toQString(state.destination.text()));
    return document;
}

QJsonObject besideDocument(const enrollment::DestinationState& state)
{
    return {{QStringLiteral("destination"), toQString(state.destination.text())},
            {QStringLiteral("state"), toQString(enrollment::recordStateText(state.state))}};
}

QJsonObject rowDocument(const db::review::RunRow& row)
{
    return {{QStringLiteral("runId"), toQString(row.runId.text())},
            {QStringLiteral("startedAt"), toQString(toIso8601(row.startedAt))},
            {QStringLiteral("durationMs"), static_cast<qint64>(row.duration.count())},
            {QStringLiteral("slot"), row.slot.value},
            {QStringLiteral("serialNumber"), toQString(row.serialNumber.text())},
            {QStringLiteral("batch"), toQString(row.batch.text())},
            {QStringLiteral("operator"), toQString(row.operatorId.text())},
            {QStringLiteral("outcome"), toQString(outcomeText(row.outcome))},
            {QStringLiteral("code"), codeOrNull(row.code)},
            {QStringLiteral("registrationId"), textOrNull(row.registrationId ? row.registrationId->text() : "")},
            {QStringLiteral("recordState"),
             textOrNull(row.recordState ? enrollment::recordStateText(*row.recordState) : "")},
            {QStringLiteral("setAside"), listOf(row.setAside, setAsideDocument)},
            {QStringLiteral("beside"), listOf(row.beside, besideDocument)}};
}

} // namespace

QJsonObject registrationDocument(const db::registration::Assignment& assignment,
                                 const db::registration::RegistrationOrder& order, const std::string& device)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/registration/1")},
            {QStringLiteral("registrationId"), toQString(assignment.registrationId.text())},
            {QStringLiteral("idScope"), toQString(order.idScope)},
            {QStringLiteral("service"), toQString(order.serviceUrl)},
            {QStringLiteral("device"), toQString(device)},
            {QStringLiteral("status"), toQString(assignment.status)},
            {QStringLiteral("substatus"), textOrNull(assignment.substatus)},
            {QStringLiteral("hub"), toQString(assignment.hub)},
            {QStringLiteral("deviceId"), toQString(assignment.deviceId)}};
}

QJsonObject journalDocument(const db::journal::VerifyReport& report,
                            std::span<const db::journal::AcceptedClock> accepted)
{
    return {
        {QStringLiteral("schema"), QStringLiteral("enrollment-station/journal-verification/1")},
        {QStringLiteral("intact"), !report.firstBad.has_value()},
        {QStringLiteral("entries"), static_cast<qint64>(report.entries)},
        {QStringLiteral("head"), report.head.empty() ? QJsonValue{} : QJsonValue{toQString(toHex(report.head))}},
        {QStringLiteral("acts"), static_cast<qint64>(report.acts)},
        {QStringLiteral("firstBad"), report.firstBad ? QJsonValue{badEntryDocument(*report.firstBad)} : QJsonValue{}},
        {QStringLiteral("notUnderstood"), notUnderstoodDocument(report.notUnderstood)},
        {QStringLiteral("acceptedClocks"), acceptedClocksDocument(accepted)}};
}

std::string notUnderstoodText(const db::journal::EntriesNotUnderstood& entries)
{
    if (!entries.first) {
        return {};
    }
    const auto& first = *entries.first;
    return "not understood: " + countText(entries) +
           ". They are intact and nothing is lost. A newer program may have written them: "
           "install that to see all of them. The first is entry " +
           std::to_string(first.seq) + " (" +
           printableText(first.kind + (first.id.empty() ? "" : " " + first.id) + "): " + first.what) + "\n";
}

std::string journalText(const db::journal::VerifyReport& report)
{
    const auto acts = report.acts == 0 ? "" : " (" + std::to_string(report.acts) + " of them say who did what)";
    const auto good = std::to_string(report.entries) + " entries are as they were committed" + acts;
    const auto answer = report.firstBad ? "ALTERED at entry " + std::to_string(report.firstBad->seq) + " (" +
                                              printableText(report.firstBad->kind) + "); " + good + "\n"
                                        : "intact: " + good + "\nthe last entry's hash: " + toHex(report.head) + "\n";
    return answer + notUnderstoodText(report.notUnderstood);
}

QJsonObject runListDocument(const db::review::RunPage& page, std::span<const db::journal::AcceptedClock> accepted)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/run-list/1")},
            {QStringLiteral("runs"), listOf(page.rows, rowDocument)},
            {QStringLiteral("next"), textOrNull(page.next)},
            {QStringLiteral("acceptedClocks"), acceptedClocksDocument(accepted)}};
}

QJsonObject exportDocument(const db::exports::ExportReport& report, const std::string& format,
                           const std::filesystem::path& file)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/export/1")},
            {QStringLiteral("format"), toQString(format)},
            {QStringLiteral("file"), toQString(file.string())},
            {QStringLiteral("items"), static_cast<qint64>(report.items)},
            {QStringLiteral("leftOutAsSetAside"), static_cast<qint64>(report.leftOutAsSetAside)},
            {QStringLiteral("leftOut"), notUnderstoodDocument(report.leftOut)},
            {QStringLiteral("shortened"), static_cast<qint64>(report.shortened)}};
}

static QJsonArray remarksDocument(std::span<const std::string> remarks)
{
    return listOf(remarks, [](const std::string& remark) { return toQString(remark); });
}

std::string remarksText(std::span<const std::string> remarks)
{
    std::string text;
    for (const auto& remark : remarks) {
        text += "remark: " + remark + "\n";
    }
    return text;
}

QJsonObject profileDocument(const enrollment::ProductProfile& profile, const std::filesystem::path& file)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/profile-check/1")},
            {QStringLiteral("file"), toQString(file.string())},
            {QStringLiteral("valid"), true},
            {QStringLiteral("name"), toQString(profile.stamp.name)},
            {QStringLiteral("version"), toQString(profile.stamp.version)},
            {QStringLiteral("sha256"), toQString(profile.stamp.sha256)},
            {QStringLiteral("remarks"), remarksDocument(enrollment::profileRemarks(profile))}};
}

Result<QJsonObject> resolvedProfileDocument(const enrollment::ProductProfile& profile,
                                            const std::filesystem::path& file)
{
    const auto json = config::profileJson(profile);
    TRY_ASSIGN(const auto values, db::documents::parseJsonObject(asBytes(json)));
    return QJsonObject{{QStringLiteral("schema"), QStringLiteral("enrollment-station/profile/1")},
                       {QStringLiteral("file"), toQString(file.string())},
                       {QStringLiteral("sha256"), toQString(profile.stamp.sha256)},
                       {QStringLiteral("profile"), values}};
}

static QJsonObject holderDocument(const system::LockHolder& holder)
{
    return {{QStringLiteral("process"), qint64{holder.process}},
            {QStringLiteral("program"), textOrNull(holder.program)}};
}

QJsonObject probeDocument(const Probe& probe)
{
    return {{QStringLiteral("destination"), toQString(probe.destination.text())},
            {QStringLiteral("error"), probe.fault ? QJsonValue{errorDocument(*probe.fault)} : QJsonValue{}}};
}

QJsonObject configCheckDocument(std::span<const Error> problems, const StationFacts& facts)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/config-check/1")},
            {QStringLiteral("valid"), problems.empty()},
            {QStringLiteral("problems"), listOf(problems, errorDocument)},
            {QStringLiteral("probes"), listOf(facts.probes, probeDocument)},
            {QStringLiteral("leftBehind"), leftBehindDocument(facts.left)},
            {QStringLiteral("openIn"), facts.openIn ? holderDocument(*facts.openIn) : QJsonValue{}},
            {QStringLiteral("remarks"), remarksDocument(facts.remarks)}};
}

QJsonObject configInitDocument(const std::filesystem::path& file)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/config-init/1")},
            {QStringLiteral("file"), toQString(file.string())}};
}

QJsonObject simulationDocument(std::span<const std::string> addresses, const std::filesystem::path& trustDirectory,
                               std::span<const std::filesystem::path> trust)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/simulation/1")},
            {QStringLiteral("devices"), listOf(addresses, toQString)},
            {QStringLiteral("trustDirectory"), toQString(trustDirectory.string())},
            {QStringLiteral("trust"), listOf(trust, [](const auto& file) { return toQString(file.string()); })}};
}

} // namespace enroll::app::enrollctl
