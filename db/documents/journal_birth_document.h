#pragma once

#include "core/base/result.h"
#include "db/documents/not_understood.h"

#include <QByteArray>
#include <QJsonObject>

namespace enroll::db::documents {

inline constexpr std::string_view kBirthDocument = "enrollment-station/journal";
inline constexpr std::string_view kBirthSchema = "enrollment-station/journal/1"; ///< what this program writes

/// The first entry of every journal: which journal it is.
struct JournalBirth {
    std::string journalId; ///< UUIDv7
    bool operator==(const JournalBirth&) const = default;
};

QByteArray canonicalBytes(const JournalBirth& birth);

/// Inverse, for every version that this program knows and a newer one as far as its newest reader gets; what it does not
/// know goes into \p notUnderstood. Error S-334 with the member that is wrong.
Result<JournalBirth> journalBirthFromJson(const QJsonObject& document, NotUnderstood& notUnderstood);

} // namespace enroll::db::documents
