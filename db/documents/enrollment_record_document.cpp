#include "db/documents/enrollment_record_document.h"

#include "core/attestation/public_area.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/crypto/digest.h"
#include "core/enrollment/registration_id.h"
#include "db/documents/enrollment_settings_document.h"
#include "db/documents/member_reader.h"
#include "db/qt/values.h"

namespace enroll::db::documents {

using qt::toQString;
using namespace enrollment;

namespace {

Result<EnrollmentRecord> readVersion1(const MemberReader& reader)
{
    EnrollmentRecord record;
    TRY_ASSIGN(auto registrationId, reader.text("registrationId"));
    record.registrationId = RegistrationId{std::move(registrationId)};
    TRY_ASSIGN(auto serialNumber, reader.text("serialNumber"));
    record.serialNumber = SerialNumber{std::move(serialNumber)};
    TRY_ASSIGN(record.endorsementKey, reader.base64("endorsementKey"));
    TRY_ASSIGN(record.endorsementKeyDigest, reader.hex("endorsementKeySha256"));
    TRY_ASSIGN(auto runId, reader.text("runId"));
    record.runId = RunId{std::move(runId)};
    TRY_ASSIGN(record.createdAt, reader.time("createdAt"));
    TRY_ASSIGN(auto batch, reader.text("batch"));
    record.batch = BatchId{std::move(batch)};
    TRY_ASSIGN(record.deviceId, reader.text("deviceId"));
    TRY_ASSIGN(const auto settings, reader.objectIfAny("settings"));
    if (settings) {
        TRY(readSettings(*settings, UnknownPolicy::Remarked, record.settings));
        settings->remarkOthers();
    }
    TRY(recoded(requireSoundRecord(record), StationCode::DocumentMalformed));
    reader.remarkOthers();
    return record;
}

constexpr std::array kReaders{
    VersionReader<EnrollmentRecord>{1, readVersion1},
};

} // namespace

QJsonObject toJson(const EnrollmentRecord& record)
{
    QJsonObject object{{QLatin1String("schema"), toQString(kRecordSchema)},
                       {QLatin1String("registrationId"), toQString(record.registrationId.text())},
                       {QLatin1String("serialNumber"), toQString(record.serialNumber.text())},
                       {QLatin1String("endorsementKey"), base64Value(record.endorsementKey)},
                       {QLatin1String("endorsementKeySha256"), hexValue(record.endorsementKeyDigest)},
                       {QLatin1String("runId"), toQString(record.runId.text())},
                       {QLatin1String("createdAt"), toQString(toIso8601(record.createdAt))},
                       {QLatin1String("batch"), toQString(record.batch.text())},
                       {QLatin1String("deviceId"), toQString(record.deviceId)}};
    if (record.settings != EnrollmentSettings{}) {
        QJsonObject settings;
        putSettings(settings, record.settings);
        object.insert(QLatin1String("settings"), settings);
    }
    return object;
}

Result<EnrollmentRecord> recordFromJson(const QJsonObject& document, NotUnderstood& notUnderstood)
{
    return readByVersion(MemberReader{document, notUnderstood}, kRecordDocument, kReaders);
}

Result<EnrollmentRecord> recordFromJson(const QJsonObject& document)
{
    return readByVersion(MemberReader{document}, kRecordDocument, kReaders);
}

Result<EnrollmentRecord> recordFromJson(const QByteArray& text)
{
    TRY_ASSIGN(const auto document, parseJsonObject(text));
    return recordFromJson(document);
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
        return makeError(StationCode::DocumentMalformed, "endorsementKeySha256 is not the digest of endorsementKey");
    }
    TRY(parseRegistrationId(record.registrationId.text()));
    return {};
}

} // namespace enroll::db::documents
