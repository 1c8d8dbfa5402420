#include "app/enrollctl/keys_audit_document.h"

#include "app/enrollctl/counted.h"
#include "core/base/text.h"
#include "db/qt/values.h"

#include <QJsonArray>

#include <algorithm>

namespace enroll::app::enrollctl {

using db::qt::toQString;
using enrollment::AuditedDevice;
using enrollment::WeakKeyFinding;

namespace {

qint64 number(std::size_t count)
{
    return static_cast<qint64>(count);
}

QJsonObject deviceDocument(const AuditedDevice& device)
{
    const auto& serial = device.serialNumber;
    return {{QStringLiteral("registrationId"), toQString(device.registrationId.text())},
            {QStringLiteral("serialNumber"), serial.empty() ? QJsonValue{} : QJsonValue{toQString(serial.text())}}};
}

QJsonObject findingDocument(const WeakKeyFinding& finding)
{
    QJsonArray devices;
    for (const auto& device : finding.devices) {
        devices.append(deviceDocument(device));
    }
    return {{QStringLiteral("weakness"), toQString(crypto::weaknessText(finding.weakness))},
            {QStringLiteral("detail"), toQString(finding.detail)},
            {QStringLiteral("devices"), devices}};
}

QJsonObject skippedDocument(const SkippedKeys& skipped)
{
    QJsonArray first;
    for (const auto& reason : skipped.reasons) {
        first.append(
            QJsonObject{{QStringLiteral("line"), reason.line == 0 ? QJsonValue{} : QJsonValue{number(reason.line)}},
                        {QStringLiteral("reason"), toQString(reason.text)}});
    }
    QJsonArray schemas;
    for (const auto& [schema, count] : skipped.notUnderstood) {
        schemas.append(
            QJsonObject{{QStringLiteral("schema"), toQString(schema)}, {QStringLiteral("entries"), number(count)}});
    }
    return {{QStringLiteral("count"), number(skipped.count)},
            {QStringLiteral("first"), first},
            {QStringLiteral("notUnderstood"), schemas}};
}

/// Every word, also those of which there is no finding.
QJsonObject weaknessCounts(const std::vector<WeakKeyFinding>& findings)
{
    QJsonObject counts;
    for (const auto weakness : crypto::kAllWeaknesses) {
        counts.insert(
            toQString(crypto::weaknessText(weakness)),
            number(static_cast<std::size_t>(std::ranges::count(findings, weakness, &WeakKeyFinding::weakness))));
    }
    return counts;
}

std::string column(std::string_view text, std::size_t width)
{
    std::string shown = printableText(text);
    shown.resize(std::max(shown.size(), width), ' ');
    return shown + "  ";
}

std::string rowText(const WeakKeyFinding& finding, const AuditedDevice& device)
{
    constexpr std::size_t kWeaknessWidth = 16;
    constexpr std::size_t kIdWidth = 52;
    constexpr std::size_t kSerialWidth = 16;
    const auto serial = device.serialNumber.empty() ? std::string{"-"} : device.serialNumber.text();
    return printableText(column(crypto::weaknessText(finding.weakness), kWeaknessWidth) +
                         column(device.registrationId.text(), kIdWidth) + column(serial, kSerialWidth) +
                         finding.detail) +
           "\n";
}

} // namespace

QJsonObject keysAuditDocument(const KeysAudit& audit)
{
    const auto& report = audit.report;
    QJsonArray findings;
    for (const auto& finding : report.findings) {
        findings.append(findingDocument(finding));
    }
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/keys-audit/1")},
            {QStringLiteral("source"), toQString(audit.source)},
            {QStringLiteral("entries"), number(report.entries)},
            {QStringLiteral("keys"), QJsonObject{{QStringLiteral("rsa"), number(report.rsaKeys)},
                                                 {QStringLiteral("ecc"), number(report.eccKeys)},
                                                 {QStringLiteral("weak"), number(report.weakKeys)}}},
            {QStringLiteral("skipped"), skippedDocument(audit.skipped)},
            {QStringLiteral("weaknesses"), weaknessCounts(report.findings)},
            {QStringLiteral("findings"), findings}};
}

std::string keysAuditText(const KeysAudit& audit)
{
    const auto& report = audit.report;
    std::string text;
    for (const auto& finding : report.findings) {
        for (const auto& device : finding.devices) {
            text += rowText(finding, device);
        }
    }
    text += counted(report.rsaKeys + report.eccKeys, "different key") + " looked at (" +
            std::to_string(report.rsaKeys) + " RSA, " + std::to_string(report.eccKeys) + " ECC) in " +
            counted(report.entries, "entry\n", "entries\n");
    if (audit.skipped.count > 0) {
        text += std::to_string(audit.skipped.count) + " could not be looked at\n";
    }
    for (const auto& [schema, count] : audit.skipped.notUnderstood) {
        text += std::to_string(count) + " of them not understood (" + printableText(schema) +
                "): a newer program may have written them; install that and audit again\n";
    }
    if (report.rsaKeys + report.eccKeys == 0) {
        return text + "no key was looked at, so nothing is known\n";
    }
    return text + (report.weakKeys == 0 ? "no weak key\n" : counted(report.weakKeys, "weak key") + "\n");
}

} // namespace enroll::app::enrollctl
