#include "ui/run/detail_content.h"

#include "core/attestation/certified_chip.h"
#include "core/attestation/certified_maker.h"
#include "core/base/hold_code.h"
#include "ui/model/catalog_text.h"
#include "ui/model/step_names.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>

namespace enroll::ui {
namespace {

using attestation::AttestationStep;
using attestation::EkCertificateEvidence;
using attestation::Severity;
using enrollment::AttestationRun;

struct Detail {
    Q_DECLARE_TR_FUNCTIONS(SlotDetail)
};

const AttestationRun* runIn(const station::SlotState& state)
{
    const auto* finished = std::get_if<station::SlotFinished>(&state);
    return finished == nullptr ? nullptr : &finished->run;
}

/// On the screen "connect" and "identify-tpm" are one step.
std::optional<std::chrono::milliseconds> usualOf(const StepLine& line, const station::UsualDurations* usual)
{
    const auto* step = line.step.known();
    if (usual == nullptr || step == nullptr ||
        *step == AttestationStep::Record) { // nobody measures how long saving takes
        return std::nullopt;
    }
    const auto own = usual->step(*step);
    const auto before = *step == AttestationStep::IdentifyTpm ? usual->step(AttestationStep::Connect) : std::nullopt;
    return own && before ? std::optional{*own + *before} : own;
}

std::vector<DetailStep> stepsOf(const station::SlotState& state, const TileContext& context)
{
    std::vector<DetailStep> steps;
    for (auto& line : stepLines(state)) {
        const auto usually = usualOf(line, context.usual);
        steps.push_back({std::move(line), usually, usually ? secondsText(*usually) : QString()});
    }
    return steps;
}

QString severityName(Severity severity)
{
    return severity == Severity::Warning ? Detail::tr("Warning") : Detail::tr("Note");
}

/// The words of a code that decided nothing on the tile. Another headline than the tile's has no subject that is known.
QString headlineBeside(const std::optional<Word<ErrorCode>>& code, const AttestationRun& run)
{
    const auto known = knownIn(code);
    return known && known != knownIn(run.code) ? headlineText(*known) : QString();
}

std::vector<DetailFinding> findingsOf(const AttestationRun& run)
{
    std::vector<DetailFinding> findings;
    for (const auto& finding : run.findings) {
        const auto severity = finding.severity.knownOr(Severity::Info);
        findings.push_back({finding.severity, finding.code,
                            finding.code ? documentText(std::string{codeText(*finding.code)}) : severityName(severity),
                            headlineBeside(finding.code, run), documentText(finding.text)});
    }
    std::ranges::stable_sort(findings, std::greater{},
                             [](const DetailFinding& each) { return each.severity.knownOr(Severity::Info); });
    return findings;
}

/// "3 h"; empty for a time that the clock has not reached: it was set back.
QString ageText(UtcTime time)
{
    using namespace std::chrono_literals;
    const auto age = utcNow() - time;
    if (age < 0ms) {
        return {};
    }
    if (age < 2h) {
        return Detail::tr("%1 min", "an age").arg(std::chrono::floor<std::chrono::minutes>(age).count());
    }
    return age < 48h ? Detail::tr("%1 h", "an age").arg(std::chrono::floor<std::chrono::hours>(age).count())
                     : Detail::tr("%1 days", "an age").arg(std::chrono::floor<std::chrono::days>(age).count());
}

QString beforeText(UtcTime ended)
{
    const auto local = QDateTime::fromMSecsSinceEpoch(ended.time_since_epoch().count());
    const auto at =
        QString(local.date().toString(Qt::ISODate) + QLatin1Char(' ') + local.toString(QStringLiteral("HH:mm")));
    const auto age = ageText(ended).replace(QLatin1Char(' '), QChar(QChar::Nbsp)); // number and unit stay together
    const auto when = age.isEmpty() ? at : Detail::tr("%1, %2 ago", "a time, and how long ago that is").arg(at, age);
    return Detail::tr("From before the restart: the test ended %1. Compare the device's label with this serial.")
        .arg(when);
}

QString pathText(const Word<crypto::PathResult>& path)
{
    switch (path.knownOr(crypto::PathResult::NotChecked)) {
    case crypto::PathResult::Trusted:
        return Detail::tr("leads to a trusted authority");
    case crypto::PathResult::UnknownIssuer:
        return Detail::tr("its authority is not known here");
    case crypto::PathResult::Invalid:
        return Detail::tr("leads to no trusted authority");
    case crypto::PathResult::NotChecked:
        break;
    }
    return Detail::tr("not checked");
}

QString dayText(UtcTime time)
{
    return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count(), Qt::UTC).date().toString(Qt::ISODate);
}

void addCertificate(std::vector<FactLine>& facts, const EkCertificateEvidence& certificate)
{
    if (certificate.manufacturer) {
        const auto maker = attestation::certifiedMakerText(*certificate.manufacturer);
        facts.push_back({DeviceFact::Maker, Detail::tr("Maker"),
                         documentText(maker + " " + certificate.model.value_or(std::string{})).trimmed()});
    }
    if (certificate.version) {
        const auto version =
            attestation::certifiedFirmwareText(certificate.manufacturer.value_or(std::string{}), *certificate.version);
        facts.push_back({DeviceFact::MadeWith, Detail::tr("First firmware"), documentText(version)});
    }
    if (!certificate.issuer.empty()) {
        facts.push_back({DeviceFact::Issuer, Detail::tr("Issued by"), documentText(certificate.issuer)});
    }
    facts.push_back({DeviceFact::Path, Detail::tr("Certificate"), pathText(certificate.path)});
    facts.push_back({DeviceFact::ValidUntil, Detail::tr("Valid until"), dayText(certificate.notAfter)});
}

void addIdentity(std::vector<FactLine>& facts, const AttestationRun& run)
{
    const bool ofOther = run.code == HoldCode::EkEnrolledElsewhere || run.code == HoldCode::TpmEnrolledElsewhere ||
                         run.code == HoldCode::RegistrationIdTaken || run.code == HoldCode::EkReadElsewhere;
    if (ofOther && run.subject && !run.subject->empty()) {
        facts.push_back({DeviceFact::OtherDevice, Detail::tr("Other device"), documentText(*run.subject)});
    }
    if (run.registrationId) {
        facts.push_back(
            {DeviceFact::RegistrationId, Detail::tr("Registration id"), documentText(run.registrationId->text())});
    }
}

QString groupedHex(const Bytes& bytes)
{
    constexpr qsizetype kShown = 12;
    auto hex = QString::fromStdString(toHex(bytes)).left(kShown);
    for (qsizetype i = hex.size() - 4; i > 0; i -= 4) {
        hex.insert(i, QLatin1Char(' '));
    }
    return hex;
}

void addKey(std::vector<FactLine>& facts, const AttestationRun& run)
{
    if (run.endorsementKey) {
        facts.push_back({DeviceFact::EkDigest, Detail::tr("EK"), groupedHex(run.endorsementKey->sha256)});
    }
}

void addTpm(std::vector<FactLine>& facts, const AttestationRun& run)
{
    if (run.tpm) {
        facts.push_back({DeviceFact::Tpm, Detail::tr("TPM"),
                         documentText(run.tpm->manufacturer + " " + run.tpm->vendorString).simplified()});
        facts.push_back({DeviceFact::Firmware, Detail::tr("Firmware"), documentText(run.tpm->firmware)});
    }
}

FactLine addressLine(const std::string& device)
{
    return {DeviceFact::Address, Detail::tr("Address"), QString::fromStdString(device)};
}

/// Where the device was tested; before that, where the slot's devices come.
std::string addressIn(const station::SlotState& state, const std::string& device)
{
    const auto* run = runIn(state);
    return run == nullptr || run->device.empty() ? device : run->device;
}

std::vector<FactLine> factsOf(const station::SlotState& state, const std::string& device)
{
    std::vector<FactLine> facts;
    if (const auto* run = runIn(state)) {
        addIdentity(facts, *run);
        addKey(facts, *run);
        if (run->endorsementKey && run->endorsementKey->certificate) {
            addCertificate(facts, *run->endorsementKey->certificate);
        }
        addTpm(facts, *run);
    }
    facts.push_back(addressLine(addressIn(state, device)));
    return facts;
}

} // namespace

