#include "db/journal/sqlite_journal.h"

#include "core/attestation/key_fingerprint.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/enrollment/registration_id.h"
#include "db/documents/enrollment_record_document.h"
#include "db/documents/run_document.h"
#include "db/journal/accept_clock.h"
#include "db/journal/bad_entry.h"
#include "db/journal/chain_records.h"
#include "db/journal/open_journal.h"
#include "db/journal/outbox_rows.h"
#include "db/journal/stored_entry.h"
#include "db/qt/values.h"

namespace enroll::db::journal {

using namespace enrollment;
using qt::toQString;

namespace {

/// The record of entry \p inChain. If the chain knows none, that of the first row of a query, if any: the record of a newer
/// program can have a member that this one cannot read, and a row that belongs to no such document is found altered here.
Result<std::optional<EnrollmentRecord>> onlyRecord(sqlite::Connection& database,
                                                   const std::optional<std::int64_t>& inChain, const char* sql,
                                                   const QVariant& value)
{
    auto seq = inChain;
    if (!seq) {
        TRY_ASSIGN(auto row, database.query(sql, {value}));
        TRY_ASSIGN(const bool isThere, row.next());
        seq = isThere ? std::optional{row.integer(0)} : std::nullopt;
    }
    if (!seq) {
        return std::optional<EnrollmentRecord>{};
    }
    TRY_ASSIGN(auto record, storedRecord(database, *seq));
    return std::optional{std::move(record)};
}

/// Error S-399 for a record that contradicts itself or its run. Checked here, at the last moment, because what is
/// committed cannot be corrected.
Result<void> requireCommittable(const AttestationRun& run, const EnrollmentRecord& record)
{
    TRY(prefixed("the record is not sound: ",
                 recoded(documents::requireSoundRecord(record), StationCode::InternalFault)));
    if (run.outcome != Outcome::Pass || record.runId != run.runId || record.serialNumber != run.serialNumber) {
        return makeError(StationCode::InternalFault, "the record does not belong to this run, or the run did not pass",
                         "Journal::commit");
    }
    return {};
}

} // namespace

SqliteJournal::SqliteJournal(std::unique_ptr<sqlite::Connection> database, JournalOptions options,
                             std::shared_ptr<ChainRecords> records)
    : m_database(std::move(database)), m_options(std::move(options)), m_records(std::move(records))
{}

SqliteJournal::~SqliteJournal() = default;

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(const JournalOptions& options,
                                                           std::shared_ptr<ChainRecords> records)
{
    TRY_ASSIGN(auto database, openForWriting(options));
    if (!records) {
        records = std::make_shared<ChainRecords>();
    }
    return std::unique_ptr<SqliteJournal>{new SqliteJournal{std::move(database), options, std::move(records)}};
}

Result<std::optional<EnrollmentRecord>> SqliteJournal::findByEk(ByteView endorsementKey)
{
    TRY(m_records->readOn(*m_database));
    TRY_ASSIGN(const auto fingerprint, attestation::keyFingerprint(endorsementKey));
    return recordByKey(fingerprint);
}

Result<std::optional<EnrollmentRecord>> SqliteJournal::findByKey(const crypto::PublicKey& key)
{
    TRY(m_records->readOn(*m_database));
    TRY_ASSIGN(const auto fingerprint, attestation::fingerprintOf(key));
    return recordByKey(fingerprint);
}

Result<std::optional<EnrollmentRecord>> SqliteJournal::findBySerial(const SerialNumber& serial)
{
    TRY(m_records->readOn(*m_database));
    return recordBySerial(serial);
}

Result<std::optional<EnrollmentRecord>> SqliteJournal::findByRegistration(const RegistrationId& id)
{
    TRY(m_records->readOn(*m_database));
    return recordByRegistration(id);
}

Result<std::optional<EnrollmentRecord>> SqliteJournal::findByStorageRootKey(ByteView name)
{
    TRY(m_records->readOn(*m_database));
    return recordByStorageRootKey(name);
}

/// From the chain alone: no search row repeats the Name.
Result<std::optional<EnrollmentRecord>> SqliteJournal::recordByStorageRootKey(ByteView name)
{
    const auto seq = m_records->byStorageRootKey(name);
    if (!seq) {
        return std::optional<EnrollmentRecord>{};
    }
    TRY_ASSIGN(auto record, storedRecord(*m_database, *seq));
    return std::optional{std::move(record)};
}

Result<EnrollmentRecord> SqliteJournal::asStored(const EnrollmentRecord& record) const
{
    return recoded(documents::recordFromJson(documents::canonicalBytes(record)), StationCode::InternalFault);
}

Result<std::optional<EnrollmentRecord>> SqliteJournal::recordByKey(ByteView fingerprint)
{
    return onlyRecord(*m_database, m_records->byKey(fingerprint),
                      "SELECT seq FROM enrollment_record WHERE key_fingerprint = ?", qt::toQByteArray(fingerprint));
}

Result<std::optional<EnrollmentRecord>> SqliteJournal::recordBySerial(const SerialNumber& serial)
{
    return onlyRecord(*m_database, m_records->bySerial(serial),
                      "SELECT seq FROM enrollment_record WHERE serial_number = ?", toQString(serial.text()));
}

Result<std::optional<EnrollmentRecord>> SqliteJournal::recordByRegistration(const RegistrationId& id)
{
    return onlyRecord(*m_database, m_records->byRegistration(id),
                      "SELECT seq FROM enrollment_record WHERE registration_id = ?", toQString(id.text()));
}

Result<RecordSummary> SqliteJournal::stateOf(const EnrollmentRecord& record)
{
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(*m_database, sqlite::Transaction::Kind::Snapshot));
    TRY_ASSIGN(auto summary, recordSummary(*m_database, record.registrationId, record.serialNumber));
    if (!summary) {
        return journalAltered(*m_database,
                              "the enrollment record " + record.registrationId.text() + " has disappeared");
    }
    return std::move(*summary);
}

