#include "db/documents/run_document.h"

#include "db/documents/evidence_document.h"
#include "db/qt/values.h"

#include <cmath>

namespace enroll::db::documents {

using qt::toQString;
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
    TRY_ASSIGN(const auto busyMs, reader.number("busyMs"));
    const auto busy = busyMs * kMicrosecondsPerMillisecond;
    if (std::abs(busy) > kMostMicroseconds) {
        return reader.fault("busyMs", "is out of range");
    }
    value.busy = std::chrono::microseconds{std::llround(busy)};
    reader.remarkOthers();
    return value;
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

/// An id of a type of its own.
template <class Id>
Result<void> readId(const MemberReader& reader, const char* name, Id& id)
{
    TRY_ASSIGN(auto text, reader.text(name));
    id = Id{std::move(text)};
    return {};
}

template <class Part>
Result<void> readPart(const MemberReader& reader, const char* name, Part& part,
                      Result<Part> (*partFrom)(const MemberReader&))
{
    TRY_ASSIGN(const auto object, reader.object(name));
    TRY_ASSIGN(part, partFrom(object));
    return {};
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
    document[QLatin1String("profile")] = documents::toJson(run.profile);
    document[QLatin1String("startedAt")] = toQString(toIso8601(run.startedAt));
    document[QLatin1String("durationMs")] = static_cast<qint64>(run.duration.count());
    document[QLatin1String("software")] = documents::toJson(run.software);
}

Result<void> readWho(const MemberReader& reader, AttestationRun& run)
{
    TRY(readId(reader, "runId", run.runId));
    TRY(readId(reader, "stationId", run.stationId));
    TRY(readId(reader, "operator", run.operatorId));
    TRY(readId(reader, "batch", run.batch));
    TRY_ASSIGN(const auto slot, reader.integerAs<int>("slot"));
    run.slot = SlotNumber{slot};
    TRY(readId(reader, "serialNumber", run.serialNumber));
    TRY_ASSIGN(run.device, reader.text("device"));
    TRY(readPart(reader, "profile", run.profile, profileStampFrom));
    TRY_ASSIGN(run.startedAt, reader.time("startedAt"));
    TRY_ASSIGN(run.duration, reader.milliseconds("durationMs"));
    return readPart(reader, "software", run.software, softwareStampFrom);
}

void writeResult(QJsonObject& document, const AttestationRun& run)
{
    document[QLatin1String("outcome")] = toQString(outcomeText(run.outcome));
    document[QLatin1String("code")] = codeOrNull(run.code);
    document[QLatin1String("headline")] = toQString(run.headline);
    document[QLatin1String("nextStep")] = toQString(run.nextStep);
    document[QLatin1String("subject")] = run.subject ? QJsonValue{toQString(*run.subject)} : QJsonValue{};
    document[QLatin1String("registrationId")] = registrationIdOrNull(run.registrationId);
    document[QLatin1String("tpmTraffic")] = traffic(run.traffic);
    document[QLatin1String("record")] = objectOrNull(run.record);
}

Result<void> readResult(const MemberReader& reader, AttestationRun& run)
{
    TRY_ASSIGN(run.outcome, reader.word<Outcome>("outcome", kAllOutcomes, outcomeText));
    TRY_ASSIGN(run.code, codeFrom(reader, "code"));
    TRY_ASSIGN(run.headline, reader.text("headline"));
    TRY_ASSIGN(run.nextStep, reader.text("nextStep"));
    TRY_ASSIGN(run.subject, reader.textIfAny("subject"));
    TRY_ASSIGN(run.registrationId, registrationIdFrom(reader));
    TRY(readPart(reader, "tpmTraffic", run.traffic, trafficFrom));
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

Result<AttestationRun> readVersion1(const MemberReader& reader)
{
    AttestationRun run;
    TRY(readWho(reader, run));
    TRY(readResult(reader, run));
    TRY(readEvidence(reader, run));
    reader.remarkOthers();
    return run;
}

constexpr std::array kReaders{
    VersionReader<AttestationRun>{1, readVersion1},
};

} // namespace

QJsonObject toJson(const AttestationRun& run)
{
    QJsonObject document{{QLatin1String("schema"), toQString(kRunSchema)}};
    writeWho(document, run);
    writeResult(document, run);
    writeEvidence(document, run);
    return document;
}

Result<AttestationRun> runFromJson(const QJsonObject& document, NotUnderstood& notUnderstood)
{
    return readByVersion(MemberReader{document, notUnderstood}, kRunDocument, kReaders);
}

Result<AttestationRun> runFromJson(const QJsonObject& document)
{
    return readByVersion(MemberReader{document}, kRunDocument, kReaders);
}

Result<AttestationRun> runFromJson(const QByteArray& text)
{
    TRY_ASSIGN(const auto document, parseJsonObject(text));
    return runFromJson(document);
}

QByteArray canonicalBytes(const AttestationRun& run)
{
    return canonicalJson(toJson(run));
}

} // namespace enroll::db::documents