std::vector<FactLine> tpmFacts(const station::SlotState& state, const std::string& device)
{
    std::vector<FactLine> facts;
    if (const auto* run = runIn(state)) {
        addTpm(facts, *run);
        addKey(facts, *run);
    }
    facts.push_back(addressLine(addressIn(state, device)));
    return facts;
}

bool isHex(DeviceFact fact) noexcept
{
    return fact == DeviceFact::RegistrationId || fact == DeviceFact::EkDigest;
}

DetailContent detailContent(const station::SlotState& state, const TileContext& context)
{
    DetailContent content;
    content.tile = tileContent(state, context);
    content.steps = stepsOf(state, context);
    if (const auto* run = runIn(state)) {
        content.findings = findingsOf(*run);
    }
    content.facts = factsOf(state, context.device);
    content.records = recordLines(content.tile, state, context.record);
    if (content.tile.endedBefore) {
        content.before = beforeText(*content.tile.endedBefore);
    }
    return content;
}

QString accessibleText(const DetailContent& content)
{
    QStringList parts;
    if (!content.before.isEmpty()) {
        parts << content.before;
    }
    for (const auto& finding : content.findings) {
        parts << Detail::tr("%1: %2 %3", "read aloud: code, headline, what was found")
                     .arg(finding.mark, finding.headline, finding.text);
    }
    for (const auto& step : content.steps) {
        parts << (step.usually ? Detail::tr("%1, usually %2", "read aloud: a step and its time")
                                     .arg(accessibleText(step.line), step.usual)
                               : accessibleText(step.line));
    }
    for (const auto& fact : content.facts) {
        parts << Detail::tr("%1: %2", "read aloud: what is known, and what it is").arg(fact.name, fact.value);
    }
    return parts.join(QLatin1String("; "));
}

} // namespace enroll::ui
