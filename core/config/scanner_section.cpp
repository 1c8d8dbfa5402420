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

Result<void> readPatterns(const Fields& section, enrollment::CodePatterns& patterns)
{
    std::array<std::string_view, enrollment::kCodeKindWords.size()> words{};
    std::ranges::transform(enrollment::kCodeKindWords, words.begin(), [](const auto& row) { return row.first; });
    TRY_ASSIGN(const auto table, section.table("patterns"));
    TRY(table.allowOnly(words));
    for (const auto& [word, kind] : enrollment::kCodeKindWords) {
        std::string text;
        TRY(table.read(word, text, "write a regular expression, such as \"^WO-[0-9]{4}$\", or leave the key out"));
        if (!table.has(word)) {
            continue;
        }
        auto pattern = enrollment::SerialPattern::compile(std::move(text));
        if (!pattern.ok()) {
            return table.errorAt(word, pattern.error().what);
        }
        patterns.set(kind, std::move(pattern).value());
    }
    return {};
}

} // namespace

Result<void> readScanner(const Fields& section, enrollment::ScannerSettings& settings)
{
    constexpr int kFewest = 4; // below it, fingers are as fast as a scanner
    constexpr int kMost = 6;   // the label "SLOT 3" has no more
    TRY(section.allowOnly(kScannerKeys, {"device"}));
    TRY(readPrefix(section, settings.prefix));
    TRY(section.readChoice<ScanEnd>("suffix", settings.end, choicesOf(enrollment::kScanEndWords)));
    TRY(section.read("min_length", settings.minLength, kFewest, kMost));
    return readPatterns(section, settings.patterns);
}

} // namespace enroll::config
