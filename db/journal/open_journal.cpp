#include "db/journal/open_journal.h"

#include "db/journal/file_lock.h"
#include "db/journal/schema.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

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

// SQLite gives its -wal and -shm files the mode of the database file, so that one is made here, before SQLite would.
// O_EXCL matters: closing a second descriptor of a file that is in use would drop SQLite's POSIX locks on it.
Result<void> makePrivateFile(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0 && errno != EEXIST) {
        return makeError(ErrorCode::JournalCannotSave, "cannot make the journal file", "open " + file.string(),
                         Errno{errno});
    }
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    return {};
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
    TRY(makePrivateFile(file));
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
