#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace enroll::transport {

/// What speaks on a serial line where an enroll-agent should.
enum class LineTalk { LoginPrompt, ShellPrompt, KernelMessages, BootLoader };

/// "a login prompt", for the end of "the line carries …".
std::string_view lineTalkText(LineTalk talk) noexcept;

/// Recognises from what a line carries outside of frames who else uses it, so that an error can name it: on most boards the
/// serial line is the console, until somebody takes it away from getty and the kernel.
///
/// A value without a thread or a clock. Holds kLongestLine characters, and its time is linear in what came. It is a
/// help for a person and decides nothing: in doubt it says nothing. How the text was cut into parts makes no difference.
/// Escape sequences of terminals and bytes that are not printable ASCII count as not there.
class LineNoise {
public:
    static constexpr std::size_t kLongestLine = 160; ///< what is behind them in a line is not looked at

    void take(std::string_view text);

    /// What the latest line that says it speaks of; nothing: none does. A prompt is a line that has no end yet.
    [[nodiscard]] std::optional<LineTalk> found() const;

    bool operator==(const LineNoise&) const = default;

private:
    /// Where in an escape sequence the text is.
    enum class Escape { None, Begun, Sequence, String, StringEnds };

    [[nodiscard]] bool isOfEscape(char c) noexcept;

    Escape m_escape = Escape::None;
    std::string m_line; ///< under way, its first kLongestLine characters
    bool m_isLonger = false;
    std::optional<LineTalk> m_earlier; ///< of the lines before
};

} // namespace enroll::transport
