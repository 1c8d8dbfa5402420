#pragma once

#include "core/config/toml_fields.h"
#include "core/enrollment/scanner_settings.h"

#include <array>

/// Includes toml++, like toml_fields.h: not included outside this folder.
namespace enroll::config {

inline constexpr std::array<std::string_view, 7> kScannerKeys{"prefix", "suffix", "min_length", "patterns",
                                                              "device", "layout", "baud"};

/// Reads `[scanner]` into \p settings. Error S-330 with file and line: a prefix of other signs than
/// those that stand in no label, a suffix that is none of its words, a length out of range, a pattern of no known kind of
/// codes or one that SerialPattern refuses, a keyboard's device without the layout that its scanner is set to, or a layout
/// or a speed without a device. A pattern that is set replaces the one of an earlier file; the others stay.
Result<void> readScanner(const Fields& section, enrollment::ScannerSettings& settings);

} // namespace enroll::config
