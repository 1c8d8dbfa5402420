#include "db/journal/open_journal.h"

#include "core/base/cancellation.h"
#include "core/base/station_code.h"
#include "core/system/file_lock.h"
#include "core/system/regular_file.h"
#include "db/journal/chain_store.h"
#include "db/journal/index_verifier.h"
#include "db/journal/journal_faults.h"
#include "db/journal/migrate_schema.h"
#include "db/journal/schema.h"
#include "db/sqlite/birth_mark.h"
#include "db/sqlite/interruption.h"

#include <cerrno>
#include <sys/stat.h>
#include <system_error>

namespace enroll::db::journal {
namespace {

constexpr auto kReaderBusyTimeout = std::chrono::milliseconds{5000};

Result<std::unique_ptr<sqlite::Connection>> openReadable(const std::filesystem::path& file, sqlite::Access access)
{
    const bool born = sqlite::wasBorn(file); // before the journal is looked at, which another program may just begin
    TRY_ASSIGN(auto database, connectTo(file, access, kReaderBusyTimeout));
    if (const auto readable = requireReadableSchema(*database); !readable) {
        return born && readable.error().code == StationCode::NothingFound
                   ? sqlite::lostFile(file, journalSchema(), "holds nothing any more")
                   : readable.error();
    }
    return database;
}

/// Error S-303 if search rows or the last entries are gone: a duplicate would not be found, and what is appended would
/// hide it. One look over the file, where verifyJournal() proves every entry.
Result<void> requireNothingGone(sqlite::Connection& database, const std::stop_token& stop)
{
    TRY(requireNotCancelled(stop));
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(database, sqlite::Transaction::Kind::Snapshot));
    TRY_ASSIGN(const auto interruption, sqlite::Interruption::arm(database, stop));
    TRY(provenHead(database));
    TRY_ASSIGN(const auto finding, verifyRowCounts(database));
    return finding ? journalAltered(database, *finding) : Result<void>{};
}

Result<std::unique_ptr<sqlite::Connection>> openOfThisSchema(const JournalOptions& options)
{
    // One program at a time: making the file, switching to the write-ahead log and migrating are not covered by
    // SQLite's own locks.
    TRY_ASSIGN(const auto lock, asJournalFault(system::FileLock::acquire(options.dataDirectory / "journal.lock",
                                                                         Deadline::in(options.busyTimeout))));

    const auto file = journalFile(options.dataDirectory);
    TRY(sqlite::requireNotLost(file, journalSchema()));
    TRY(asJournalFault(system::makePrivateFile(file)));
    TRY_ASSIGN(auto database, connectTo(file, sqlite::Access::ReadWrite, options.busyTimeout));
    TRY(migrateSchema(*database, file, options.now()));
    return database;
}

/// True if the write-ahead log beside the journal has content.
bool logHoldsEntries(const std::filesystem::path& file)
{
    std::error_code fault;
    const auto size = std::filesystem::file_size(file.string() + "-wal", fault);
    return !fault && size > 0;
}

} // namespace

Result<void> makeDataDirectory(const std::filesystem::path& directory)
{
    std::error_code fault;
    if (directory.has_parent_path()) {
        std::filesystem::create_directories(directory.parent_path(), fault);
    }
    // mkdir() sets the permissions at once; created first and narrowed later, others could have opened it meanwhile.
    if (::mkdir(directory.c_str(), 0700) == 0) {
        return {};
    }
    const int refused = errno; // asking what is there changes errno
    if (std::filesystem::is_directory(directory, fault)) {
        return {};
    }
    return makeError(StationCode::JournalCannotSave, "cannot make the data directory", "mkdir " + directory.string(),
                     Errno{refused});
}

std::filesystem::path journalFile(const std::filesystem::path& dataDirectory)
{
    return dataDirectory / "journal.sqlite";
}

Result<bool> hasJournal(const std::filesystem::path& dataDirectory)
{
    TRY(sqlite::requireNotLost(journalFile(dataDirectory), journalSchema()));
    return system::fileIsThere(journalFile(dataDirectory));
}

Result<void> requireJournal(const std::filesystem::path& dataDirectory)
{
    TRY_ASSIGN(const bool there, hasJournal(dataDirectory));
    if (!there) {
        return makeError(StationCode::NothingFound,
                         "there is no journal in " + dataDirectory.string() +
                             ": it begins with the first enrollctl enroll; if there should be "
                             "one, check --data");
    }
    return {};
}

Result<std::unique_ptr<sqlite::Connection>> connectTo(const std::filesystem::path& file, sqlite::Access access,
                                                      std::chrono::milliseconds busyTimeout)
{
    return sqlite::Connection::open(file, access, busyTimeout, kJournalFaults);
}

Result<std::unique_ptr<sqlite::Connection>> openForWriting(const JournalOptions& options)
{
    TRY(makeDataDirectory(options.dataDirectory));
    TRY_ASSIGN(auto database, openOfThisSchema(options));
    // In KiB. Each slot has a connection for the time of a run, and the look over the file that follows would fill SQLite's usual
    // 2 MB of each, more from run to run as the journal grows. Whoever writes looks up a few rows.
    TRY(database->execute("PRAGMA cache_size = -256"));
    TRY(requireNothingGone(*database, options.stop));
    return database;
}

Result<std::unique_ptr<sqlite::Connection>> openForReading(const std::filesystem::path& dataDirectory)
{
    const auto file = journalFile(dataDirectory);
    TRY(requireJournal(dataDirectory));
    auto database = openReadable(file, sqlite::Access::ReadOnly);
    if (database.ok() || database.error().code != StationCode::JournalCannotSave) {
        return database;
    }
    // SQLite cannot make the log's shared memory: a read-only medium or a full disk. If the log is empty, nobody needs
    // it, and the file can be read as immutable.
    if (logHoldsEntries(file)) {
        return makeError(StationCode::FileUnusable,
                         dataDirectory.string() + " cannot be written, and the journal's last entries are in its log: "
                                                  "read a copy of the directory that can be written",
                         database.error().operation);
    }
    return openReadable(file, sqlite::Access::Immutable);
}

} // namespace enroll::db::journal
