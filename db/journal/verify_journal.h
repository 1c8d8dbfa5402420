#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
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

/// One entry that is as it was committed and that this program does not wholly understand.
struct StrangeEntry {
    std::int64_t seq = 0;
    std::string kind;
    std::string id;   ///< run id or registration id; may be empty
    std::string what; ///< "steps[3].outcome is 'parked'": English, one clause
    bool operator==(const StrangeEntry&) const = default;
};

/// What newer programs wrote into the journal: no damage, and nothing to stop for.
struct StrangeEntries {
    std::int64_t count = 0;
    std::map<std::string, std::int64_t> schemas; ///< how many of each "enrollment-station/attestation-run/2"
    std::optional<StrangeEntry> first;
};

/// The answers to two questions: is the journal as it was committed, and does this program understand all of it?
struct VerifyReport {
    std::int64_t entries = 0;         ///< chain entries found good
    std::optional<BadEntry> firstBad; ///< altered: stop and call Quality
    StrangeEntries notUnderstood;     ///< among the entries found good
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
/// What a document means has no part in that: an entry whose document this program does not understand is counted and
/// reported beside, and is no alteration. A search column is held against the member of the document that it repeats;
/// one whose member cannot be read is not judged.
///
/// Opens the file for reading only; a journal of an older schema is verified as that schema. An altered journal is a
/// report, not an error.
///
/// \par Errors   S-332 (no journal there), S-301, S-302, D-141 (a stop was asked), S-330 (made by a newer version)
Result<VerifyReport> verifyJournal(const std::filesystem::path& dataDirectory, const VerifyProgress& progress = {},
                                   const std::stop_token& stop = {});

} // namespace enroll::db::journal
