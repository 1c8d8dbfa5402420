#include "core/config/scanner_section.h"

#include <algorithm>

namespace enroll::config {
namespace {

using enrollment::ScanEnd;

/// A sign that stands in no label: found a second time, it begins a second code.
bool isSign(char c)
{
    constexpr std::string_view kSigns = "~^|!$%&*=?@`#";
    return kSigns.find(c) != std::string_view::npos;
}

Result<void> readPrefix(const Fields& section, std::string& prefix)
{
    constexpr std::size_t kMostCharacters = 8;
    TRY(section.read("prefix", prefix,
                     "write what the scanner sends before each code, such as \"~\", or leave the key "
                     "out"));
    if (section.has("prefix") && (prefix.size() > kMostCharacters || !std::ranges::all_of(prefix, isSign))) {
        return section.errorAt("prefix",
                               "must be 1 to 8 of the signs ~ ^ | ! $ % & * = ? @ ` #, which stand in no label: "
                               "the next one begins the next code");
    }
    return {};
}

} // namespace

Result<void> readScanner(const Fields& section, enrollment::ScannerSettings& settings)
{
    constexpr int kFewest = 4; // below it, fingers are as fast as a scanner
    constexpr int kMost = 6;   // the label "SLOT 3" has no more
    TRY(section.allowOnly(kScannerKeys, {"device", "patterns"}));
    TRY(readPrefix(section, settings.prefix));
    TRY(section.readChoice<ScanEnd>("suffix", settings.end, choicesOf(enrollment::kScanEndWords)));
    return section.read("min_length", settings.minLength, kFewest, kMost);
}

} // namespace enroll::config
