#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>

namespace enroll::db::journal {

/// The first place where a journal is not what was committed.
struct BadEntry {
    std::int64_t seq = 0; ///< 0: the journal as a whole
    std::string kind;     ///< "run", "enrollment-record", "outbox-entry", "delivery-event", "journal", "database"
    std::string id;       ///< run id or registration id, as far as it can still be read; may be empty
    std::string reason;   ///< English, one clause
    bool operator==(const BadEntry&) const = default;
};

struct VerifyReport {
    std::int64_t entries = 0; ///< chain entries found good
    std::optional<BadEntry> firstBad;
};

/// Called now and then with the number of entries checked and of all entries.
using VerifyProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// Reads the whole journal in one snapshot and recomputes everything: each entry's hash and its place in the chain,
/// each search column against the document it repeats, each index lookup, that no row lacks its document nor a document
/// its row, the outbox states against their delivery events, the stored head, and SQLite's own structure.
///
/// Found: any change of committed bytes, rows added, removed or moved, a tail cut off without adjusting the head. Not
/// found, for want of a checkpoint signed and kept elsewhere: a journal replaced by an older copy of itself, or written
/// anew from end to end by somebody who may write the file.
///
/// Opens the file for reading only. An altered journal is a report, not an error.
///
/// \par Errors   S-332 (no journal there), S-301, S-302, D-141 (a stop was asked), S-330 (made by a newer version)
Result<VerifyReport> verifyJournal(const std::filesystem::path& dataDirectory, const VerifyProgress& progress = {},
                                   const std::stop_token& stop = {});

} // namespace enroll::db::journal
