#pragma once

#include "core/station/act.h"
#include "db/documents/not_understood.h"

#include <QByteArray>
#include <QJsonObject>

namespace enroll::db::documents {

inline constexpr std::string_view kActDocument = "enrollment-station/act";
inline constexpr std::string_view kActSchema = "enrollment-station/act/1"; ///< what this program writes

/// `{schema, what, at, stationId}` and of `{operator, account, inPlaceOf, person, slot, serialNumber, runId, cause,
/// nextSerialNumber, batch, code, reason, count, software: {version, build}, profile: {name, version, sha256}, configuration:
/// [{file, sha256}]}` those that the act says.
QJsonObject toJson(const station::Act& act);
QByteArray canonicalBytes(const station::Act& act);

/// Inverse, for every version that this program knows and a newer one as far as its newest reader gets; what it does not
/// know goes into \p notUnderstood. Error S-334 with the member that is wrong.
Result<station::Act> actFromJson(const QJsonObject& document, NotUnderstood& notUnderstood);
/// The inverse for a caller that needs no remarks.
Result<station::Act> actFromJson(const QByteArray& text);

} // namespace enroll::db::documents
