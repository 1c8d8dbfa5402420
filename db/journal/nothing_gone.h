#pragma once

#include "core/base/result.h"
#include "db/journal/bad_entry.h"

#include <cstdint>
#include <optional>

namespace enroll::db::journal {

/// Finds what verifyRowCounts() finds, and a missing entry of the chain, unless it is one without a search row that was
/// counted before it went: that one verifyJournal() alone finds. A screen that shows the journal asks this again and again,
/// because it cannot wait until the chain is verified.
///
/// The search tables count the entries that have a search row, in some 10 ms for 100,000 of them. Those without one, such as
/// the journal's birth and the acts, are counted once, in 150 ms, and then only those that were appended since. Where the
/// sum is not that of the chain each entry's kind is counted.
///
/// One object for one connection and its thread.
class NothingGone {
public:
    /// Inside a transaction. Errors as provenHead().
    Result<std::optional<BadEntry>> verify(sqlite::Connection& database);

private:
    std::int64_t m_counted = 1;    ///< the entries up to this one are counted: a journal begins with its birth,
    std::int64_t m_withoutRow = 1; ///< which has no search row
};

} // namespace enroll::db::journal
