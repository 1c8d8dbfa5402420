#include "db/journal/sqlite_outbox.h"

#include "core/base/assert.h"
#include "core/base/station_code.h"
#include "db/journal/bad_entry.h"
#include "db/journal/delivery_status.h"
#include "db/journal/journal_faults.h"
#include "db/journal/open_journal.h"
#include "db/journal/outbox_rows.h"
#include "db/journal/stored_entry.h"
#include "db/qt/values.h"

#include <algorithm>
#include <limits>

namespace enroll::db::journal {

using namespace enrollment;
using delivery::OutboxClosing;
using delivery::OutboxCounts;
using delivery::OutboxEntry;
using documents::DeliveryEvent;
using qt::toQString;

namespace {

bool isOpen(RecordState state) noexcept
{
    return state == RecordState::Queued || state == RecordState::Sent;
}

/// Nothing if this program does not understand the record, or what was said of its delivery.
Result<std::optional<OutboxEntry>> entryOf(sqlite::Connection& database, const sqlite::Statement& row)
{
    const auto seq = row.integer(0);
    TRY_ASSIGN(const auto status, deliveryStatus(database, seq));
    if (!isOpen(status.state)) { // an index that was altered gave it
        return journalAltered(
            database, BadEntry{seq, "outbox-entry", status.registrationId.text(), "it is closed, but listed as open"});
    }
    TRY_ASSIGN(auto found, recordToPassOn(database, row.integer(1)));
    auto* record = std::get_if<EnrollmentRecord>(&found);
    if (record == nullptr || status.notUnderstood) {
        return std::optional<OutboxEntry>{};
    }
    OutboxEntry entry{seq, std::move(*record), status.state, status.attempts};
    if (status.rejectedBy != 0) {
        TRY_ASSIGN(entry.rejectedFor, reasonOfRejection(database, status.rejectedBy));
    }
    return std::optional{std::move(entry)};
}

/// The registration id of an open entry of \p destination; nothing if the entry is closed or does not exist.
Result<std::optional<RegistrationId>> openEntry(sqlite::Connection& database, const DestinationName& destination,
                                                std::int64_t id)
{
    TRY_ASSIGN(auto row, database.query("SELECT 1 FROM outbox_entry WHERE seq = ? AND destination = ?",
                                        {static_cast<qlonglong>(id), toQString(destination.text())}));
    TRY_ASSIGN(const bool there, row.next());
    if (!there) {
        return std::optional<RegistrationId>{};
    }
    TRY_ASSIGN(auto status, deliveryStatus(database, id));
    return isOpen(status.state) ? std::optional{std::move(status.registrationId)} : std::nullopt;
}

void count(OutboxCounts& counts, RecordState state, int entries) noexcept
{
    switch (state) {
    case RecordState::Queued:
        counts.queued = entries;
        return;
    case RecordState::Sent:
        counts.sent = entries;
        return;
    case RecordState::Accepted:
        counts.accepted = entries;
        return;
    case RecordState::Rejected:
        counts.rejected = entries;
        return;
    case RecordState::SetAside:
        counts.setAside = entries;
        return;
    }
}

} // namespace

SqliteOutbox::SqliteOutbox(std::unique_ptr<sqlite::Connection> database, JournalOptions options,
                           DestinationName destination, Proof proof)
    : m_database(std::move(database)), m_options(std::move(options)), m_destination(std::move(destination)),
      m_proof(std::move(proof))
{}

SqliteOutbox::~SqliteOutbox() = default;

Result<std::unique_ptr<SqliteOutbox>> SqliteOutbox::open(const JournalOptions& options, DestinationName destination,
                                                         Proof proof)
{
    TRY_ASSIGN(auto database, openForWriting(options));
    return std::unique_ptr<SqliteOutbox>{
        new SqliteOutbox{std::move(database), options, std::move(destination), std::move(proof)}};
}

/// Reads everything that can be sent: nothing is sent of a journal in which some of it was altered. True if there is any.
Result<bool> SqliteOutbox::requireIntact()
{
    constexpr std::size_t kAtOnce = 100;
    for (std::int64_t after = 0;;) {
        TRY_ASSIGN(const auto entries, pending(kAtOnce, after));
        if (entries.empty()) {
            return after > 0;
        }
        after = entries.back().id;
    }
}

Result<void> SqliteOutbox::requireProof()
{
    TRY_ASSIGN(const bool anyOpen, requireIntact());
    if (m_proof) {
        TRY_ASSIGN(const auto unqueued, missing());
        if (anyOpen || !unqueued.empty()) {
            TRY(m_proof());
        }
    }
    return {};
}

Result<bool> SqliteOutbox::claim()
{
    if (m_claim) {
        TRY(requireProof());
        return true;
    }
    // In hexadecimal, because the name of a destination may hold characters that a file name cannot.
    const auto file = m_options.dataDirectory / ("upload-" + toHex(asBytes(m_destination.text())) + ".lock");
    auto lock = asJournalFault(system::FileLock::acquire(file, Deadline::in(std::chrono::milliseconds{0})));
    if (!lock) {
        return lock.error().code == StationCode::JournalBusy ? Result<bool>{false} : std::move(lock).error();
    }
    TRY(requireProof());
    m_claim.emplace(std::move(lock).value());
    return true;
}

Result<std::vector<OutboxEntry>> SqliteOutbox::pending(std::size_t most, std::int64_t afterId)
{
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(*m_database, sqlite::Transaction::Kind::Snapshot));
    std::vector<OutboxEntry> entries;
    while (entries.empty()) {
        TRY_ASSIGN(const auto last, readPage(most, afterId, entries));
        if (last == afterId) {
            break;
        }
        afterId = last; // none of them is understood, or it ends here
    }
    return entries;
}

