#pragma once

#include "db/sqlite/file_reader.h"

#include <optional>

namespace enroll::db::sqlite {

/// A place of a write-ahead log that was changed after it had been synced.
struct LogDamage {
    std::uint64_t frame = 0;       ///< the first one that does not fit, counted from 1; 0 is the log's header
    std::uint64_t committedIn = 0; ///< a frame at or behind it that ends a transaction which was committed
    std::uint64_t salts = 0;       ///< of the log: another value after SQLite has begun it anew
    bool operator==(const LogDamage&) const = default;
};

/// Opens the database of a log: only one whose log is damaged at its beginning is read at all.
using OpenDatabase = std::function<Result<ReadFile>()>;

/// Whether committed transactions stand behind a frame that does not fit. SQLite would drop them without a word: when it
/// opens a file that nobody has open, it takes the first frame whose checksum is wrong for the log's end.
///
/// A power cut leaves such a frame, too, but only in the last transaction: frames that were written and not synced reach
/// the disk in any order. With synchronous = FULL a transaction is synced before the next one writes its first frame,
/// which continues the checksum of the frame that committed. So it is damage, and never a power cut, if at or behind the
/// first bad frame one frame commits and the next one continues it, both with the salts of the log. What an earlier use of
/// the log left behind has other salts; what a transaction left that was rolled back, or cut off before it was
/// acknowledged, is continued by nothing.
///
/// Each frame is judged by the stored checksum of the one before it, so damage does not spread. A log whose header alone
/// was changed is read by what its first frame says of it. Where both are gone, a power cut may have met SQLite as it began
/// the log anew: then the database has all that the later frames hold, because a checkpoint comes before.
///
/// What cannot be found: damage that looks like a transaction that was cut off, of the last one and of the end of the one
/// before it; and a log that was cut between two frames.
///
/// Pure but for \p log and \p database, whose errors it returns. Any bytes.
/// \par Source   SQLite, "Database File Format", section 4 "The Write-Ahead Log" (https://sqlite.org/fileformat2.html)
Result<std::optional<LogDamage>> findLogDamage(const ReadFile& log, const OpenDatabase& database);

/// The same for a file, which may be written meanwhile: damage is what two looks in a row show alike, and a writer writes
/// every frame before the one behind it. The shared memory is not opened, and the database by SQLite alone
/// (readerOfDatabase()), because closing them would end the locks of this process. No file: no damage.
/// \par Errors   S-333 naming \p log or \p database
Result<std::optional<LogDamage>> findLogDamage(const std::filesystem::path& log, const std::filesystem::path& database);

} // namespace enroll::db::sqlite
