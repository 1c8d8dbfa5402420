#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/enrollment/product_profile.h"
#include "core/station/kept_test.h"

#include <QByteArray>

namespace enroll::db::slot_memory {

inline constexpr std::string_view kKeptTestsDocument = "enrollment-station/slots";
inline constexpr std::string_view kKeptTestsSchema = "enrollment-station/slots/1"; ///< what this program writes

/// Readable JSON of a few lines: maintenance looks at it.
QByteArray keptTestsText(const station::KeptTests& tests);

/// Inverse, for every version that this program knows and a newer one as far as its newest reader gets. What it does not
/// know is passed over: the file is as old as the last test. Error S-334 with the member that is wrong: none is read by
/// halves. Each serial number is one that a station takes, and one that this very \p profile let in fits its pattern:
/// another one was not written by the station. The other texts are as they stand, of any length.
Result<station::KeptTests> keptTestsFromText(ByteView text, const enrollment::ProductProfile& profile);

} // namespace enroll::db::slot_memory