/// Appends to \p entries what can be sent of the next \p most open ones. The id of the last one read; \p afterId at the end.
Result<std::int64_t> SqliteOutbox::readPage(std::size_t most, std::int64_t afterId, std::vector<OutboxEntry>& entries)
{
    constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<qlonglong>::max());
    TRY_ASSIGN(auto rows, m_database->query("SELECT seq, record_seq FROM outbox_entry"
                                            " WHERE destination = ? AND state IN ('queued', 'sent') AND seq > ?"
                                            " ORDER BY seq LIMIT ?",
                                            {toQString(m_destination.text()), static_cast<qlonglong>(afterId),
                                             static_cast<qlonglong>(std::min(most, kMost))}));
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        afterId = row.integer(0);
        TRY_ASSIGN(auto entry, entryOf(*m_database, row));
        if (entry) {
            entries.push_back(*std::move(entry));
        }
        return {};
    }));
    return afterId;
}

Result<std::vector<documents::RecordNotUnderstood>> SqliteOutbox::recordsNotUnderstood()
{
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(*m_database, sqlite::Transaction::Kind::Snapshot));
    TRY_ASSIGN(auto rows,
               m_database->query("SELECT r.seq, coalesce(o.seq, 0) FROM enrollment_record r LEFT JOIN outbox_entry o"
                                 " ON o.record_seq = r.seq AND o.destination = ?"
                                 " WHERE o.seq IS NULL OR o.state IN ('queued', 'sent') ORDER BY r.seq",
                                 {toQString(m_destination.text())}));
    std::vector<documents::RecordNotUnderstood> notUnderstood;
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        TRY_ASSIGN(auto found, recordToPassOn(*m_database, row.integer(0)));
        if (auto* record = std::get_if<documents::RecordNotUnderstood>(&found)) {
            notUnderstood.push_back(std::move(*record));
        } else if (row.integer(1) != 0) {
            TRY_ASSIGN(auto status, deliveryStatus(*m_database, row.integer(1)));
            if (status.notUnderstood) {
                notUnderstood.push_back(*std::move(status.notUnderstood));
            }
        }
        return {};
    }));
    return notUnderstood;
}

