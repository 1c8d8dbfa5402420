#include "core/station/scan_text.h"

#include "core/base/scan_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"

#include <algorithm>

namespace enroll::station {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\x1D";
constexpr std::string_view kLineEnds = "\t\r\n";
constexpr std::size_t kIdentifierSize = 3;

bool isLetter(char c) noexcept
{
    const auto lower = asciiLower(c);
    return lower >= 'a' && lower <= 'z';
}

bool beginsWithIdentifier(std::string_view text) noexcept
{
    return text.size() > kIdentifierSize && text[0] == ']' && isLetter(text[1]) &&
           (isLetter(text[2]) || (text[2] >= '0' && text[2] <= '9'));
}

std::string_view withoutBlanks(std::string_view text) noexcept
{
    const auto first = text.find_first_not_of(kBlanks);
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// True if \p text begins with an identifier that no reader sends so: its letter is assigned in the other case alone, or
/// is the "D" of Code One, which no reader knows, in place of the "d" of Data Matrix.
bool beginsExchanged(std::string_view text) noexcept
{
    constexpr std::string_view kNeverSmall =
        "acfgilqux"; // Code 39, Code 128, Codabar, Code 93, ITF, PDF417, QR, MaxiCode
    return beginsWithIdentifier(text) && (text[1] == 'D' || kNeverSmall.find(text[1]) != std::string_view::npos);
}

/// Takes an identifier off \p text, and notes in \p exchanged what it says of the case of letters.
std::string_view withoutIdentifier(std::string_view text, bool& exchanged) noexcept
{
    exchanged = exchanged || beginsExchanged(text);
    return beginsWithIdentifier(text) ? withoutBlanks(text.substr(kIdentifierSize)) : text;
}

bool isControl(char c) noexcept
{
    return static_cast<unsigned char>(c) < ' ' || c == '\x7F';
}

bool holdsTwo(std::string_view code, std::string_view prefix) noexcept
{
    if (code.find_first_of(kLineEnds) != std::string_view::npos ||
        (!prefix.empty() && code.find(prefix) != std::string_view::npos)) {
        return true;
    }
    for (auto at = code.find(']'); at != std::string_view::npos; at = code.find(']', at + 1)) {
        if (beginsWithIdentifier(code.substr(at))) {
            return true;
        }
    }
    return false;
}

} // namespace

Result<CodeInScan> codeIn(std::string_view scan, std::string_view prefix)
{
    CodeInScan found;
    auto code = withoutBlanks(scan);
    code = withoutIdentifier(code, found.caseExchanged); // some scanners send it before their prefix, others behind it
    if (!prefix.empty() && code.starts_with(prefix)) {
        code = withoutIdentifier(withoutBlanks(code.substr(prefix.size())), found.caseExchanged);
    }
    if (holdsTwo(code, prefix)) {
        return makeError(ScanCode::TwoCodesAsOne, "'" + shownText(code) + "' holds more than one code", "scan");
    }
    if (std::ranges::any_of(code, isControl)) {
        return makeError(ScanCode::SeveralFields, "'" + shownText(code) + "' holds more than one field", "scan");
    }
    found.code = code;
    return found;
}

} // namespace enroll::station
