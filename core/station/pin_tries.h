#pragma once

#include "core/base/result.h"
#include "core/enrollment/ids.h"

#include <chrono>
#include <map>
#include <optional>
#include <vector>

namespace enroll::station {

/// What is kept of somebody's wrong PINs over a restart of the program.
struct KeptTries {
    enrollment::OperatorId person;
    int wrong = 0;      ///< in a row, 1 and more
    bool waits = false; ///< the wait behind them is not over
    bool operator==(const KeptTries&) const = default;
};

/// How often each person entered a wrong PIN in a row, and who has to wait. A value without a clock.
///
/// - Five tries are free. From the fifth wrong one on each is followed by a wait of that person: half a minute, then twice
///   as long each time, a quarter of an hour at most. Nobody else waits.
/// - A try counts from when it begins, so that a program that is ended before the answer has counted it.
/// - Waits are measured by the time that the program runs, and no clock that somebody may set plays a part. Of a wait that a
///   restart cut nobody knows how much had passed: it begins anew.
/// - The right PIN forgets the wrong ones.
class PinTries {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    static constexpr int kFree = 5;
    static constexpr std::chrono::seconds kFirstWait{30};
    static constexpr std::chrono::seconds kLongestWait{std::chrono::minutes{15}};

    PinTries() = default;
    /// As it was kept() when the program ended; it starts again \p now.
    PinTries(const std::vector<KeptTries>& kept, TimePoint now);

    /// How many more tries \p person has before a wait, 1 at least.
    [[nodiscard]] int left(const enrollment::OperatorId& person) const;
    /// Until when \p person has to wait; none: may try \p now.
    [[nodiscard]] std::optional<TimePoint> waitsUntil(const enrollment::OperatorId& person, TimePoint now) const;

    /// A PIN is checked: it counts as wrong until right() or takeBack().
    /// \par Errors   B-627 (has to wait); then nothing is counted
    Result<void> begin(const enrollment::OperatorId& person, TimePoint now);
    void right(const enrollment::OperatorId& person) { m_tries.erase(person); }
    /// Nobody could tell whether it was the right one.
    void takeBack(const enrollment::OperatorId& person);

    /// Waits that are over \p now are over for good. True: kept() changed.
    bool passTime(TimePoint now);
    /// When the next wait is over; none: nobody waits.
    [[nodiscard]] std::optional<TimePoint> nextEnd() const;
    [[nodiscard]] std::vector<KeptTries> kept() const;

    bool operator==(const PinTries&) const = default;

private:
    struct Tries {
        int wrong = 0;
        std::optional<TimePoint> until = {};
        bool operator==(const Tries&) const = default;
    };
    static std::chrono::seconds waitAfter(int wrong);

    std::map<enrollment::OperatorId, Tries> m_tries;
};

} // namespace enroll::station
