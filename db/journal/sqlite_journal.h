#pragma once

#include "core/enrollment/journal.h"
#include "db/journal/journal_options.h"

#include <memory>

namespace enroll::db::sqlite {
class Connection;
}

namespace enroll::db::journal {

/// The station's memory in one SQLite file: runs, enrollment records and outbox entries as links of a hash chain.
///
/// What was committed is never changed: each fact is a chain entry with the exact bytes of its document, each table
/// beside the chain repeats columns of those documents for searching, and verifyJournal() holds both together. Any
/// number of threads and processes may have the journal open; one object belongs to one thread.
class SqliteJournal final : public enrollment::Journal, public enrollment::EkIndex {
public:
    /// Opens the journal and makes or migrates it where needed; files 0600, directory 0700. Errors S-301 (cannot be
    /// opened or written), S-302 (busy past the time-out), S-303 (the file is damaged), S-330 (made by a newer
    /// version of this program). S-303 may come of every call below.
    static Result<std::unique_ptr<SqliteJournal>> open(const JournalOptions& options);
    ~SqliteJournal() override;

    /// See Journal. S-399 if \p record is not sound (key, digest and ids do not fit each other, or the run is no pass).
    Result<enrollment::CommitResult> commit(const enrollment::AttestationRun& run,
                                            const std::optional<enrollment::EnrollmentRecord>& record) override;
    Result<std::optional<enrollment::EnrollmentRecord>> findByEk(ByteView endorsementKey) override;
    Result<std::optional<enrollment::EnrollmentRecord>> findBySerial(const enrollment::SerialNumber& serial) override;
    Result<enrollment::RecordSummary> stateOf(const enrollment::EnrollmentRecord& record) override;

private:
    explicit SqliteJournal(std::unique_ptr<sqlite::Connection> database, JournalOptions options);

    Result<enrollment::DuplicateCheck> duplicateOf(const enrollment::EnrollmentRecord& record);

    std::unique_ptr<sqlite::Connection> m_database;
    JournalOptions m_options;
};

} // namespace enroll::db::journal
