#include "db/documents/evidence_document.h"

#include <charconv>

namespace enroll::db::documents {

using namespace attestation;
using namespace enrollment;

namespace {

constexpr std::string_view kHandlePrefix = "handle:0x";

QJsonObject toJson(const EkCertificateEvidence& certificate)
{
    return {{QLatin1String("der"), base64Value(certificate.der)},
            {QLatin1String("issuer"), toQString(certificate.issuer)},
            {QLatin1String("serial"), toQString(certificate.serial)},
            {QLatin1String("notAfter"), toQString(toIso8601(certificate.notAfter))},
            {QLatin1String("matchesKey"), certificate.matchesKey},
            {QLatin1String("path"), toQString(crypto::pathResultText(certificate.path))}};
}

Result<EkCertificateEvidence> certificateFrom(const MemberReader& reader)
{
    using crypto::PathResult;
    EkCertificateEvidence certificate;
    TRY_ASSIGN(certificate.der, reader.base64("der"));
    TRY_ASSIGN(certificate.issuer, reader.text("issuer"));
    TRY_ASSIGN(certificate.serial, reader.text("serial"));
    TRY_ASSIGN(certificate.notAfter, reader.time("notAfter"));
    TRY_ASSIGN(certificate.matchesKey, reader.truth("matchesKey"));
    TRY_ASSIGN(certificate.path, reader.word<PathResult>("path",
                                                         {PathResult::Trusted, PathResult::UnknownIssuer,
                                                          PathResult::Invalid, PathResult::NotChecked},
                                                         crypto::pathResultText));
    return certificate;
}

Result<EkSource> sourceFrom(const MemberReader& reader)
{
    TRY_ASSIGN(const auto text, reader.text("source"));
    if (text == ekSourceText(EkSource{})) {
        return EkSource{};
    }
    if (!text.starts_with(kHandlePrefix)) {
        return reader.fault("source", "'" + text + "' is no source of a key");
    }
    std::uint32_t handle = 0;
    const auto* first = text.data() + kHandlePrefix.size();
    const auto* last = text.data() + text.size();
    const auto parsed = std::from_chars(first, last, handle, 16);
    if (parsed.ec != std::errc{} || parsed.ptr != last) {
        return reader.fault("source", "'" + text + "' holds no handle");
    }
    return EkSource{handle};
}

Result<EkTemplate> templateFrom(const MemberReader& reader)
{
    TRY_ASSIGN(const auto text, reader.text("template"));
    for (const auto kind : everyEkTemplate()) {
        if (ekTemplateText(kind) == text) {
            return kind;
        }
    }
    return reader.fault("template", "'" + text + "' is no template of a key");
}

Result<AttestationStep> stepIdFrom(const MemberReader& reader)
{
    TRY_ASSIGN(const auto text, reader.text("id"));
    for (const auto step : kAllSteps) {
        if (stepText(step) == text) {
            return step;
        }
    }
    return reader.fault("id", "'" + text + "' is no step");
}

QJsonObject toJson(const DestinationState& state)
{
    return {{QLatin1String("name"), toQString(state.destination.text())},
            {QLatin1String("state"), toQString(recordStateText(state.state))},
            {QLatin1String("code"), state.code.empty() ? QJsonValue{} : QJsonValue{toQString(state.code)}},
            {QLatin1String("reason"), state.reason.empty() ? QJsonValue{} : QJsonValue{toQString(state.reason)}}};
}

Result<DestinationState> destinationStateFrom(const MemberReader& reader)
{
    DestinationState state;
    state.destination = DestinationName{TRY(reader.text("name"))};
    TRY_ASSIGN(state.state, recordStateFrom(reader, "state"));
    state.code = TRY(reader.textIfAny("code")).value_or("");
    state.reason = TRY(reader.textIfAny("reason")).value_or("");
    return state;
}

} // namespace

Result<std::optional<ErrorCode>> errorCodeFrom(const MemberReader& reader, const char* name)
{
    TRY_ASSIGN(const auto text, reader.textIfAny(name));
    if (!text) {
        return std::optional<ErrorCode>{};
    }
    const auto code = errorCodeFromText(*text);
    if (!code) {
        return reader.fault(name, "'" + *text + "' is no code");
    }
    return code;
}

Result<RecordState> recordStateFrom(const MemberReader& reader, const char* name)
{
    return reader.word<RecordState>(
        name, {RecordState::Queued, RecordState::Sent, RecordState::Accepted, RecordState::Rejected}, recordStateText);
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
    TRY_ASSIGN(key.templateKind, templateFrom(reader));
    TRY_ASSIGN(key.certificate, objectIfAny(reader, "certificate", certificateFrom));
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
    TRY_ASSIGN(tpm.software, reader.truth("software"));
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
    TRY_ASSIGN(step.step, stepIdFrom(reader));
    TRY_ASSIGN(step.outcome,
               reader.word<StepOutcome>(
                   "outcome", {StepOutcome::Ok, StepOutcome::Finding, StepOutcome::Failed, StepOutcome::Skipped},
                   stepOutcomeText));
    TRY_ASSIGN(step.duration, reader.milliseconds("durationMs"));
    TRY_ASSIGN(step.detail, reader.text("detail"));
    return step;
}

QJsonObject toJson(const Finding& finding)
{
    return {{QLatin1String("id"), toQString(finding.id)},
            {QLatin1String("severity"), toQString(severityText(finding.severity))},
            {QLatin1String("text"), toQString(finding.text)},
            {QLatin1String("code"),
             finding.code ? QJsonValue{toQString(describe(*finding.code).text)} : QJsonValue{QJsonValue::Null}}};
}

Result<Finding> findingFrom(const MemberReader& reader)
{
    Finding finding;
    TRY_ASSIGN(finding.id, reader.text("id"));
    TRY_ASSIGN(finding.severity,
               reader.word<Severity>("severity", {Severity::Info, Severity::Warning, Severity::Hold, Severity::Fail},
                                     severityText));
    TRY_ASSIGN(finding.text, reader.text("text"));
    TRY_ASSIGN(finding.code, errorCodeFrom(reader, "code"));
    return finding;
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
    record.registrationId = RegistrationId{TRY(reader.text("registrationId"))};
    TRY_ASSIGN(record.state, recordStateFrom(reader, "state"));
    TRY_ASSIGN(record.destinations, listFrom(reader, "destinations", destinationStateFrom));
    return record;
}

} // namespace enroll::db::documents
