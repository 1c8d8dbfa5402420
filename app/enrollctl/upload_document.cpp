#include "app/enrollctl/upload_document.h"

#include "app/enrollctl/output.h"
#include "core/base/text.h"
#include "db/qt/values.h"

#include <QJsonArray>

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

QJsonObject destinationDocument(const DestinationUpload& upload)
{
    const auto& report = upload.report;
    return {
        {QStringLiteral("name"), toQString(upload.destination.text())},
        {QStringLiteral("accepted"), number(report.accepted)},
        {QStringLiteral("rejected"), number(report.rejected.size())},
        {QStringLiteral("rejectedEarlier"), number(report.rejectedEarlier)},
        {QStringLiteral("left"), number(report.left)},
        {QStringLiteral("stoppedBy"), report.stoppedBy ? QJsonValue{errorDocument(*report.stoppedBy)} : QJsonValue{}}};
}

QJsonObject queuedAgainDocument(const db::journal::QueuedAgain& queued)
{
    return {{QStringLiteral("registrationId"), toQString(queued.registrationId.text())},
            {QStringLiteral("destination"), toQString(queued.destination.text())}};
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
    return "  " + std::to_string(count) + (count == 1 ? " record is rejected" : " records are rejected") + earlier +
           ". \"enrollctl runs list --record rejected\" lists them. Mend the cause, then send again: \"enrollctl "
           "upload "
           "--retry REGISTRATION_ID\", or --retry-rejected for all.\n";
}

} // namespace

QJsonObject uploadDocument(const UploadResult& result)
{
    QJsonArray queuedAgain;
    for (const auto& queued : result.queuedAgain) {
        queuedAgain.append(queuedAgainDocument(queued));
    }
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
            {QStringLiteral("queuedAgain"), queuedAgain},
            {QStringLiteral("accepted"), number(accepted)},
            {QStringLiteral("rejected"), rejected},
            {QStringLiteral("rejectedEarlier"), number(rejectedEarlier)},
            {QStringLiteral("left"), number(left)},
            {QStringLiteral("destinations"), destinations}};
}

std::string uploadText(const UploadResult& result)
{
    std::string lines;
    for (const auto& [destination, registrationId] : result.queuedAgain) {
        lines += printableText(destination.text() + ": queued again " + registrationId.text()) + "\n";
    }
    for (const auto& [destination, report] : result.uploads) {
        lines += printableText(destination.text()) + ": " + std::to_string(report.accepted) + " accepted, " +
                 std::to_string(report.rejected.size()) + " rejected, " + std::to_string(report.left) + " left\n";
        for (const auto& rejected : report.rejected) {
            lines += rejectedText(rejected);
        }
        lines += retryText(report);
    }
    return lines;
}

} // namespace enroll::app::enrollctl
