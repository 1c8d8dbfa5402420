#include "core/config/scanner_section.h"

#include <algorithm>

namespace enroll::config {
namespace {

using enrollment::ScanEnd;

/// A sign that no label has at its beginning. A letter or a digit would be taken off a code that begins with it, if the
/// scanner does not send its prefix after all.
bool isSign(char c)
{
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    return c > ' ' && c <= '~' && !letter && !digit;
}

Result<void> readPrefix(const Fields& section, std::string& prefix)
{
    constexpr std::size_t kMostCharacters = 8;
    TRY(section.read("prefix", prefix,
                     "write what the scanner sends before each code, such as \"~\", or leave the key "
                     "out"));
    if (section.has("prefix") && (prefix.size() > kMostCharacters || !std::ranges::all_of(prefix, isSign))) {
        return section.errorAt("prefix", "must be 1 to 8 signs of the keyboard that are neither letters nor digits, "
                                         "such as \"~\": a serial number might begin with a letter or a digit");
    }
    if (prefix.starts_with(']')) {
        return section.errorAt("prefix", "begins with ], which AIM identifiers begin with: those are taken off anyway; "
                                         "choose another sign, or leave the key out");
    }
    return {};
}

} // namespace

Result<void> readScanner(const Fields& section, enrollment::ScannerSettings& settings)
{
    constexpr int kFewest = 4; // below it, fingers are as fast as a scanner
    constexpr int kMost = 64;  // no serial number is longer
    std::vector<Choice<ScanEnd>> ends;
    for (const auto& [word, meaning] : enrollment::kScanEndWords) {
        ends.push_back({word, meaning});
    }
    TRY(section.allowOnly(kScannerKeys, {"device", "patterns"}));
    TRY(readPrefix(section, settings.prefix));
    TRY(section.readChoice<ScanEnd>("suffix", settings.end, ends));
    return section.read("min_length", settings.minLength, kFewest, kMost);
}

} // namespace enroll::config
