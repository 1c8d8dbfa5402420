#pragma once

#include "core/base/clock.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace enroll::db::sqlite {
class Connection;
}

namespace enroll::db::review {

/// The counters of a day or a shift.
///
/// All but `tests` and `queued` count devices: serial numbers with at least one verdict in the time span. `pass`, `fail`
/// and `hold` go by the last verdict of each device, so that their sum is `devices`; `firstPass` goes by the first verdict.
/// Station faults and aborted runs are not verdicts: they are not counted, and the verdict before them stands.
struct DayCounters {
    int pass = 0;
    int fail = 0;
    int hold = 0;
    int devices = 0;   ///< serial numbers with a verdict
    int tests = 0;     ///< runs with a verdict: a device that is tested again adds one
    int firstPass = 0; ///< devices whose first verdict was Pass
    int queued = 0;    ///< outbox entries of all time and destinations that are neither accepted nor rejected

    /// firstPass / devices, 0 to 1; absent without devices.
    [[nodiscard]] std::optional<double> firstPassYield() const noexcept;
    bool operator==(const DayCounters&) const = default;
};

/// Computes the counters. One object belongs to one thread.
class DayCounterQuery {
public:
    /// Errors as RunQuery::open().
    static Result<std::unique_ptr<DayCounterQuery>> open(const std::filesystem::path& dataDirectory);
    /// Shares \p database with other queries of the same thread.
    explicit DayCounterQuery(std::shared_ptr<sqlite::Connection> database);
    ~DayCounterQuery();
    DayCounterQuery(const DayCounterQuery&) = delete;
    DayCounterQuery& operator=(const DayCounterQuery&) = delete;

    /// The runs started at or after \p since.
    Result<DayCounters> since(UtcTime since);

private:
    std::shared_ptr<sqlite::Connection> m_database;
};

} // namespace enroll::db::review
