#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "db/journal/bad_entry.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>

namespace enroll::db::journal {

/// An entry that is unchanged but that this program does not understand in full.
struct EntryNotUnderstood {
    std::int64_t seq = 0;
    std::string kind;
    std::string id;   ///< run id or registration id; may be empty
    std::string what; ///< "steps[3].outcome is 'parked'": English, one clause
    bool operator==(const EntryNotUnderstood&) const = default;
};

/// The entries that newer programs wrote. They are no damage and no reason to stop.
struct EntriesNotUnderstood {
    std::int64_t count = 0;
    std::map<std::string, std::int64_t> schemas; ///< how many of each "enrollment-station/attestation-run/2"
    std::optional<EntryNotUnderstood> first;
};

/// Two answers: whether the journal is as it was committed, and whether this program understands all of it.
struct VerifyReport {
    std::int64_t entries = 0;           ///< chain entries found good
    std::int64_t acts = 0;              ///< how many of them say who did what
    std::optional<BadEntry> firstBad;   ///< altered: stop and call Quality
    EntriesNotUnderstood notUnderstood; ///< among the entries found good
    Bytes head = {}; ///< hash of the last of these; with their number what has to be kept elsewhere, see below
};

/// Called at intervals with the number of entries checked and of all entries, on the calling thread.
using VerifyProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// Reads the whole journal in one snapshot and checks:
/// - the schema;
/// - the hash of each entry and its place in the chain;
/// - each search column against the document that it repeats, and that each index leads to each row;
/// - that no entry contradicts those before it (ConsistencyVerifier);
/// - that every search row has a document and every document a search row;
/// - the states of outbox entries against their delivery events, and the order of these;
/// - the stored end of the chain;
/// - SQLite's own structure (integrity_check).
///
/// This finds any change of committed bytes, rows that were added, removed or moved, and entries that were cut off the
/// end without changing the stored end. It cannot find a journal that was replaced by an older copy of itself, cut off
/// together with its stored end, or rewritten from beginning to end by somebody with write access, nor a write-ahead log
/// whose last transaction was damaged after a crash, which looks like one that a power cut ended (findLogDamage()): all
/// that would take a checkpoint kept elsewhere: VerifyReport::entries and head.
///
/// Beyond that the meaning of documents is not judged: an entry that this program does not understand is counted in
/// notUnderstood. A search column whose member cannot be read is not compared.
///
/// A stop ends it at once, whatever SQLite is at.
///
/// Opens the file for reading only; a journal of an older schema is verified against that schema. An altered journal is
/// reported in firstBad and is not an Error, also one that is not opened because its log was damaged.
///
/// \par Errors   S-339 (no journal there), S-333 (it cannot be read), S-301, S-302, D-141 (a stop was asked), S-304 (made by a newer version)
Result<VerifyReport> verifyJournal(const std::filesystem::path& dataDirectory, const VerifyProgress& progress = {},
                                   const std::stop_token& stop = {});

/// Verifies the journal before anything of it is sent, exported or queued again: error S-303 with the first bad entry. Other
/// errors as verifyJournal(). A single entry is proven only against its neighbours; this proves the whole chain. It takes
/// half the time of verifyJournal(), because it does not ask what this program understands of a document.
///
/// The whole each time, because one process knows nothing of what another has proven: a mark of it beside the journal
/// could be written by whoever can write the journal. A program that goes on sending has a JournalProof instead.
Result<void> requireUnaltered(const std::filesystem::path& dataDirectory, const VerifyProgress& progress = {},
                              const std::stop_token& stop = {});

} // namespace enroll::db::journal
