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

Result<void> readBaud(const Fields& section, int& baud)
{
    using enrollment::kBaudRates;
    TRY(section.read("baud", baud, kBaudRates.front(), kBaudRates.back()));
    if (std::ranges::find(kBaudRates, baud) == kBaudRates.end()) {
        return section.errorAt("baud", "must be the speed that the scanner is set to: 1200, 2400, 4800, 9600, 19200, "
                                       "38400, 57600 or 115200");
    }
    return {};
}

/// Where the kernel offers keyboards. What they type depends on the country that they are set to, and a wrong one
/// exchanges letters in silence.
bool isKeyboard(const std::filesystem::path& device)
{
    return device.string().starts_with("/dev/input/");
}

Result<void> readOwnScanner(const Fields& section, std::optional<enrollment::OwnScanner>& own)
{
    auto scanner = own.value_or(enrollment::OwnScanner{});
    TRY(section.readPath("device", "/dev", scanner.device,
                         "write the path of the scanner's device, such as \"/dev/ttyACM0\", or leave the key out for a "
                         "scanner that works as a keyboard of the desktop"));
    TRY(section.read("layout", scanner.layout,
                     "write which country's keyboard the scanner is set to, such as \"us\", or leave the key out"));
    TRY(readBaud(section, scanner.baud));
    if (scanner.device.empty()) {
        for (const auto* key : {"layout", "baud"}) {
            if (section.has(key)) {
                return section.errorAt(key, "is of a scanner with a device of its own: write scanner.device, too");
            }
        }
        return {};
    }
    if (isKeyboard(scanner.device) && !scanner.types()) {
        return section.errorAt("device",
                               "types as a keyboard does: write scanner.layout, too, which country's keyboard "
                               "the scanner is set to, such as \"us\"");
    }
    if (scanner.types() && scanner.baud != enrollment::OwnScanner{}.baud) {
        return section.errorAt("baud", "is of a serial line, and scanner.layout of a keyboard: leave one of them out");
    }
    own = std::move(scanner);
    return {};
}

} // namespace

Result<void> readScanner(const Fields& section, enrollment::ScannerSettings& settings)
{
    constexpr int kFewest = 4; // below it, fingers are as fast as a scanner
    constexpr int kMost = 6;   // the label "SLOT 3" has no more
    TRY(section.allowOnly(kScannerKeys));
    TRY(readPrefix(section, settings.prefix));
    TRY(section.readChoice<ScanEnd>("suffix", settings.end, choicesOf(enrollment::kScanEndWords)));
    TRY(section.read("min_length", settings.minLength, kFewest, kMost));
    TRY(readPatterns(section, settings.patterns));
    return readOwnScanner(section, settings.own);
}

} // namespace enroll::config
