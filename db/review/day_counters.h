#pragma once

#include "core/base/clock.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace enroll::db::sqlite {
class Connection;
}

namespace enroll::db::review {

/// What a line counts over a day or a shift.
///
/// Everything but queued counts devices, that is serial numbers judged in the window. pass, fail and hold: by the last
/// judged run of each, so that their sum is the number of devices. First-pass yield: the part of them whose first
/// judged run was a pass. Station faults and aborted runs judge nobody and are never counted.
struct DayCounters {
    int pass = 0;
    int fail = 0;
    int hold = 0;
    int devices = 0;   ///< serial numbers judged
    int firstPass = 0; ///< of these, passed at the first try
    int queued = 0;    ///< outbox entries of all time, all destinations, that no destination has accepted or rejected

    /// 0…1; absent while no device was judged.
    [[nodiscard]] std::optional<double> firstPassYield() const noexcept;
    bool operator==(const DayCounters&) const = default;
};

/// Counts. One object belongs to one thread.
class DayCounterQuery {
public:
    /// Errors as RunQuery::open().
    static Result<std::unique_ptr<DayCounterQuery>> open(const std::filesystem::path& dataDirectory);
    /// On a connection that other queries of the same thread use too.
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
