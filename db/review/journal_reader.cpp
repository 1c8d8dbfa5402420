#include "db/review/journal_reader.h"

#include "db/journal/open_journal.h"

#include <sys/stat.h>

namespace enroll::db::review {

JournalReader::JournalReader(std::filesystem::path file, std::optional<FileIdentity> opened,
                             const std::shared_ptr<sqlite::Connection>& database)
    : m_file(std::move(file)), m_opened(opened), m_runs(database), m_records(database), m_counters(database)
{}

Result<std::unique_ptr<JournalReader>> JournalReader::open(const std::filesystem::path& dataDirectory)
{
    auto file = journal::journalFile(dataDirectory);
    // Read before the file is opened: if the file is replaced in between, current() is false and it is opened once
    // more. The other way round, the old file would be taken for the new one.
    const auto identity = identityOf(file);
    TRY_ASSIGN(std::shared_ptr<sqlite::Connection> database, journal::openForReading(dataDirectory));
    return std::unique_ptr<JournalReader>{new JournalReader{std::move(file), identity, database}};
}

bool JournalReader::current() const
{
    return m_opened.has_value() && identityOf(m_file) == m_opened;
}

std::optional<JournalReader::FileIdentity> JournalReader::identityOf(const std::filesystem::path& file)
{
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) {
        return std::nullopt;
    }
    return FileIdentity{found.st_dev, found.st_ino};
}

} // namespace enroll::db::review
