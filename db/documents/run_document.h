#pragma once

#include "core/enrollment/attestation_run.h"

#include <QByteArray>
#include <QJsonObject>

namespace enroll::db::documents {

inline constexpr std::string_view kRunSchema = "enrollment-station/attestation-run/1";

/// The run document: every member is always there, null where the run has nothing to say. Times UTC with milliseconds,
/// durations in milliseconds (busyMs with the microseconds as decimals), keys base64 of TPM2B_PUBLIC, digests and names
/// hex. runFromJson() gives exactly \p run back.
QJsonObject toJson(const enrollment::AttestationRun& run);

/// Strict inverse: unknown schema, missing members, wrong types and unknown words are Error S-332 with the member's
/// path. Members that are not known are ignored.
Result<enrollment::AttestationRun> runFromJson(const QJsonObject& document);
/// The same from UTF-8 text.
Result<enrollment::AttestationRun> runFromJson(const QByteArray& text);

/// The document as it is stored and hashed: UTF-8, no white space, members in Unicode order.
QByteArray canonicalBytes(const enrollment::AttestationRun& run);

} // namespace enroll::db::documents
