#pragma once

#include "core/base/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace enroll::enrollment {

/// A regular expression that the whole serial number of a product must match.
///
/// The syntax is RE2's: matching takes time linear in the text and bounded memory, so that no pattern and no scan can
/// block the station. A value; safe to use on many threads.
class SerialPattern {
public:
    /// Fits every text.
    SerialPattern() = default;

    /// An empty text makes a pattern that fits every text.
    ///
    /// \par Errors   S-330 if it is too long, too large once compiled, or not a regular expression of RE2, which has no
    ///               back-references and look-arounds. The text continues the name of the setting: "is longer than 256
    ///               characters"
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
