#pragma once

#include <chrono>
#include <map>

namespace enroll::station {

/// Tells by time alone whether characters came from a scanner: between two of its characters lie a few milliseconds, up
/// to 30 where it types slowly, and between two of a person's at least twice as many. A scanner lets each key go before it
/// presses the next one, and at once; a finger holds it longer.
///
/// What a scanner sends behind a code, Tab among it, ends the code; the same key by a person means something else.
///
/// Times are those of the keys, not of when the program comes to them: a program that was busy sees what happened. Keys
/// whose time nobody knows are taken as they come in, and nothing is told of how they were held.
class ScanBurst {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// A scanner's next character comes within it, even where the line stalls; a person needs longer.
    static constexpr std::chrono::milliseconds kLongestGap{150};
    /// What ends a code comes within it after the last character even where the line stalls, or was lost.
    static constexpr std::chrono::milliseconds kLongestEnd{1000};
    /// The longest that a scanner keeps a key down.
    static constexpr std::chrono::milliseconds kLongestHold{50};
    /// Between two characters of one code lies at most this, unless something stalled.
    static constexpr std::chrono::milliseconds kLongestEvenGap{75};

    /// \p count characters came together.
    void take(TimePoint at, int count = 1) noexcept;
    /// The key \p code, which made \p count characters, went down.
    void press(TimePoint at, int code, int count = 1);
    void release(TimePoint at, int code);
    /// The next character is the first one.
    void forget() noexcept { *this = {}; }
    /// True if the characters so far are a scanner's, and a key at \p now belongs to them.
    [[nodiscard]] bool goesOnAt(TimePoint now) const noexcept;
    /// True if the characters so far are a scanner's, and \p fewest at least; never with less than four, which fingers type as
    /// fast.
    [[nodiscard]] bool isScan(int fewest) const noexcept;
    [[nodiscard]] int count() const noexcept { return m_count; }
    /// A key among them was held as a finger holds one, or is down still.
    [[nodiscard]] bool hasFinger() const noexcept { return m_finger || !m_down.empty(); }
    /// They came in two parts, as two codes do, or a code and a key beside it.
    [[nodiscard]] bool isUneven() const noexcept { return m_uneven; }

private:
    int m_count = 0;
    TimePoint m_first;
    TimePoint m_last;
    std::map<int, TimePoint> m_down;
    bool m_finger = false;
    bool m_uneven = false;
};

} // namespace enroll::station
