#include "db/documents/run_document.h"

#include "db/documents/evidence_document.h"

#include <cmath>

namespace enroll::db::documents {

using namespace enrollment;

namespace {

QJsonObject traffic(const attestation::TpmTraffic& value)
{
    constexpr double kMicrosecondsPerMillisecond = 1000.0;
    return {{QLatin1String("commands"), static_cast<qint64>(value.commands)},
            {QLatin1String("busyMs"), static_cast<double>(value.busy.count()) / kMicrosecondsPerMillisecond},
            {QLatin1String("bytesOut"), static_cast<qint64>(value.bytesOut)},
            {QLatin1String("bytesIn"), static_cast<qint64>(value.bytesIn)},
            {QLatin1String("retries"), static_cast<qint64>(value.retries)}};
}

Result<attestation::TpmTraffic> trafficFrom(const MemberReader& reader)
{
    constexpr double kMicrosecondsPerMillisecond = 1000.0;
    constexpr double kMostMicroseconds =
        0x1p50; // 35 years: as decimals of a millisecond, a double still tells them apart
    attestation::TpmTraffic value;
    TRY_ASSIGN(value.commands, reader.count("commands"));
    TRY_ASSIGN(value.bytesOut, reader.count("bytesOut"));
    TRY_ASSIGN(value.bytesIn, reader.count("bytesIn"));
    TRY_ASSIGN(value.retries, reader.count("retries"));
    const auto busy = TRY(reader.number("busyMs")) * kMicrosecondsPerMillisecond;
    if (std::abs(busy) > kMostMicroseconds) {
        return reader.fault("busyMs", "is out of range");
    }
    value.busy = std::chrono::microseconds{std::llround(busy)};
    return value;
}

QJsonObject stamp(const ProfileStamp& value)
{
    return {{QLatin1String("name"), toQString(value.name)},
            {QLatin1String("version"), toQString(value.version)},
            {QLatin1String("sha256"), toQString(value.sha256)}};
}

Result<ProfileStamp> stampFrom(const MemberReader& reader)
{
    ProfileStamp stamp;
    TRY_ASSIGN(stamp.name, reader.text("name"));
    TRY_ASSIGN(stamp.version, reader.text("version"));
    TRY_ASSIGN(stamp.sha256, reader.text("sha256"));
    return stamp;
}

QJsonValue codeOrNull(const std::optional<ErrorCode>& code)
{
    return code ? QJsonValue{toQString(describe(*code).text)} : QJsonValue{QJsonValue::Null};
}

QJsonValue registrationIdOrNull(const std::optional<RegistrationId>& id)
{
    return id ? QJsonValue{toQString(id->text())} : QJsonValue{QJsonValue::Null};
}

Result<std::optional<RegistrationId>> registrationIdFrom(const MemberReader& reader)
{
    TRY_ASSIGN(auto text, reader.textIfAny("registrationId"));
    return text ? std::optional{RegistrationId{std::move(*text)}} : std::nullopt;
}

Result<Outcome> outcomeFrom(const MemberReader& reader)
{
    return reader.word(
        "outcome", {Outcome::Pass, Outcome::Fail, Outcome::Hold, Outcome::StationFault, Outcome::Aborted}, outcomeText);
}

void writeWho(QJsonObject& document, const AttestationRun& run)
{
    document[QLatin1String("runId")] = toQString(run.runId.text());
    document[QLatin1String("stationId")] = toQString(run.stationId.text());
    document[QLatin1String("operator")] = toQString(run.operatorId.text());
    document[QLatin1String("batch")] = toQString(run.batch.text());
    document[QLatin1String("slot")] = run.slot.value;
    document[QLatin1String("serialNumber")] = toQString(run.serialNumber.text());
    document[QLatin1String("device")] = toQString(run.device);
    document[QLatin1String("profile")] = stamp(run.profile);
    document[QLatin1String("startedAt")] = toQString(toIso8601(run.startedAt));
    document[QLatin1String("durationMs")] = static_cast<qint64>(run.duration.count());
    document[QLatin1String("software")] = QJsonObject{{QLatin1String("version"), toQString(run.software.version)},
                                                      {QLatin1String("build"), toQString(run.software.build)}};
}

Result<void> readWho(const MemberReader& reader, AttestationRun& run)
{
    run.runId = RunId{TRY(reader.text("runId"))};
    run.stationId = StationId{TRY(reader.text("stationId"))};
    run.operatorId = OperatorId{TRY(reader.text("operator"))};
    run.batch = BatchId{TRY(reader.text("batch"))};
    run.slot = SlotNumber{TRY(reader.integerAs<int>("slot"))};
    run.serialNumber = SerialNumber{TRY(reader.text("serialNumber"))};
    TRY_ASSIGN(run.device, reader.text("device"));
    run.profile = TRY(stampFrom(TRY(reader.object("profile"))));
    TRY_ASSIGN(run.startedAt, reader.time("startedAt"));
    TRY_ASSIGN(run.duration, reader.milliseconds("durationMs"));
    TRY_ASSIGN(const auto software, reader.object("software"));
    TRY_ASSIGN(run.software.version, software.text("version"));
    TRY_ASSIGN(run.software.build, software.text("build"));
    return {};
}

void writeResult(QJsonObject& document, const AttestationRun& run)
{
    document[QLatin1String("outcome")] = toQString(outcomeText(run.outcome));
    document[QLatin1String("code")] = codeOrNull(run.code);
    document[QLatin1String("headline")] = toQString(run.headline);
    document[QLatin1String("nextStep")] = toQString(run.nextStep);
    document[QLatin1String("registrationId")] = registrationIdOrNull(run.registrationId);
    document[QLatin1String("tpmTraffic")] = traffic(run.traffic);
    document[QLatin1String("record")] = objectOrNull(run.record);
}

Result<void> readResult(const MemberReader& reader, AttestationRun& run)
{
    TRY_ASSIGN(run.outcome, outcomeFrom(reader));
    TRY_ASSIGN(run.code, errorCodeFrom(reader, "code"));
    TRY_ASSIGN(run.headline, reader.text("headline"));
    TRY_ASSIGN(run.nextStep, reader.text("nextStep"));
    TRY_ASSIGN(run.registrationId, registrationIdFrom(reader));
    run.traffic = TRY(trafficFrom(TRY(reader.object("tpmTraffic"))));
    TRY_ASSIGN(run.record, objectIfAny(reader, "record", recordSummaryFrom));
    return {};
}

void writeEvidence(QJsonObject& document, const AttestationRun& run)
{
    document[QLatin1String("endorsementKey")] = objectOrNull(run.endorsementKey);
    document[QLatin1String("endorsementKeys")] = listOf(run.endorsementKeys);
    document[QLatin1String("storageRootKey")] = objectOrNull(run.storageRootKey);
    document[QLatin1String("tpm")] = objectOrNull(run.tpm);
    document[QLatin1String("steps")] = listOf(run.steps);
    document[QLatin1String("findings")] = listOf(run.findings);
}

Result<void> readEvidence(const MemberReader& reader, AttestationRun& run)
{
    TRY_ASSIGN(run.endorsementKey, objectIfAny(reader, "endorsementKey", endorsementKeyFrom));
    TRY_ASSIGN(run.endorsementKeys, listFrom(reader, "endorsementKeys", endorsementKeyFrom));
    TRY_ASSIGN(run.storageRootKey, objectIfAny(reader, "storageRootKey", storageRootKeyFrom));
    TRY_ASSIGN(run.tpm, objectIfAny(reader, "tpm", tpmIdentityFrom));
    TRY_ASSIGN(run.steps, listFrom(reader, "steps", stepFrom));
    TRY_ASSIGN(run.findings, listFrom(reader, "findings", findingFrom));
    return {};
}

} // namespace

QJsonObject toJson(const AttestationRun& run)
{
    QJsonObject document{{QLatin1String("schema"), toQString(kRunSchema)}};
    writeWho(document, run);
    writeResult(document, run);
    writeEvidence(document, run);
    return document;
}

Result<AttestationRun> runFromJson(const QJsonObject& document)
{
    const MemberReader reader{document};
    TRY(reader.requireSchema(kRunSchema));
    AttestationRun run;
    TRY(readWho(reader, run));
    TRY(readResult(reader, run));
    TRY(readEvidence(reader, run));
    return run;
}

Result<AttestationRun> runFromJson(const QByteArray& text)
{
    return runFromJson(TRY(parseJsonObject(text)));
}

QByteArray canonicalBytes(const AttestationRun& run)
{
    return canonicalJson(toJson(run));
}

} // namespace enroll::db::documents
