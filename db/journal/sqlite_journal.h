#pragma once

#include "core/enrollment/journal.h"
#include "db/journal/journal_options.h"

#include <memory>

namespace enroll::db::sqlite {
class Connection;
}

namespace enroll::db::journal {

class ChainRecords;

/// The journal in one SQLite file: runs, enrollment records and outbox entries as entries of a hash chain.
///
/// Each fact is a chain entry with the exact bytes of its document and is never changed. The tables beside the chain
/// repeat members of these documents for searching; verifyJournal() compares both. Whether a key or a serial number is
/// enrolled already is answered from the chain (ChainRecords). Any number of threads and processes may have the journal
/// open; one object belongs to one thread.
class SqliteJournal final : public enrollment::Journal, public enrollment::EkIndex {
public:
    /// Opens the journal; makes or migrates it if needed. Files have permissions 0600, the directory 0700.
    /// \par Errors   S-301 (cannot be opened or written), S-302 (busy past the time-out), S-303 (the file is damaged;
    ///               every call below may return it, too), S-304 (made by a newer version of this program)
    /// \param records  what a program that opens the journal again and again keeps of its chain; null for one of its own,
    ///                 which reads the whole chain at the first question
    static Result<std::unique_ptr<SqliteJournal>> open(const JournalOptions& options,
                                                       std::shared_ptr<ChainRecords> records = {});
    ~SqliteJournal() override;

    /// See Journal. Error S-399 if \p record contradicts itself or \p run: key, digest and ids do not fit each other,
    /// or the run did not pass.
    Result<enrollment::CommitResult> commit(const enrollment::AttestationRun& run,
                                            const std::optional<enrollment::EnrollmentRecord>& record) override;
    [[nodiscard]] std::vector<enrollment::DestinationName> destinations() const override
    {
        return m_options.destinations;
    }
    /// From the search rows alone, which verifyJournal() proves: it warns of a wrong clock, and judges no device. Of runs
    /// that began later than now, only those behind the last acceptClock() count.
    Result<std::optional<UtcTime>> latestRunStart() override;
    Result<std::optional<enrollment::EnrollmentRecord>> findByEk(ByteView endorsementKey) override;
    Result<std::optional<enrollment::EnrollmentRecord>> findByKey(const crypto::PublicKey& key) override;
    Result<std::optional<enrollment::EnrollmentRecord>> findBySerial(const enrollment::SerialNumber& serial) override;
    Result<std::optional<enrollment::EnrollmentRecord>>
    findByRegistration(const enrollment::RegistrationId& id) override;
    Result<std::optional<enrollment::EnrollmentRecord>> findByStorageRootKey(ByteView name) override;
    [[nodiscard]] Result<enrollment::EnrollmentRecord>
    asStored(const enrollment::EnrollmentRecord& record) const override;
    Result<enrollment::RecordSummary> stateOf(const enrollment::EnrollmentRecord& record) override;

private:
    SqliteJournal(std::unique_ptr<sqlite::Connection> database, JournalOptions options,
                  std::shared_ptr<ChainRecords> records);

    Result<enrollment::DuplicateCheck> duplicateOf(const enrollment::AttestationRun& run,
                                                   const enrollment::EnrollmentRecord& record);
    Result<std::optional<enrollment::EnrollmentRecord>> recordByStorageRootKey(ByteView name);
    Result<std::optional<enrollment::EnrollmentRecord>> recordByKey(ByteView fingerprint);
    Result<std::optional<enrollment::EnrollmentRecord>> recordBySerial(const enrollment::SerialNumber& serial);
    Result<std::optional<enrollment::EnrollmentRecord>> recordByRegistration(const enrollment::RegistrationId& id);

    std::unique_ptr<sqlite::Connection> m_database;
    JournalOptions m_options;
    std::shared_ptr<ChainRecords> m_records;
};

} // namespace enroll::db::journal
