#include "db/documents/evidence_document.h"

#include "db/documents/json_text.h"
#include "db/qt/values.h"

namespace enroll::db::documents {

using qt::toQString;
using namespace attestation;
using namespace enrollment;

namespace {

QJsonObject toJson(const MissingIssuer& issuer)
{
    QJsonArray addresses;
    for (const auto& address : issuer.addresses) {
        addresses.append(toQString(address));
    }
    return {{QLatin1String("name"), toQString(issuer.name)},
            {QLatin1String("keyId"), toQString(issuer.keyId)},
            {QLatin1String("addresses"), addresses}};
}

Result<MissingIssuer> missingIssuerFrom(const MemberReader& reader)
{
    MissingIssuer issuer;
    TRY_ASSIGN(issuer.name, reader.text("name"));
    TRY_ASSIGN(issuer.keyId, reader.text("keyId"));
    TRY_ASSIGN(issuer.addresses, reader.texts("addresses"));
    reader.remarkOthers();
    return issuer;
}

QJsonObject toJson(const EkCertificateEvidence& certificate)
{
    return {{QLatin1String("der"), base64Value(certificate.der)},
            {QLatin1String("issuer"), toQString(certificate.issuer)},
            {QLatin1String("serial"), toQString(certificate.serial)},
            {QLatin1String("notAfter"), toQString(toIso8601(certificate.notAfter))},
            {QLatin1String("matchesKey"), certificate.matchesKey},
            {QLatin1String("path"), toQString(crypto::pathResultText(certificate.path))},
            {QLatin1String("manufacturer"), textOrNull(certificate.manufacturer)},
            {QLatin1String("model"), textOrNull(certificate.model)},
            {QLatin1String("version"), textOrNull(certificate.version)},
            {QLatin1String("missingIssuer"), certificate.missingIssuer ? QJsonValue{toJson(*certificate.missingIssuer)}
                                                                       : QJsonValue{QJsonValue::Null}}};
}

Result<EkCertificateEvidence> certificateFrom(const MemberReader& reader)
{
    EkCertificateEvidence certificate;
    TRY_ASSIGN(certificate.der, reader.base64("der"));
    TRY_ASSIGN(certificate.issuer, reader.text("issuer"));
    TRY_ASSIGN(certificate.serial, reader.text("serial"));
    TRY_ASSIGN(certificate.notAfter, reader.time("notAfter"));
    TRY_ASSIGN(certificate.matchesKey, reader.boolean("matchesKey"));
    TRY_ASSIGN(certificate.path,
               reader.word<crypto::PathResult>("path", crypto::kAllPathResults, crypto::pathResultText));
    TRY_ASSIGN(certificate.manufacturer, reader.textIfAny("manufacturer"));
    TRY_ASSIGN(certificate.model, reader.textIfAny("model"));
    TRY_ASSIGN(certificate.version, reader.textIfAny("version"));
    TRY_ASSIGN(certificate.missingIssuer, objectIfAny(reader, "missingIssuer", missingIssuerFrom));
    reader.remarkOthers();
    return certificate;
}

Result<Word<EkSource>> sourceFrom(const MemberReader& reader)
{
    TRY_ASSIGN(const auto text, reader.text("source"));
    return reader.noted("source", ekSourceFromText(text));
}

Result<SettingAside> settingAsideFrom(const MemberReader& reader)
{
    SettingAside setAside;
    TRY_ASSIGN(setAside.at, reader.time("at"));
    TRY_ASSIGN(setAside.by, reader.text("by"));
    TRY_ASSIGN(setAside.reason, reader.text("reason"));
    reader.remarkOthers();
    return setAside;
}

QJsonObject toJson(const DestinationState& state)
{
    QJsonObject document{
        {QLatin1String("name"), toQString(state.destination.text())},
        {QLatin1String("state"), toQString(recordStateText(state.state))},
        {QLatin1String("code"), state.code.empty() ? QJsonValue{} : QJsonValue{toQString(state.code)}},
        {QLatin1String("reason"), state.reason.empty() ? QJsonValue{} : QJsonValue{toQString(state.reason)}}};
    if (state.setAside) {
        document.insert(QLatin1String("setAside"), documents::toJson(*state.setAside));
    }
    return document;
}

Result<DestinationState> destinationStateFrom(const MemberReader& reader)
{
    DestinationState state;
    TRY_ASSIGN(auto name, reader.text("name"));
    state.destination = DestinationName{std::move(name)};
    TRY_ASSIGN(state.state, recordStateFrom(reader, "state"));
    TRY_ASSIGN(auto code, reader.textIfAny("code"));
    state.code = std::move(code).value_or("");
    TRY_ASSIGN(auto reason, reader.textIfAny("reason"));
    state.reason = std::move(reason).value_or("");
    TRY_ASSIGN(state.setAside, objectIfAny(reader, "setAside", settingAsideFrom));
    reader.remarkOthers();
    return state;
}

} // namespace

QJsonValue codeOrNull(const std::optional<Word<ErrorCode>>& code)
{
    return code ? QJsonValue{toQString(codeText(*code))} : QJsonValue{QJsonValue::Null};
}

Result<std::optional<Word<ErrorCode>>> codeFrom(const MemberReader& reader, const char* name)
{
    TRY_ASSIGN(const auto text, reader.textIfAny(name));
    return text ? std::optional{reader.noted(name, codeFromText(*text))} : std::nullopt;
}

Result<Word<RecordState>> recordStateFrom(const MemberReader& reader, const char* name)
{
    return reader.word<RecordState>(name, kAllRecordStates, recordStateText);
}

QJsonObject toJson(const ProfileStamp& stamp)
{
    return {{QLatin1String("name"), toQString(stamp.name)},
            {QLatin1String("version"), toQString(stamp.version)},
            {QLatin1String("sha256"), toQString(stamp.sha256)}};
}

Result<ProfileStamp> profileStampFrom(const MemberReader& reader)
{
    ProfileStamp stamp;
    TRY_ASSIGN(stamp.name, reader.text("name"));
    TRY_ASSIGN(stamp.version, reader.text("version"));
    TRY_ASSIGN(stamp.sha256, reader.text("sha256"));
    reader.remarkOthers();
    return stamp;
}

QJsonObject toJson(const SoftwareStamp& stamp)
{
    return {{QLatin1String("version"), toQString(stamp.version)}, {QLatin1String("build"), toQString(stamp.build)}};
}

Result<SoftwareStamp> softwareStampFrom(const MemberReader& reader)
{
    SoftwareStamp stamp;
    TRY_ASSIGN(stamp.version, reader.text("version"));
    TRY_ASSIGN(stamp.build, reader.text("build"));
    reader.remarkOthers();
    return stamp;
}

QJsonObject toJson(const EndorsementKeyEvidence& key)
{
    return {{QLatin1String("public"), base64Value(key.publicArea)},
            {QLatin1String("sha256"), hexValue(key.sha256)},
            {QLatin1String("name"), hexValue(key.name)},
            {QLatin1String("algorithm"), toQString(key.algorithm)},
            {QLatin1String("source"), toQString(ekSourceText(key.source))},
            {QLatin1String("template"), toQString(ekTemplateText(key.templateKind))},
            {QLatin1String("certificate"),
             key.certificate ? QJsonValue{toJson(*key.certificate)} : QJsonValue{QJsonValue::Null}}};
}

Result<EndorsementKeyEvidence> endorsementKeyFrom(const MemberReader& reader)
{
    EndorsementKeyEvidence key;
    TRY_ASSIGN(key.publicArea, reader.base64("public"));
    TRY_ASSIGN(key.sha256, reader.hex("sha256"));
    TRY_ASSIGN(key.name, reader.hex("name"));
    TRY_ASSIGN(key.algorithm, reader.text("algorithm"));
    TRY_ASSIGN(key.source, sourceFrom(reader));
    TRY_ASSIGN(key.templateKind,
               reader.word<EkTemplate>("template", attestation::everyEkTemplate(), attestation::ekTemplateText));
    TRY_ASSIGN(key.certificate, objectIfAny(reader, "certificate", certificateFrom));
    reader.remarkOthers();
    return key;
}

QJsonObject toJson(const StorageRootKeyEvidence& key)
{
    return {{QLatin1String("public"), base64Value(key.publicArea)}, {QLatin1String("name"), hexValue(key.name)}};
}

Result<StorageRootKeyEvidence> storageRootKeyFrom(const MemberReader& reader)
{
    StorageRootKeyEvidence evidence;
    TRY_ASSIGN(evidence.publicArea, reader.base64("public"));
    TRY_ASSIGN(evidence.name, reader.hex("name"));
    reader.remarkOthers();
    return evidence;
}

QJsonObject toJson(const TpmIdentity& tpm)
{
    return {{QLatin1String("manufacturer"), toQString(tpm.manufacturer)},
            {QLatin1String("manufacturerId"), static_cast<qint64>(tpm.manufacturerId)},
            {QLatin1String("vendorString"), toQString(tpm.vendorString)},
            {QLatin1String("firmware"), toQString(tpm.firmware)},
            {QLatin1String("specRevision"), static_cast<qint64>(tpm.specRevision)},
            {QLatin1String("software"), tpm.software}};
}

Result<TpmIdentity> tpmIdentityFrom(const MemberReader& reader)
{
    TpmIdentity tpm;
    TRY_ASSIGN(tpm.manufacturer, reader.text("manufacturer"));
    TRY_ASSIGN(tpm.manufacturerId, reader.integerAs<std::uint32_t>("manufacturerId"));
    TRY_ASSIGN(tpm.vendorString, reader.text("vendorString"));
    TRY_ASSIGN(tpm.firmware, reader.text("firmware"));
    TRY_ASSIGN(tpm.specRevision, reader.integerAs<std::uint32_t>("specRevision"));
    TRY_ASSIGN(tpm.software, reader.boolean("software"));
    reader.remarkOthers();
    return tpm;
}

QJsonObject toJson(const StepRecord& step)
{
    return {{QLatin1String("id"), toQString(stepText(step.step))},
            {QLatin1String("outcome"), toQString(stepOutcomeText(step.outcome))},
            {QLatin1String("durationMs"), static_cast<qint64>(step.duration.count())},
            {QLatin1String("detail"), toQString(step.detail)}};
}

Result<StepRecord> stepFrom(const MemberReader& reader)
{
    StepRecord step;
    TRY_ASSIGN(step.step, reader.word<AttestationStep>("id", kAllSteps, stepText));
    TRY_ASSIGN(step.outcome, reader.word<StepOutcome>("outcome", kAllStepOutcomes, stepOutcomeText));
    TRY_ASSIGN(step.duration, reader.milliseconds("durationMs"));
    TRY_ASSIGN(step.detail, reader.text("detail"));
    reader.remarkOthers();
    return step;
}

QJsonObject toJson(const Finding& finding)
{
    return {{QLatin1String("id"), toQString(finding.id)},
            {QLatin1String("severity"), toQString(severityText(finding.severity))},
            {QLatin1String("text"), toQString(finding.text)},
            {QLatin1String("code"), codeOrNull(finding.code)},
            {QLatin1String("step"), finding.step ? QJsonValue{toQString(stepText(*finding.step))} : QJsonValue{}}};
}

Result<Finding> findingFrom(const MemberReader& reader)
{
    Finding finding;
    TRY_ASSIGN(finding.id, reader.text("id"));
    TRY_ASSIGN(finding.severity, reader.word<Severity>("severity", kAllSeverities, severityText));
    TRY_ASSIGN(finding.text, reader.text("text"));
    TRY_ASSIGN(finding.code, codeFrom(reader, "code"));
    if (!reader.isAbsent("step")) {
        TRY_ASSIGN(finding.step, reader.word<AttestationStep>("step", kAllSteps, stepText));
    }
    reader.remarkOthers();
    return finding;
}

QJsonObject toJson(const SettingAside& setAside)
{
    return {{QLatin1String("at"), toQString(toIso8601(setAside.at))},
            {QLatin1String("by"), toQString(setAside.by)},
            {QLatin1String("reason"), toQString(setAside.reason)}};
}

QJsonObject toJson(const RecordSummary& record)
{
    QJsonArray destinations;
    for (const auto& state : record.destinations) {
        destinations.append(toJson(state));
    }
    return {{QLatin1String("registrationId"), toQString(record.registrationId.text())},
            {QLatin1String("state"), toQString(recordStateText(record.state))},
            {QLatin1String("destinations"), destinations}};
}

Result<RecordSummary> recordSummaryFrom(const MemberReader& reader)
{
    RecordSummary record;
    TRY_ASSIGN(auto registrationId, reader.text("registrationId"));
    record.registrationId = RegistrationId{std::move(registrationId)};
    TRY_ASSIGN(record.state, recordStateFrom(reader, "state"));
    TRY_ASSIGN(record.destinations, listFrom(reader, "destinations", destinationStateFrom));
    reader.remarkOthers();
    return record;
}

} // namespace enroll::db::documents
