#pragma once

#include <chrono>

namespace enroll::station {

/// Tells by time alone whether characters came from a scanner: between two of its characters lie a few milliseconds, up
/// to 30 where it types slowly, and between two of a person's at least twice as many.
///
/// What a scanner sends behind a code, Tab among it, ends the code; the same key by a person means something else.
class ScanBurst {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// A scanner's next character comes within it, even where the program is busy; a person needs longer.
    static constexpr std::chrono::milliseconds kLongestGap{150};

    /// \p count characters came together.
    void take(TimePoint at, int count = 1) noexcept;
    /// The next character is the first one.
    void forget() noexcept { *this = {}; }
    /// True if the characters so far are a scanner's, and a key at \p now belongs to them.
    [[nodiscard]] bool goesOnAt(TimePoint now) const noexcept;
    /// True if the characters so far are a scanner's, and \p fewest at least.
    [[nodiscard]] bool isScan(int fewest) const noexcept;

private:
    int m_count = 0;
    TimePoint m_first;
    TimePoint m_last;
};

} // namespace enroll::station
