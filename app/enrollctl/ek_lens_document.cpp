#include "app/enrollctl/ek_lens_document.h"

#include "core/base/text.h"
#include "core/crypto/base64.h"
#include "db/documents/run_document.h"

#include <QJsonArray>

namespace enroll::app::enrollctl {
namespace {

constexpr int kEnrolledKey = 0; // readAllEndorsementKeys() puts it first

QString handleText(std::uint32_t handle)
{
    return QStringLiteral("0x%1").arg(handle, 8, 16, QLatin1Char('0'));
}

QJsonValue handleOrNull(const std::optional<std::uint32_t>& handle)
{
    return handle ? QJsonValue{handleText(*handle)} : QJsonValue{};
}

/// A run document made of the same keys, TPM and profile, so that their JSON form is written in one place only.
QJsonObject partialRunDocument(const EkLens& lens, const enrollment::ProfileStamp& profile)
{
    enrollment::AttestationRun run;
    run.profile = profile;
    run.tpm = lens.tpm;
    for (const auto& key : lens.keys) {
        run.endorsementKeys.push_back(key.evidence);
    }
    return db::documents::toJson(run);
}

QJsonObject withLensMembers(QJsonObject object, const LensKey& key)
{
    object.insert(QStringLiteral("handle"), handleOrNull(key.evidence.source.knownOr({}).persistentHandle));
    object.insert(QStringLiteral("registrationId"), QString::fromStdString(key.registrationId.text()));
    object.insert(QStringLiteral("certificateIndex"), handleOrNull(key.certificateIndex));
    object.insert(QStringLiteral("certificateFault"), key.certificateFault.empty()
                                                          ? QJsonValue{}
                                                          : QJsonValue{QString::fromStdString(key.certificateFault)});
    return object;
}

std::string certificateText(const LensKey& key)
{
    const auto& certificate = key.evidence.certificate;
    if (!certificate) {
        return key.certificateFault.empty() ? "no certificate" : "unreadable: " + printableText(key.certificateFault);
    }
    return std::string{pathResultText(certificate->path)} +
           (certificate->matchesKey ? ", matches the key, issued by " : ", of ANOTHER key, issued by ") +
           printableText(certificate->issuer);
}

std::string keyText(const LensKey& key)
{
    return "  source           " + ekSourceText(key.evidence.source) + "\n  template         " +
           std::string{ekTemplateText(key.evidence.templateKind)} + ", " + key.evidence.algorithm +
           "\n  registration id  " + key.registrationId.text() + "\n  certificate      " + certificateText(key) +
           "\n  public           " + crypto::toBase64(key.evidence.publicArea) + "\n";
}

} // namespace

QJsonObject ekLensDocument(const EkLens& lens, const std::string& device, const enrollment::ProfileStamp& profile)
{
    const auto& enrolled = lens.keys.at(kEnrolledKey);
    const auto run = partialRunDocument(lens, profile);
    const auto shapes = run.value(QStringLiteral("endorsementKeys")).toArray();
    QJsonArray keys;
    for (std::size_t i = 0; i < lens.keys.size(); ++i) {
        keys.append(withLensMembers(shapes.at(static_cast<qsizetype>(i)).toObject(), lens.keys[i]));
    }
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/ek-lens/1")},
            {QStringLiteral("device"), QString::fromStdString(device)},
            {QStringLiteral("profile"), run.value(QStringLiteral("profile"))},
            {QStringLiteral("tpm"), run.value(QStringLiteral("tpm"))},
            {QStringLiteral("public"), QString::fromStdString(crypto::toBase64(enrolled.evidence.publicArea))},
            {QStringLiteral("registrationId"), QString::fromStdString(enrolled.registrationId.text())},
            {QStringLiteral("enrolled"), kEnrolledKey},
            {QStringLiteral("endorsementKeys"), keys}};
}

std::string ekLensText(const EkLens& lens)
{
    std::string text;
    for (std::size_t i = 0; i < lens.keys.size(); ++i) {
        text += "EK " + std::to_string(i + 1) + " of " + std::to_string(lens.keys.size()) +
                (i == kEnrolledKey ? "  (the profile enrolls this one)" : "") + "\n" + keyText(lens.keys[i]);
    }
    return text;
}

} // namespace enroll::app::enrollctl
