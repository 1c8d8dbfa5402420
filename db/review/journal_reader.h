#pragma once

#include "db/review/day_counters.h"
#include "db/review/record_query.h"
#include "db/review/run_query.h"

#include <sys/types.h>

namespace enroll::db::review {

/// Every read model on one connection. One object belongs to one thread.
class JournalReader {
public:
    /// Errors as RunQuery::open().
    static Result<std::unique_ptr<JournalReader>> open(const std::filesystem::path& dataDirectory);

    /// True if the opened file is still the one in the data directory. If the journal was removed or replaced, this
    /// object keeps reading the old file: make a new one.
    [[nodiscard]] bool current() const;

    [[nodiscard]] RunQuery& runs() { return m_runs; }
    [[nodiscard]] RecordQuery& records() { return m_records; }
    [[nodiscard]] DayCounterQuery& counters() { return m_counters; }

private:
    /// Identifies a file whatever its name: device and inode.
    struct FileIdentity {
        dev_t device;
        ino_t inode;
        bool operator==(const FileIdentity&) const = default;
    };
    static std::optional<FileIdentity> identityOf(const std::filesystem::path& file);

    JournalReader(std::filesystem::path file, std::optional<FileIdentity> opened,
                  const std::shared_ptr<sqlite::Connection>& database);

    std::filesystem::path m_file;
    std::optional<FileIdentity> m_opened;
    RunQuery m_runs;
    RecordQuery m_records;
    DayCounterQuery m_counters;
};

} // namespace enroll::db::review
