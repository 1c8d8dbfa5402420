#include "app/enrollctl/ek_lens_document.h"

#include "app/enrollctl/json_values.h"
#include "core/attestation/ek_template_phrase.h"
#include "core/base/text.h"
#include "core/crypto/base64.h"
#include "db/documents/evidence_document.h"
#include "db/documents/json_text.h"
#include "db/documents/run_document.h"

#include <algorithm>

namespace enroll::app::enrollctl {

using db::qt::toQString;
using enrollment::Acceptor;
using enrollment::EkLens;
using enrollment::LensKey;

namespace {

QString handleText(std::uint32_t handle)
{
    return QStringLiteral("0x%1").arg(handle, 8, 16, QLatin1Char('0'));
}

QJsonValue handleOrNull(const std::optional<std::uint32_t>& handle)
{
    return handle ? QJsonValue{handleText(*handle)} : QJsonValue{};
}

/// A run document made of the same keys, TPM and profile, so that their JSON form is written in one place only.
QJsonObject partialRunDocument(const EkLens& lens, const enrollment::ProductProfile& profile)
{
    enrollment::AttestationRun run;
    run.profile = profile.stamp;
    run.tpm = lens.tpm;
    for (const auto& key : lens.keys) {
        run.endorsementKeys.push_back(key.evidence);
    }
    return db::documents::toJson(run);
}

QJsonObject weaknessDocument(const crypto::KeyWeakness& weakness)
{
    return {{QStringLiteral("weakness"), toQString(crypto::weaknessText(weakness.weakness))},
            {QStringLiteral("detail"), toQString(weakness.detail)}};
}

QJsonObject findingDocument(const attestation::Finding& finding)
{
    return db::documents::toJson(finding);
}

QJsonObject acceptorDocument(const Acceptor& acceptor)
{
    return {{QStringLiteral("who"), toQString(acceptor.who)},
            {QStringLiteral("answer"), toQString(acceptanceText(acceptor.answer))},
            {QStringLiteral("why"), toQString(acceptor.why)}};
}

QJsonObject withLensMembers(QJsonObject object, const LensKey& key)
{
    object.insert(QStringLiteral("handle"), handleOrNull(key.evidence.source.knownOr({}).persistentHandle));
    object.insert(QStringLiteral("registrationId"), QString::fromStdString(key.registrationId.text()));
    object.insert(QStringLiteral("certificateIndex"), handleOrNull(key.certificateIndex));
    object.insert(QStringLiteral("certificateFault"), textOrNull(key.certificateFault));
    object.insert(QStringLiteral("certificatePath"),
                  listOf(key.certificatePath, [](const std::string& name) { return toQString(name); }));
    object.insert(QStringLiteral("fault"), textOrNull(key.keyFault));
    object.insert(QStringLiteral("weaknesses"), listOf(key.weaknesses, weaknessDocument));
    object.insert(QStringLiteral("findings"), listOf(key.findings, findingDocument));
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

/// One line of a key: what it is about, and a text of a device, in its line.
std::string line(std::string_view what, const std::string& text)
{
    constexpr std::size_t kColumn = 17;
    std::string label{what};
    label.resize(std::max(kColumn, label.size() + 1), ' ');
    return "  " + label + printableText(text) + "\n";
}

std::string remarksText(const LensKey& key)
{
    std::string text;
    if (!key.certificatePath.empty()) {
        text += line("path", joined(key.certificatePath, " <- "));
    }
    if (!key.keyFault.empty()) {
        text += line("UNUSABLE", key.keyFault);
    }
    for (const auto& weakness : key.weaknesses) {
        text += line("WEAK", std::string{crypto::weaknessText(weakness.weakness)}.append(": ").append(weakness.detail));
    }
    for (const auto& finding : key.findings) {
        text += line(severityText(finding.severity), std::string{finding.id}.append(": ").append(finding.text));
    }
    return text;
}

std::string keyText(const LensKey& key)
{
    return "  source           " + ekSourceText(key.evidence.source) + "\n  template         " +
           attestation::ekTemplatePhrase(key.evidence.templateKind, key.evidence.publicArea) + ", " +
           key.evidence.algorithm + "\n  registration id  " + key.registrationId.text() + "\n  certificate      " +
           certificateText(key) + "\n  public           " + crypto::toBase64(key.evidence.publicArea) + "\n" +
           remarksText(key);
}

} // namespace

QJsonObject ekLensDocument(const EkLens& lens, const std::string& device, const enrollment::ProductProfile& profile)
{
    const auto* enrolled = lens.enrolled();
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
            {QStringLiteral("public"),
             enrolled == nullptr ? QJsonValue{} : db::documents::base64Value(enrolled->evidence.publicArea)},
            {QStringLiteral("registrationId"),
             textOrNull(enrolled == nullptr ? std::string{} : enrolled->registrationId.text())},
            {QStringLiteral("enrolled"), enrolled == nullptr ? QJsonValue{} : QJsonValue{0}},
            {QStringLiteral("enrolledFault"), textOrNull(lens.enrolledFault)},
            {QStringLiteral("endorsementKeys"), keys},
            {QStringLiteral("acceptedBy"), listOf(acceptorsOf(lens, profile), acceptorDocument)}};
}

std::string ekLensText(const EkLens& lens, const enrollment::ProductProfile& profile)
{
    std::string text;
    for (std::size_t i = 0; i < lens.keys.size(); ++i) {
        text += "EK " + std::to_string(i + 1) + " of " + std::to_string(lens.keys.size()) +
                (&lens.keys[i] == lens.enrolled() ? "  (the profile enrolls this one)" : "") + "\n" +
                keyText(lens.keys[i]);
    }
    if (!lens.enrolledFault.empty()) {
        text += "None is the key that the profile enrolls: " + printableText(lens.enrolledFault) + "\n";
    }
    text += "Accepted by\n";
    for (const auto& acceptor : acceptorsOf(lens, profile)) {
        text += line(acceptor.who, std::string{acceptanceText(acceptor.answer)}.append(": ").append(acceptor.why));
    }
    return text;
}

} // namespace enroll::app::enrollctl
