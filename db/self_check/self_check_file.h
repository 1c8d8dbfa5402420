#pragma once

#include "core/enrollment/self_check.h"

#include <QByteArray>

#include <filesystem>

namespace enroll::db::self_check {

inline constexpr std::string_view kSelfCheckDocument = "enrollment-station/self-check";
inline constexpr std::string_view kSelfCheckSchema = "enrollment-station/self-check/1"; ///< what this program writes

/// Readable JSON of a few lines: Quality looks at it.
QByteArray selfCheckText(const enrollment::SelfCheckStamp& stamp);

/// Inverse, for every version that this program knows and a newer one as far as its newest reader gets. Error S-334 with the
/// member that is wrong.
Result<enrollment::SelfCheckStamp> selfCheckFromText(ByteView text);

/// The file's name in a data directory.
std::filesystem::path selfCheckFile(const std::filesystem::path& dataDirectory);

/// What is kept in \p dataDirectory; none if the station was never checked. Changes nothing.
/// \par Errors   S-333 naming the file: it is no file, or cannot be read; S-334 (not the station's document)
Result<std::optional<enrollment::SelfCheckStamp>> readSelfCheck(const std::filesystem::path& dataDirectory);

/// Puts \p stamp in the place of the one before; after success it outlives a power cut. Blocks for the disk.
/// \par Errors   S-333 naming the file
Result<void> writeSelfCheck(const std::filesystem::path& dataDirectory, const enrollment::SelfCheckStamp& stamp);

} // namespace enroll::db::self_check
