#include "app/enrollctl/upload_document.h"

#include "app/enrollctl/counted.h"
#include "app/enrollctl/json_values.h"
#include "app/enrollctl/left_behind_text.h"
#include "app/enrollctl/output.h"
#include "app/enrollctl/record_not_understood_text.h"
#include "core/base/text.h"
#include "db/qt/values.h"

#include <QJsonArray>

#include <algorithm>

namespace enroll::app::enrollctl {

using db::qt::toQString;
namespace {

using delivery::RejectedRecord;

qint64 number(std::size_t count)
{
    return static_cast<qint64>(count);
}

QJsonObject rejectedDocument(const RejectedRecord& rejected, const enrollment::DestinationName& destination)
{
    return {{QStringLiteral("registrationId"), toQString(rejected.registrationId.text())},
            {QStringLiteral("code"), toQString(describe(rejected.code).text)},
            {QStringLiteral("headline"), toQString(rejected.headline)},
            {QStringLiteral("nextStep"), toQString(rejected.nextStep)},
            {QStringLiteral("reason"), toQString(rejected.reason)},
            {QStringLiteral("destination"), toQString(destination.text())}};
}

QJsonObject refusedDocument(const delivery::RefusedAlike& refused)
{
    return {{QStringLiteral("registrationId"), toQString(refused.registrationId.text())},
            {QStringLiteral("code"), toQString(describe(refused.code).text)},
            {QStringLiteral("reason"), toQString(refused.reason)}};
}

QJsonObject destinationDocument(const DestinationUpload& upload)
{
    const auto& report = upload.report;
    return {
        {QStringLiteral("name"), toQString(upload.destination.text())},
        {QStringLiteral("accepted"), number(report.accepted)},
        {QStringLiteral("rejected"), number(report.rejected.size())},
        {QStringLiteral("rejectedEarlier"), number(report.rejectedEarlier)},
        {QStringLiteral("setAside"), number(report.setAside)},
        {QStringLiteral("leftOutAsSetAside"), upload.leftOutAsSetAside},
        {QStringLiteral("left"), number(report.left)},
        {QStringLiteral("stoppedBy"), report.stoppedBy ? QJsonValue{errorDocument(*report.stoppedBy)} : QJsonValue{}},
        {QStringLiteral("refusedAlike"), listOf(report.refusedAlike, refusedDocument)},
        {QStringLiteral("notUnderstood"), notUnderstoodDocument(upload.notUnderstood)}};
}

QJsonObject recordDocument(const db::journal::RecordAt& record)
{
    return {{QStringLiteral("registrationId"), toQString(record.registrationId.text())},
            {QStringLiteral("destination"), toQString(record.destination.text())}};
}

std::string rejectedText(const RejectedRecord& rejected)
{
    return "  " + std::string{describe(rejected.code).text} + "  " + printableText(rejected.registrationId.text()) +
           "\n    " + printableText(rejected.headline + " " + rejected.nextStep) + "\n    " +
           printableText(rejected.reason) + "\n";
}

/// What lies rejected, whoever sent it, and how it is sent again; empty if nothing does.
std::string retryText(const delivery::UploadReport& report)
{
    const auto count = report.rejected.size() + report.rejectedEarlier;
    if (count == 0) {
        return {};
    }
    const auto earlier = report.rejectedEarlier == 0
                             ? std::string{}
                             : ", " + std::to_string(report.rejectedEarlier) + " of them earlier";
    return "  " + counted(count, kRecordIs, kRecordsAre) + " rejected" + earlier +
           ". \"enrollctl runs list --record rejected\" lists them. Mend the cause, then send again: \"enrollctl "
           "upload "
           "--retry REGISTRATION_ID\", or --retry-rejected for all. One that is not to be delivered any more: "
           "\"enrollctl "
           "upload --set-aside REGISTRATION_ID --reason TEXT --operator NAME\".\n";
}

/// What was refused as any other record might be, and how a person ends it; empty if nothing was.
std::string refusedAlikeText(const delivery::UploadReport& report)
{
    constexpr std::size_t kMostNamed = 20;
    const auto& refused = report.refusedAlike;
    if (refused.empty()) {
        return {};
    }
    std::string text;
    for (const auto& record : std::span{refused}.first(std::min(kMostNamed, refused.size()))) {
        text += "  " + std::string{describe(record.code).text} + "  " + printableText(record.registrationId.text()) +
                "\n    " + printableText(record.reason) + "\n";
    }
    if (refused.size() > kMostNamed) {
        text += "  and " + std::to_string(refused.size() - kMostNamed) + " more; --json names all\n";
    }
    return text + "  " + counted(refused.size(), "record stays", "records stay") +
           " open, because the service may refuse any record like this. Mend the cause, then upload again. One that is "
           "not to be delivered any more: \"enrollctl upload --set-aside REGISTRATION_ID --reason TEXT --operator "
           "NAME\".\n";
}

/// What a person set aside; empty if nothing.
std::string setAsideText(const delivery::UploadReport& report)
{
    if (report.setAside == 0) {
        return {};
    }
    return "  " + counted(report.setAside, kRecordIs, kRecordsAre) +
           " set aside and not sent. \"enrollctl runs list --record set-aside\" says by whom and why.\n";
}

/// What was never queued for \p destination because a person set it aside elsewhere; empty if nothing.
std::string leftOutText(const DestinationUpload& upload)
{
    const int count = upload.leftOutAsSetAside;
    if (count == 0) {
        return {};
    }
    return "  " + counted(static_cast<std::uint64_t>(count), kRecordIs, kRecordsAre) +
           " set aside at another destination, and not queued here for that reason. \"enrollctl runs list --record "
           "set-aside\" says by whom and why. One that is to be sent here all the same: \"enrollctl upload "
           "--destination " +
           printableText(upload.destination.text()) + " --retry REGISTRATION_ID\".\n";
}

std::string linesOf(std::span<const db::journal::RecordAt> records, const std::string& what)
{
    std::string lines;
    for (const auto& [destination, registrationId] : records) {
        lines += printableText(destination.text() + ": " + what + " " + registrationId.text()) + "\n";
    }
    return lines;
}

} // namespace

QJsonObject uploadDocument(const UploadResult& result)
{
    std::size_t accepted = 0;
    std::size_t rejectedEarlier = 0;
    std::size_t left = 0;
    QJsonArray rejected;
    QJsonArray destinations;
    for (const auto& upload : result.uploads) {
        accepted += upload.report.accepted;
        rejectedEarlier += upload.report.rejectedEarlier;
        left += upload.report.left;
        for (const auto& record : upload.report.rejected) {
            rejected.append(rejectedDocument(record, upload.destination));
        }
        destinations.append(destinationDocument(upload));
    }
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/upload/1")},
            {QStringLiteral("queuedAgain"), listOf(result.queuedAgain, recordDocument)},
            {QStringLiteral("setAside"), listOf(result.setAside.records, recordDocument)},
            {QStringLiteral("foundDelivered"), listOf(result.setAside.delivered, recordDocument)},
            {QStringLiteral("accepted"), number(accepted)},
            {QStringLiteral("rejected"), rejected},
            {QStringLiteral("rejectedEarlier"), number(rejectedEarlier)},
            {QStringLiteral("left"), number(left)},
            {QStringLiteral("destinations"), destinations},
            {QStringLiteral("leftBehind"), leftBehindDocument(result.leftBehind)}};
}

std::string uploadText(const UploadResult& result)
{
    auto lines = linesOf(result.queuedAgain, "queued again") + linesOf(result.setAside.records, "set aside") +
                 linesOf(result.setAside.delivered, "holds it already, so that it is delivered and not set aside:");
    for (const auto& upload : result.uploads) {
        const auto& report = upload.report;
        lines += printableText(upload.destination.text()) + ": " + std::to_string(report.accepted) + " accepted, " +
                 std::to_string(report.rejected.size()) + " rejected, " + std::to_string(report.left) + " left\n";
        for (const auto& rejected : report.rejected) {
            lines += rejectedText(rejected);
        }
        lines += refusedAlikeText(report) + retryText(report) + setAsideText(report) + leftOutText(upload);
    }
    return lines;
}

} // namespace enroll::app::enrollctl
