#include "core/station/scan_router.h"

#include "core/base/scan_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/station/scan_text.h"
#include "core/station/slot_label.h"

#include <algorithm>
#include <charconv>

namespace enroll::station {
namespace {

using enrollment::CodeKind;
using enrollment::SlotNumber;

constexpr std::size_t kMostOfACode = 64;

Error refusal(ErrorCode code, std::string what)
{
    return makeError(code, std::move(what), "scan");
}

std::string shown(std::string_view code)
{
    return "'" + shownText(code.substr(0, kMostOfACode)) + "'";
}

bool hasLetters(std::string_view code)
{
    return asciiCaseExchanged(code) != code;
}

/// Of the label of a slot; 0, which no slot has, if it says none.
SlotNumber numberAtTheEnd(std::string_view label)
{
    constexpr std::string_view kDigits = "0123456789";
    const auto before = label.find_last_not_of(kDigits);
    const auto digits = label.substr(before == std::string_view::npos ? 0 : before + 1);
    int number = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return SlotNumber{fault == std::errc{} ? number : 0};
}

/// True if \p code begins or ends with the label of a slot, and has more: the end of a line between two codes was lost.
bool hasLabelBesideIt(std::string_view code)
{
    for (std::size_t first = 1; first < code.size(); ++first) {
        if (slotOfLabel(code.substr(0, first)) || slotOfLabel(code.substr(first))) {
            return true;
        }
    }
    return false;
}

Result<ScannedCode> batchOf(const std::string& code)
{
    if (code.size() > kMostOfACode) {
        return refusal(ScanCode::BatchTooLong,
                       shown(code) + " begins a batch of " + std::to_string(code.size()) + " characters");
    }
    return ScannedCode{enrollment::BatchId{code}};
}

} // namespace

Result<ScannedCode> ScanRouter::read(std::string_view scan, const EntryWay& way) const
{
    if (way.pace == EntryWay::Pace::Mixed) {
        return refusal(ScanCode::KeysAmongScan, shown(scan) + " is of a scanner and of other keys");
    }
    TRY_ASSIGN(const auto found, codeIn(scan, m_settings.prefix));
    if (found.caseExchanged && hasLetters(found.code)) {
        return refusal(ScanCode::CapsLockIsOn, shown(scan) + " has its identifier in the other case");
    }
    return codeOf(found.code, way);
}

Result<ScannedCode> ScanRouter::codeOf(const std::string& code, const EntryWay& way) const
{
    TRY_ASSIGN(const auto command, m_commands.read(code));
    if (command) { // in either case
        return ScannedCode{*command};
    }
    const auto kinds = kindsOf(code);
    if (kinds.size() > 1) {
        const bool mayBeBadge = std::ranges::find(kinds, CodeKind::Badge) != kinds.end(); // its text stands in no log
        return refusal(ScanCode::CodeOfTwoKinds, (mayBeBadge ? "a code" : shown(code)) + " fits the patterns of " +
                                                     std::string{wordOf(kinds[0])} + " and " +
                                                     std::string{wordOf(kinds[1])});
    }
    if (kinds.empty() && !takesAnySerial()) {
        return unfitting(code);
    }
    if (kinds.empty()) {
        TRY(requireNothingElse(code));
    }
    // A scanner presses Shift for a capital, and Caps Lock makes it a small letter.
    const auto exchanged = asciiCaseExchanged(code);
    const bool either = exchanged != code && (takesAnySerial() || !kindsOf(exchanged).empty());
    if (either && way.capsLock && way.pace == EntryWay::Pace::Scanner) {
        return refusal(ScanCode::CapsLockMayExchange, shown(code) + " fits in either case");
    }
    return ofKind(kinds.empty() ? CodeKind::Serial : kinds.front(), code, way);
}

Result<void> ScanRouter::requireNothingElse(const std::string& code) const
{
    if (isOneAfterAnother(code)) {
        return refusal(ScanCode::TwoCodesAsOne, shown(code) + " is two codes");
    }
    if (m_commands.mayBe(code)) {
        return refusal(ScanCode::UnknownCommand, shown(code) + " is no command of this version");
    }
    const auto exchanged = kindsOf(asciiCaseExchanged(code));
    const bool profileSays = !m_settings.patterns.has(CodeKind::Serial); // of a serial number
    if (!exchanged.empty() && !(profileSays && exchanged.front() == CodeKind::Serial)) {
        return refusal(ScanCode::CapsLockIsOn, shown(code) + " fits in the other case");
    }
    return {};
}

Result<ScannedCode> ScanRouter::unfitting(const std::string& code) const
{
    TRY(requireNothingElse(code));
    if (m_settings.patterns.has(CodeKind::Serial)) {
        auto error = refusal(ScanCode::NotASerialNumber, shown(code) + " fits the pattern of no kind of codes");
        error.subject = code.substr(0, kMostOfACode);
        return error;
    }
    return ScannedCode{SerialCode{code}};
}

Result<ScannedCode> ScanRouter::ofKind(CodeKind kind, const std::string& code, const EntryWay& way) const
{
    switch (kind) {
    case CodeKind::Command:
        return refusal(ScanCode::UnknownCommand, shown(code) + " fits the pattern of commands, and is none");
    case CodeKind::Badge:
        return ScannedCode{BadgeCode{code}};
    case CodeKind::Slot:
        return ScannedCode{slotOfLabel(code).value_or(numberAtTheEnd(code))};
    case CodeKind::Batch:
        TRY(requireOneCode(code, way));
        return batchOf(code);
    case CodeKind::Serial:
        break;
    }
    TRY(requireOneCode(code, way));
    return ScannedCode{SerialCode{code}};
}

Result<void> ScanRouter::requireOneCode(const std::string& code, const EntryWay& way) const
{
    if (hasLabelBesideIt(code)) { // whatever the pattern of its kind lets in
        return refusal(ScanCode::TwoCodesAsOne, shown(code) + " has the label of a slot in it");
    }
    const bool endsBySilence = m_settings.end == enrollment::ScanEnd::Silence;
    if (endsBySilence && way.pace == EntryWay::Pace::Scanner && isOneAfterAnother(code)) {
        return refusal(ScanCode::TwoCodesAsOne, shown(code) + " may be two codes, and no key told where one ends");
    }
    return {};
}

ScanRouter::Kinds ScanRouter::kindsOf(std::string_view code) const
{
    Kinds kinds;
    const bool isLabel = slotOfLabel(code).has_value();
    for (const auto& [word, kind] : enrollment::kCodeKindWords) {
        if (m_settings.patterns.fits(kind, code) || (kind == CodeKind::Slot && isLabel)) {
            kinds.push_back(kind);
        }
    }
    const bool profileSays = !m_settings.patterns.has(CodeKind::Serial) && !m_profilePattern.text().empty();
    if (profileSays && !isLabel && !m_commands.mayBe(code) && m_profilePattern.fits(code)) {
        kinds.push_back(CodeKind::Serial);
    }
    return kinds;
}

bool ScanRouter::takesAnySerial() const
{
    return !m_settings.patterns.has(CodeKind::Serial) && m_profilePattern.text().empty();
}

bool ScanRouter::isOneAfterAnother(std::string_view code) const
{
    constexpr std::size_t kMostOfTwo = 2 * kMostOfACode;
    const auto isCommand = [this](std::string_view part) {
        const auto command = m_commands.read(part);
        return command.ok() && *command;
    };
    const auto isCode = [&](std::string_view part) { return isCommand(part) || !kindsOf(part).empty(); };
    for (std::size_t first = 1; first < code.size() && code.size() <= kMostOfTwo; ++first) {
        const auto left = code.substr(0, first);
        const auto right = code.substr(first);
        if ((isCode(left) && isCode(right)) || (takesAnySerial() && (isCommand(left) || isCommand(right)))) {
            return true;
        }
    }
    return false;
}

} // namespace enroll::station
