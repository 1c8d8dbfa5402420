#include "core/enrollment/serial_pattern.h"

#include "core/base/station_code.h"
#include "core/base/written_text.h"

#include <array>
#include <re2/re2.h>

namespace enroll::enrollment {
namespace {

using re2::RE2;

constexpr std::size_t kMostCharacters = 256;  // a code has 64 at most, and a person has to read its pattern
constexpr std::int64_t kMostMemory = 1 << 20; // bytes: far above any pattern of that length without large repetitions

struct Fault {
    RE2::ErrorCode code;
    std::string_view why; ///< follows the part that is wrong
};

constexpr std::array kFaults{
    Fault{RE2::ErrorBadEscape, "is not a known escape"},
    Fault{RE2::ErrorBadCharClass, "is not a valid set of characters"},
    Fault{RE2::ErrorBadCharRange, "is not a valid range of characters"},
    Fault{RE2::ErrorMissingBracket, "lacks its closing ]"},
    Fault{RE2::ErrorMissingParen, "lacks its closing )"},
    Fault{RE2::ErrorUnexpectedParen, "has no opening ( before it"},
    Fault{RE2::ErrorTrailingBackslash, "ends with a single \\"},
    Fault{RE2::ErrorRepeatArgument, "has nothing before it to repeat"},
    Fault{RE2::ErrorRepeatSize, "repeats more than 1000 times (repetitions within each other multiply), or its two "
                                "numbers are in the wrong order"},
    Fault{RE2::ErrorRepeatOp, "repeats a repetition"},
    Fault{RE2::ErrorBadPerlOp, "is not a known kind of group"},
    Fault{RE2::ErrorBadNamedCapture, "is not a valid name for a group"},
    Fault{RE2::ErrorBadUTF8, "is not written in UTF-8"},
};

/// True if RE2 refused a back-reference. It reports one as a bad escape, or as an unknown group.
bool isBackReference(const RE2& refused)
{
    const auto& part = refused.error_arg();
    const bool numbered = part.size() == 2 && part[0] == '\\' && part[1] >= '1' && part[1] <= '9';
    return (refused.error_code() == RE2::ErrorBadEscape && (numbered || part == "\\k" || part == "\\g")) ||
           refused.pattern().find("(?P=") != std::string::npos;
}

bool isLookAround(const RE2& refused)
{
    const auto& part = refused.error_arg();
    return refused.error_code() == RE2::ErrorBadPerlOp && (part == "(?=" || part == "(?!" || part == "(?<");
}

/// The message for a pattern that RE2 refused; it continues the name of the setting.
std::string reasonOf(const RE2& refused)
{
    const auto part = quotedText(refused.error_arg().empty() ? refused.pattern() : refused.error_arg());
    if (refused.error_code() == RE2::ErrorPatternTooLarge) {
        return "repeats so much that matching it would take too much memory: use smaller numbers in { }";
    }
    if (isBackReference(refused)) {
        return "uses the back-reference " + part + ", which is not supported: write the part again in full";
    }
    if (isLookAround(refused)) {
        return "uses the look-around " + part + ", which is not supported: describe the code from left to right";
    }
    for (const auto& fault : kFaults) {
        if (fault.code == refused.error_code()) {
            return "is not a valid regular expression: " + part + " " + std::string{fault.why};
        }
    }
    return "is not a valid regular expression: " + shownText(refused.error());
}

/// True if an empty text is the only one that fits: "^$".
bool fitsOnlyNothing(const RE2& expression)
{
    constexpr int kLongestBound = 8;
    std::string least;
    std::string most;
    const RE2 whole{"\\A(?:" + expression.pattern() + ")\\z", expression.options()};
    return RE2::FullMatch("", expression) && whole.ok() && whole.PossibleMatchRange(&least, &most, kLongestBound) &&
           most.empty();
}

} // namespace

Result<SerialPattern> SerialPattern::compile(std::string text)
{
    if (text.empty()) {
        return SerialPattern{};
    }
    if (text.size() > kMostCharacters) {
        return makeError(StationCode::ConfigurationInvalid, "is longer than 256 characters");
    }
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMostMemory);
    auto expression = std::make_shared<const RE2>(text, options);
    if (!expression->ok()) {
        return makeError(StationCode::ConfigurationInvalid, reasonOf(*expression));
    }
    if (fitsOnlyNothing(*expression)) {
        return makeError(StationCode::ConfigurationInvalid,
                         "fits no serial number, only an empty text: describe the code, such as "
                         "\"[A-Z]{2}-[0-9]{6}\", or leave the key out");
    }
    return SerialPattern{std::move(text), std::move(expression)};
}

bool SerialPattern::fits(std::string_view serial) const
{
    return !m_expression || RE2::FullMatch(re2::StringPiece{serial.data(), serial.size()}, *m_expression);
}

} // namespace enroll::enrollment
