#pragma once

#include "core/enrollment/scanner_settings.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enroll::scanner {

/// What a scanner sent as one code.
struct ScannedLine {
    std::string text;    ///< without what ended it
    bool isWhole = true; ///< false: characters are missing, or its end; nobody knows what the label says
    bool operator==(const ScannedLine&) const = default;
};

/// Puts the characters of a scanner together to codes. A value without a thread or a clock.
///
/// - A code ends with Return, line feed or Tab; where the scanner sends nothing behind it, when no more characters come
///   for kSilence. One that ends so and is shorter than a code can be is a part.
/// - What has no end when nothing more comes for kLongestPause is no whole code: the scanner was unplugged, or is set
///   otherwise than the station believes. Neither is one that is longer than kLongest, nor one with lost or damaged
///   characters, nor one within which the scanner was silent for longer than kLongestGap, or may have been: the first part
///   may be a code that lost its end.
/// - A part of a code is never put before the next one. What comes so soon after a part that it may be the rest of it is no
///   whole code, nor is what comes so soon after the scanner was opened that it may lack its beginning; a line end ends that.
class CodeAssembly {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::size_t kLongest =
        4096; ///< bytes; the largest symbols hold less (QR Code 40-L: 4,296 letters)
    static constexpr std::chrono::milliseconds kSilence{100};
    static constexpr std::chrono::milliseconds kLongestPause{1000};
    /// Between two characters of one code; as station::ScanBurst::kLongestGap.
    static constexpr std::chrono::milliseconds kLongestGap{150};
    /// A code whose beginning was sent before the scanner was opened goes on sooner.
    static constexpr std::chrono::milliseconds kOpening{200};
    /// After a part: a hand that scans the label again hardly does so sooner.
    static constexpr std::chrono::milliseconds kNextScan{1000};
    /// What stands for a character that came damaged; no label holds it.
    static constexpr char kDamaged = '\0';

    /// \p fewest   bytes of a code that ends by silence
    explicit CodeAssembly(enrollment::ScanEnd end, std::size_t fewest = 0) : m_end(end), m_fewest(fewest) {}

    /// The scanner was opened \p now: what it sent before is not known.
    void begin(Time now) { m_unsureUntil = now + kOpening; }
    /// What comes now may lack its beginning.
    [[nodiscard]] bool isUnsure() const noexcept { return m_unsureUntil.has_value(); }
    /// \p characters came \p at. Returns the codes that they end.
    std::vector<ScannedLine> take(std::string_view characters, Time at) { return take(characters, at, at); }
    /// The same for a line that does not say when: not before \p from, and not after \p until.
    std::vector<ScannedLine> take(std::string_view characters, Time from, Time until);
    /// Characters were lost \p now: before the next ones, or behind those that came.
    void tear(Time now);
    /// When settle() is to be called; none: nothing is under way, and nothing unsure.
    [[nodiscard]] std::optional<Time> due() const;
    /// The code under way if it is over \p now, because nothing more came until then.
    std::optional<ScannedLine> settle(Time now);
    /// The scanner is gone: what is under way never ends.
    std::optional<ScannedLine> abandon();

    bool operator==(const CodeAssembly&) const = default;

private:
    [[nodiscard]] bool isUnderWay() const noexcept { return !m_text.empty() || m_torn; }
    ScannedLine end();

    enrollment::ScanEnd m_end;
    std::size_t m_fewest;
    std::string m_text;
    bool m_torn = false;
    Time m_latest{};
    std::optional<Time> m_unsureUntil;
};

} // namespace enroll::scanner
