#pragma once

#include "core/enrollment/enrollment_record.h"
#include "db/documents/not_understood.h"

#include <QByteArray>
#include <QJsonObject>

namespace enroll::db::documents {

inline constexpr std::string_view kRecordDocument = "enrollment-station/enrollment-record";
inline constexpr std::string_view kRecordSchema =
    "enrollment-station/enrollment-record/1"; ///< what this program writes

/// The enrollment record as the journal keeps it: schema, registrationId, serialNumber, endorsementKey (base64 of
/// TPM2B_PUBLIC), endorsementKeySha256 (hex), runId, createdAt, batch, deviceId, and settings (putSettings()) where the
/// record has any.
QJsonObject toJson(const enrollment::EnrollmentRecord& record);

/// Inverse, for every version that this program knows and a newer one as far as its newest reader gets; what it does
/// not know goes into \p notUnderstood. Error S-334 with the member that is wrong; the record is sound
/// (requireSoundRecord).
Result<enrollment::EnrollmentRecord> recordFromJson(const QJsonObject& document, NotUnderstood& notUnderstood);
/// recordFromJson() for a caller that needs no remarks.
Result<enrollment::EnrollmentRecord> recordFromJson(const QJsonObject& document);
Result<enrollment::EnrollmentRecord> recordFromJson(const QByteArray& text);

QByteArray canonicalBytes(const enrollment::EnrollmentRecord& record);

/// Errors S-337, S-334 and S-338 unless the key parses as a TPM2B_PUBLIC, the digest is the key's, and the registration id is one that
/// the provisioning service takes.
Result<void> requireSoundRecord(const enrollment::EnrollmentRecord& record);

} // namespace enroll::db::documents
