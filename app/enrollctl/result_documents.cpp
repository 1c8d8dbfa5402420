#include "app/enrollctl/result_documents.h"

#include "app/enrollctl/output.h"
#include "core/base/station_code.h"

#include <QJsonArray>

#include <algorithm>

namespace enroll::app::enrollctl {
namespace {

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QJsonValue textOrNull(std::string_view utf8)
{
    return utf8.empty() ? QJsonValue{} : QJsonValue{text(utf8)};
}

QJsonValue codeOrNull(const std::optional<ErrorCode>& code)
{
    return code ? QJsonValue{text(describe(*code).text)} : QJsonValue{};
}

QJsonObject badEntryDocument(const db::journal::BadEntry& bad)
{
    const auto& altered = describe(StationCode::JournalAltered);
    return {{QStringLiteral("seq"), static_cast<qint64>(bad.seq)},
            {QStringLiteral("kind"), text(bad.kind)},
            {QStringLiteral("id"), textOrNull(bad.id)},
            {QStringLiteral("reason"), text(bad.reason)},
            {QStringLiteral("code"), text(altered.text)},
            {QStringLiteral("headline"), text(altered.headline)},
            {QStringLiteral("nextStep"), text(altered.instruction)}};
}

QJsonObject rowDocument(const db::review::RunRow& row)
{
    return {{QStringLiteral("runId"), text(row.runId.text())},
            {QStringLiteral("startedAt"), text(toIso8601(row.startedAt))},
            {QStringLiteral("durationMs"), static_cast<qint64>(row.duration.count())},
            {QStringLiteral("slot"), row.slot.value},
            {QStringLiteral("serialNumber"), text(row.serialNumber.text())},
            {QStringLiteral("batch"), text(row.batch.text())},
            {QStringLiteral("operator"), text(row.operatorId.text())},
            {QStringLiteral("outcome"), text(outcomeText(row.outcome))},
            {QStringLiteral("code"), codeOrNull(row.code)},
            {QStringLiteral("registrationId"), textOrNull(row.registrationId ? row.registrationId->text() : "")},
            {QStringLiteral("recordState"),
             textOrNull(row.recordState ? enrollment::recordStateText(*row.recordState) : "")}};
}

QJsonObject certificateDocument(const crypto::Certificate& certificate)
{
    return {{QStringLiteral("subject"), text(certificate.subject())},
            {QStringLiteral("issuer"), text(certificate.issuer())},
            {QStringLiteral("serial"), text(certificate.serialNumber())},
            {QStringLiteral("notBefore"), text(toIso8601(certificate.notBefore()))},
            {QStringLiteral("notAfter"), text(toIso8601(certificate.notAfter()))},
            {QStringLiteral("sha256"), text(certificate.sha256Hex())},
            {QStringLiteral("anchor"), certificate.isSelfIssued()}};
}

template <class Range, class Document>
QJsonArray listOf(const Range& values, Document document)
{
    QJsonArray list;
    for (const auto& value : values) {
        list.append(document(value));
    }
    return list;
}

} // namespace

QJsonObject registrationDocument(const db::registration::Assignment& assignment,
                                 const db::registration::RegistrationOrder& order, const std::string& device)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/registration/1")},
            {QStringLiteral("registrationId"), text(assignment.registrationId.text())},
            {QStringLiteral("idScope"), text(order.idScope)},
            {QStringLiteral("service"), text(order.serviceUrl)},
            {QStringLiteral("device"), text(device)},
            {QStringLiteral("status"), text(assignment.status)},
            {QStringLiteral("substatus"), textOrNull(assignment.substatus)},
            {QStringLiteral("hub"), text(assignment.hub)},
            {QStringLiteral("deviceId"), text(assignment.deviceId)}};
}

QJsonObject journalDocument(const db::journal::VerifyReport& report)
{
    return {
        {QStringLiteral("schema"), QStringLiteral("enrollment-station/journal-verification/1")},
        {QStringLiteral("intact"), !report.firstBad.has_value()},
        {QStringLiteral("entries"), static_cast<qint64>(report.entries)},
        {QStringLiteral("firstBad"), report.firstBad ? QJsonValue{badEntryDocument(*report.firstBad)} : QJsonValue{}}};
}

std::string journalText(const db::journal::VerifyReport& report)
{
    const auto good = std::to_string(report.entries) + " entries are as they were committed";
    if (!report.firstBad) {
        return "intact: " + good + "\n";
    }
    return "ALTERED at entry " + std::to_string(report.firstBad->seq) + " (" + report.firstBad->kind + "); " + good +
           "\n";
}

QJsonObject runListDocument(const db::review::RunPage& page)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/run-list/1")},
            {QStringLiteral("runs"), listOf(page.rows, rowDocument)},
            {QStringLiteral("next"), textOrNull(page.next)}};
}

QJsonObject exportDocument(const db::exporting::ExportReport& report, const std::string& format,
                           const std::filesystem::path& file)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/export/1")},
            {QStringLiteral("format"), text(format)},
            {QStringLiteral("file"), text(file.string())},
            {QStringLiteral("items"), static_cast<qint64>(report.items)}};
}

QJsonObject trustDocument(std::span<const crypto::Certificate> certificates, const std::filesystem::path& directory)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/trust/1")},
            {QStringLiteral("directory"), text(directory.string())},
            {QStringLiteral("certificates"), listOf(certificates, certificateDocument)}};
}

QJsonObject trustImportDocument(std::span<const crypto::Certificate> added, const std::filesystem::path& directory)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/trust-import/1")},
            {QStringLiteral("directory"), text(directory.string())},
            {QStringLiteral("imported"), listOf(added, certificateDocument)}};
}

std::string trustText(std::span<const crypto::Certificate> certificates)
{
    std::string lines;
    for (const auto& certificate : certificates) {
        lines += (certificate.isSelfIssued() ? "anchor        " : "intermediate  ") + certificate.subject() +
                 "\n              until " + toIso8601(certificate.notAfter()) + "  SHA-256 " + certificate.sha256Hex() +
                 "\n";
    }
    return lines;
}

QJsonObject profileDocument(const enrollment::ProductProfile& profile, const std::filesystem::path& file)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/profile-check/1")},
            {QStringLiteral("file"), text(file.string())},
            {QStringLiteral("valid"), true},
            {QStringLiteral("name"), text(profile.stamp.name)},
            {QStringLiteral("version"), text(profile.stamp.version)},
            {QStringLiteral("sha256"), text(profile.stamp.sha256)}};
}

QJsonObject configCheckDocument(std::span<const Error> problems)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/config-check/1")},
            {QStringLiteral("valid"), problems.empty()},
            {QStringLiteral("problems"), listOf(problems, errorDocument)}};
}

QJsonObject simulationDocument(std::span<const std::string> addresses, const std::filesystem::path& trustDirectory,
                               std::span<const std::filesystem::path> trust)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/simulation/1")},
            {QStringLiteral("devices"), listOf(addresses, text)},
            {QStringLiteral("trustDirectory"), text(trustDirectory.string())},
            {QStringLiteral("trust"), listOf(trust, [](const auto& file) { return text(file.string()); })}};
}

} // namespace enroll::app::enrollctl
