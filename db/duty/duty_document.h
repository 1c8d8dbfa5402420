#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/station/duty_memory.h"

#include <QByteArray>

namespace enroll::db::duty {

inline constexpr std::string_view kDutyDocument = "enrollment-station/duty";
inline constexpr std::string_view kDutySchema = "enrollment-station/duty/1"; ///< what this program writes

/// What the file holds.
struct FiledDuty {
    station::Duty duty;
    std::int64_t unsavedActs = 0; ///< that could not be written into the journal yet; 0 or more
    bool operator==(const FiledDuty&) const = default;
};

/// Readable JSON of a few lines: maintenance looks at it.
QByteArray dutyText(const FiledDuty& filed);

/// Inverse, for every version that this program knows and a newer one as far as its newest reader gets. What it does not
/// know is passed over: the file is as old as the last change. Error S-334 with the member that is wrong: none is read by
/// halves.
Result<FiledDuty> dutyFromText(ByteView text);

} // namespace enroll::db::duty
