#include "db/documents/enrollment_record_document.h"

#include "core/attestation/public_area.h"
#include "core/base/station_code.h"
#include "core/crypto/digest.h"
#include "core/enrollment/registration_id.h"
#include "db/documents/member_reader.h"

namespace enroll::db::documents {

using namespace enrollment;

QJsonObject toJson(const EnrollmentRecord& record)
{
    return {{QLatin1String("schema"), toQString(kRecordSchema)},
            {QLatin1String("registrationId"), toQString(record.registrationId.text())},
            {QLatin1String("serialNumber"), toQString(record.serialNumber.text())},
            {QLatin1String("endorsementKey"), base64Value(record.endorsementKey)},
            {QLatin1String("endorsementKeySha256"), hexValue(record.endorsementKeyDigest)},
            {QLatin1String("runId"), toQString(record.runId.text())},
            {QLatin1String("createdAt"), toQString(toIso8601(record.createdAt))},
            {QLatin1String("batch"), toQString(record.batch.text())},
            {QLatin1String("deviceId"), toQString(record.deviceId)}};
}

Result<EnrollmentRecord> recordFromJson(const QJsonObject& document)
{
    const MemberReader reader{document};
    TRY(reader.requireSchema(kRecordSchema));
    EnrollmentRecord record;
    record.registrationId = RegistrationId{TRY(reader.text("registrationId"))};
    record.serialNumber = SerialNumber{TRY(reader.text("serialNumber"))};
    TRY_ASSIGN(record.endorsementKey, reader.base64("endorsementKey"));
    TRY_ASSIGN(record.endorsementKeyDigest, reader.hex("endorsementKeySha256"));
    record.runId = RunId{TRY(reader.text("runId"))};
    TRY_ASSIGN(record.createdAt, reader.time("createdAt"));
    record.batch = BatchId{TRY(reader.text("batch"))};
    TRY_ASSIGN(record.deviceId, reader.text("deviceId"));
    TRY(requireSoundRecord(record));
    return record;
}

Result<EnrollmentRecord> recordFromJson(const QByteArray& text)
{
    return recordFromJson(TRY(parseJsonObject(text)));
}

QByteArray canonicalBytes(const EnrollmentRecord& record)
{
    return canonicalJson(toJson(record));
}

Result<void> requireSoundRecord(const EnrollmentRecord& record)
{
    TRY(attestation::parsePublic(record.endorsementKey));
    TRY_ASSIGN(const auto digest, crypto::sha256({record.endorsementKey}));
    if (!equalBytes(record.endorsementKeyDigest, digest)) {
        return makeError(StationCode::InputInvalid, "endorsementKeySha256: is not the digest of endorsementKey");
    }
    TRY(parseRegistrationId(record.registrationId.text()));
    return {};
}

} // namespace enroll::db::documents