Result<std::optional<UtcTime>> SqliteJournal::latestRunStart()
{
    TRY_ASSIGN(const auto latest, latestStartBehind(*m_database, 0));
    if (!latest || *latest <= m_options.now()) {
        return latest;
    }
    TRY(m_records->readOn(*m_database)); // only where it matters, as it may take a second
    return latestStartBehind(*m_database, m_records->clockAccepted());
}

/// The duplicate check inside the Write transaction: nobody can commit another record between it and the commit.
Result<DuplicateCheck> SqliteJournal::duplicateOf(const AttestationRun& run, const EnrollmentRecord& record)
{
    TRY(m_records->readOnInside(*m_database));
    TRY_ASSIGN(const auto fingerprint, attestation::keyFingerprint(record.endorsementKey));
    KnownRecords known;
    TRY_ASSIGN(known.byEk, recordByKey(fingerprint));
    TRY_ASSIGN(known.bySerial, recordBySerial(record.serialNumber));
    TRY_ASSIGN(known.byRegistration, recordByRegistration(record.registrationId));
    if (run.storageRootKey) {
        TRY_ASSIGN(known.byStorageRootKey, recordByStorageRootKey(run.storageRootKey->name));
    }
    return checkDuplicate(record.serialNumber, record.endorsementKey, known);
}

Result<CommitResult> SqliteJournal::commit(const AttestationRun& run, const std::optional<EnrollmentRecord>& record)
{
    if (record) {
        TRY(requireCommittable(run, *record));
        TRY(m_records->readOn(*m_database)); // a first look is long, and others wait for the write lock
    }
    const auto runBytes = documents::canonicalBytes(run); // before the write lock is taken, which others wait for

    TRY_ASSIGN(auto transaction, sqlite::Transaction::begin(*m_database, sqlite::Transaction::Kind::Write));
    DuplicateCheck duplicate;
    if (record) {
        TRY_ASSIGN(duplicate, duplicateOf(run, *record));
    }
    if (isConflict(duplicate.kind)) {
        return CommitResult{CommitResult::Kind::Conflict, duplicate};
    }

    const auto now = m_options.now(); // taken with the write lock held, so that the times of the chain do not go back
    TRY_ASSIGN(auto chain, ChainStore::load(*m_database));
    TRY(chain.append(kRunKind, now, runBytes));
    if (record && duplicate.kind == DuplicateCheck::Kind::New) {
        TRY_ASSIGN(const auto seq, chain.append(kRecordKind, now, documents::canonicalBytes(*record)));
        for (const auto& destination : m_options.destinations) {
            TRY(queueRecord(chain, now, {destination, seq, record->registrationId}));
        }
    }
    TRY(transaction.commit());
    const bool retest = duplicate.kind == DuplicateCheck::Kind::Retest;
    return CommitResult{retest ? CommitResult::Kind::Retest : CommitResult::Kind::Committed, duplicate};
}

} // namespace enroll::db::journal
