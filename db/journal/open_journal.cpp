#include "db/journal/open_journal.h"

#include "db/journal/file_lock.h"
#include "db/journal/schema.h"
#include "db/sqlite/private_file.h"

#include <cerrno>
#include <sys/stat.h>
#include <system_error>

namespace enroll::db::journal {
namespace {

constexpr auto kReaderBusyTimeout = std::chrono::milliseconds{5000};

Result<void> makePrivateDirectory(const std::filesystem::path& directory)
{
    std::error_code fault;
    if (directory.has_parent_path()) {
        std::filesystem::create_directories(directory.parent_path(), fault);
    }
    if (::mkdir(directory.c_str(), 0700) == 0 || std::filesystem::is_directory(directory, fault)) {
        return {};
    }
    return makeError(ErrorCode::JournalCannotSave, "cannot make the data directory", "mkdir " + directory.string(),
                     Errno{errno});
}

} // namespace

std::filesystem::path journalFile(const std::filesystem::path& dataDirectory)
{
    return dataDirectory / "journal.sqlite";
}

Result<std::unique_ptr<JournalDatabase>> openForWriting(const JournalOptions& options)
{
    TRY(makePrivateDirectory(options.dataDirectory));
    // One at a time: making the file, switching to WAL and migrating are no transactions of SQLite's.
    const auto lock = TRY(FileLock::acquire(options.dataDirectory / "journal.lock", Deadline::in(options.busyTimeout)));

    const auto file = journalFile(options.dataDirectory);
    TRY(sqlite::makePrivateFile(file));
    auto database = TRY(JournalDatabase::open(file, Access::ReadWrite, options.busyTimeout));
    TRY(migrateSchema(*database, options.now()));
    return database;
}

Result<std::unique_ptr<JournalDatabase>> openForReading(const std::filesystem::path& dataDirectory)
{
    const auto file = journalFile(dataDirectory);
    std::error_code fault;
    if (!std::filesystem::is_regular_file(file, fault)) {
        return makeError(ErrorCode::InputInvalid, "there is no journal in " + dataDirectory.string());
    }
    auto database = TRY(JournalDatabase::open(file, Access::ReadOnly, kReaderBusyTimeout));
    TRY(requireCurrentSchema(*database));
    return database;
}

} // namespace enroll::db::journal
