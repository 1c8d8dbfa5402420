#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "db/documents/not_understood.h"

#include <QByteArray>
#include <QJsonObject>

namespace enroll::db::documents {

inline constexpr std::string_view kClockAcceptanceDocument = "enrollment-station/clock-acceptance";
inline constexpr std::string_view kClockAcceptanceSchema =
    "enrollment-station/clock-acceptance/1"; ///< what this program writes

/// Somebody's word that the clock was fast when the latest runs began, and is right now.
struct ClockAcceptance {
    UtcTime acceptedAt; ///< by the clock that was accepted
    UtcTime latestRun;  ///< when the latest run had begun by the clock of its day: later than acceptedAt
    std::string by;
    std::string reason;
    bool operator==(const ClockAcceptance&) const = default;
};

QJsonObject toJson(const ClockAcceptance& acceptance);
QByteArray canonicalBytes(const ClockAcceptance& acceptance);

/// Inverse, as journalBirthFromJson().
Result<ClockAcceptance> clockAcceptanceFromJson(const QJsonObject& document, NotUnderstood& notUnderstood);

} // namespace enroll::db::documents
