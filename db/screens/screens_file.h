#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/station/measured_screen.h"

#include <QByteArray>

#include <filesystem>

namespace enroll::db::screens {

inline constexpr std::string_view kScreensDocument = "enrollment-station/screens";
inline constexpr std::string_view kScreensSchema = "enrollment-station/screens/1"; ///< what this program writes

/// Readable JSON: whoever mends a wrong measure by hand finds the screen in it.
QByteArray screensText(const station::MeasuredScreens& screens);

/// Inverse, for every version that this program knows and a newer one as far as its newest reader gets. Whether a screen
/// can be as wide is not asked here.
/// \par Errors   S-334 with the member that is wrong: also a width or a number of pixels that is not above zero
Result<station::MeasuredScreens> screensFromText(ByteView text);

/// The file's name in a data directory.
std::filesystem::path screensFile(const std::filesystem::path& dataDirectory);

/// What is kept in \p dataDirectory; no screen if none was ever measured. Changes nothing.
/// \par Errors   S-333 naming the file: it is no file, or cannot be read; S-334 (not the station's document)
Result<station::MeasuredScreens> readScreens(const std::filesystem::path& dataDirectory);

/// Puts \p screens in the place of those before; after success they outlive a power cut. Blocks for the disk.
/// \par Errors   S-333 naming the file
Result<void> writeScreens(const std::filesystem::path& dataDirectory, const station::MeasuredScreens& screens);

} // namespace enroll::db::screens