/// Appends each event whose entry is still open, with that entry's registration id, in one transaction. Entries that are
/// closed by now are skipped: a destination's last word on a record is never taken back.
Result<void> SqliteOutbox::append(std::vector<DeliveryEvent> events)
{
    TRY_ASSIGN(auto transaction, sqlite::Transaction::begin(*m_database, sqlite::Transaction::Kind::Write));
    const auto now = m_options.now();
    TRY_ASSIGN(auto chain, ChainStore::load(*m_database));
    for (auto& event : events) {
        TRY_ASSIGN(auto id, openEntry(*m_database, m_destination, event.outboxSeq));
        if (id) {
            event.registrationId = *std::move(id);
            TRY(appendDeliveryEvent(*m_database, chain, now, event));
        }
    }
    return transaction.commit();
}

Result<void> SqliteOutbox::markSent(std::span<const std::int64_t> ids)
{
    std::vector<DeliveryEvent> events;
    for (const auto id : ids) {
        events.push_back({id, m_destination, {}, RecordState::Sent, {}, {}});
    }
    return append(std::move(events));
}

Result<void> SqliteOutbox::close(std::span<const OutboxClosing> closings)
{
    ENROLL_ASSERT(std::ranges::all_of(closings,
                                      [](const OutboxClosing& closing) {
                                          return closing.state == RecordState::Accepted ||
                                                 closing.state == RecordState::Rejected;
                                      }),
                  "an entry is closed as accepted or rejected");
    std::vector<DeliveryEvent> events;
    for (const auto& closing : closings) {
        events.push_back({closing.id, m_destination, {}, closing.state, closing.code, closing.reason});
    }
    return append(std::move(events));
}

Result<int> SqliteOutbox::leftOutAsSetAside()
{
    TRY_ASSIGN(auto row, m_database->query("SELECT count(*) FROM enrollment_record r WHERE NOT EXISTS"
                                           " (SELECT 1 FROM outbox_entry o WHERE o.record_seq = r.seq AND"
                                           " o.destination = ?) AND " ENROLL_RECORD_IS_SET_ASIDE,
                                           {toQString(m_destination.text())}));
    TRY_ASSIGN(const bool counted, row.next());
    return counted ? static_cast<int>(row.integer(0)) : 0;
}

Result<std::vector<documents::OutboxNote>> SqliteOutbox::missing() const
{
    std::vector<documents::OutboxNote> notes;
    TRY_ASSIGN(auto rows,
               m_database->query("SELECT r.seq, r.registration_id FROM enrollment_record r WHERE NOT EXISTS"
                                 " (SELECT 1 FROM outbox_entry o WHERE o.record_seq = r.seq AND o.destination = ?)"
                                 " AND NOT " ENROLL_RECORD_IS_SET_ASIDE " ORDER BY r.seq",
                                 {toQString(m_destination.text())}));
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        notes.push_back({m_destination, row.integer(0), RegistrationId{row.text(1)}});
        return {};
    }));
    return notes;
}

Result<int> SqliteOutbox::enqueueMissing()
{
    // A follower asks every other second, and nearly always nothing is missing: the slots' commits do not wait for that.
    TRY_ASSIGN(const auto seen, missing());
    if (seen.empty()) {
        return 0;
    }
    TRY_ASSIGN(auto transaction, sqlite::Transaction::begin(*m_database, sqlite::Transaction::Kind::Write));
    const auto now = m_options.now();
    TRY_ASSIGN(auto chain, ChainStore::load(*m_database));
    TRY_ASSIGN(const auto notes, missing()); // again: another program may have queued them since
    for (const auto& note : notes) {
        TRY(storedEntry(*m_database, note.recordSeq, kRecordKind)); // queued for good: only what the chain holds
        TRY(queueRecord(chain, now, note));
    }
    TRY(transaction.commit());
    return static_cast<int>(notes.size());
}

Result<OutboxCounts> SqliteOutbox::counts()
{
    TRY_ASSIGN(auto rows, m_database->query("SELECT " ENROLL_OUTBOX_ENTRY_STATE " AS now, count(*) FROM outbox_entry o"
                                            " WHERE o.destination = ? GROUP BY now",
                                            {toQString(m_destination.text())}));
    OutboxCounts counts;
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        TRY_ASSIGN(const auto state, recordStateFromText(*m_database, row.text(0)));
        count(counts, state, static_cast<int>(row.integer(1)));
        return {};
    }));
    return counts;
}

} // namespace enroll::db::journal
