#pragma once

#include "core/enrollment/enrollment_record.h"

#include <QByteArray>
#include <QJsonObject>

namespace enroll::db::documents {

inline constexpr std::string_view kRecordSchema = "enrollment-station/enrollment-record/1";

/// The enrollment record as the journal keeps it: schema, registrationId, serialNumber, endorsementKey (base64 of
/// TPM2B_PUBLIC), endorsementKeySha256 (hex), runId, createdAt, batch, deviceId.
QJsonObject toJson(const enrollment::EnrollmentRecord& record);

/// Strict inverse. Error S-332 with the member that is wrong; the record is sound (requireSoundRecord).
Result<enrollment::EnrollmentRecord> recordFromJson(const QJsonObject& document);
/// The same from UTF-8 text.
Result<enrollment::EnrollmentRecord> recordFromJson(const QByteArray& text);

QByteArray canonicalBytes(const enrollment::EnrollmentRecord& record);

/// Error S-332 unless the key parses as a TPM2B_PUBLIC, the digest is the key's, and the registration id is one that
/// the provisioning service takes.
Result<void> requireSoundRecord(const enrollment::EnrollmentRecord& record);

} // namespace enroll::db::documents
