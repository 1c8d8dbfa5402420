#pragma once

#include "core/base/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace enroll::enrollment {

/// What the serial numbers of a product look like: a regular expression that the whole serial number must match.
///
/// The syntax is RE2's. Its time grows with the length of the text alone and its memory has a limit, so that no pattern
/// and no scan can hold the station up. A value that threads may share.
class SerialPattern {
public:
    /// Fits every text.
    SerialPattern() = default;

    /// An empty text makes a pattern that fits every text.
    ///
    /// \par Errors   S-330; its text goes on after the name of the setting ("is longer than 256 characters"): too long,
    ///               too large once compiled, no regular expression, or one with a back-reference or a look-around
    static Result<SerialPattern> compile(std::string text);

    /// True if the pattern matches all of \p serial.
    [[nodiscard]] bool fits(std::string_view serial) const;

    [[nodiscard]] const std::string& text() const noexcept { return m_text; }

    friend bool operator==(const SerialPattern& left, const SerialPattern& right) noexcept
    {
        return left.m_text == right.m_text;
    }

private:
    SerialPattern(std::string text, std::shared_ptr<const re2::RE2> expression)
        : m_text(std::move(text)), m_expression(std::move(expression))
    {}

    std::string m_text;
    std::shared_ptr<const re2::RE2> m_expression; // absent: fits every text
};

} // namespace enroll::enrollment
