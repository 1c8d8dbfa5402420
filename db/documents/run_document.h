#pragma once

#include "core/enrollment/attestation_run.h"
#include "db/documents/not_understood.h"

#include <QByteArray>
#include <QJsonObject>

namespace enroll::db::documents {

inline constexpr std::string_view kRunDocument = "enrollment-station/attestation-run";
inline constexpr std::string_view kRunSchema = "enrollment-station/attestation-run/1"; ///< what this program writes

/// The run document: every member is always there, null where the run has nothing to say. Times UTC with milliseconds,
/// durations in milliseconds (busyMs with the microseconds as decimals), keys base64 of TPM2B_PUBLIC, digests and names
/// hex. A word that a newer program wrote is written again as it was. runFromJson() gives exactly \p run back.
QJsonObject toJson(const enrollment::AttestationRun& run);

/// Reads a run of any version that this program knows, and of a newer one as far as its newest reader gets. A nullable
/// member that is absent is null. Words, members and versions that are not known go into \p notUnderstood and are no
/// error. A missing member and a wrong type are Error S-334 with the member's path.
Result<enrollment::AttestationRun> runFromJson(const QJsonObject& document, NotUnderstood& notUnderstood);
/// runFromJson() for a caller that needs no remarks.
Result<enrollment::AttestationRun> runFromJson(const QJsonObject& document);
Result<enrollment::AttestationRun> runFromJson(const QByteArray& text);

/// The document as it is stored and hashed: UTF-8, no white space, members in Unicode order.
QByteArray canonicalBytes(const enrollment::AttestationRun& run);

} // namespace enroll::db::documents
