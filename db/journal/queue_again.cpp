#include "db/journal/queue_again.h"

#include "db/journal/delivery_status.h"
#include "db/journal/open_journal.h"
#include "db/journal/outbox_rows.h"
#include "db/qt/values.h"

#include <algorithm>

namespace enroll::db::journal {

using namespace enrollment;
using qt::toQString;
using sqlite::Transaction;

namespace {

struct RejectedEntry {
    std::int64_t seq;
    QueuedAgain record;
};

Result<std::vector<RejectedEntry>> rejectedEntries(sqlite::Connection& database, const DestinationName& destination)
{
    std::vector<RejectedEntry> entries;
    TRY_ASSIGN(auto rows, database.query("SELECT seq FROM outbox_entry WHERE destination = ? AND state = 'rejected'"
                                         " ORDER BY seq",
                                         {toQString(destination.text())}));
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        TRY_ASSIGN(auto status, deliveryStatus(database, row.integer(0)));
        entries.push_back({row.integer(0), {destination, std::move(status.registrationId)}});
        return {};
    }));
    return entries;
}

/// How far one record is at one destination; nothing if there is no record.
struct EntryState {
    std::int64_t seq = 0; ///< 0 while the record was never queued there
    RegistrationId registrationId;
    RecordState state = RecordState::Queued;
};

Result<std::optional<EntryState>> entryState(sqlite::Connection& database, const DestinationName& destination,
                                             const RegistrationId& id)
{
    TRY_ASSIGN(auto row, database.query("SELECT coalesce(o.seq, 0), r.registration_id"
                                        " FROM enrollment_record r LEFT JOIN outbox_entry o ON o.record_seq = r.seq"
                                        " AND o.destination = ? WHERE r.registration_id = ?",
                                        {toQString(destination.text()), toQString(id.text())}));
    TRY_ASSIGN(const bool isThere, row.next());
    if (!isThere) {
        return std::optional<EntryState>{};
    }
    EntryState entry{row.integer(0), RegistrationId{row.text(1)}};
    if (entry.seq != 0) {
        TRY_ASSIGN(const auto status, deliveryStatus(database, entry.seq));
        entry.state = status.state;
    }
    return std::optional{std::move(entry)};
}

/// What \p destinations rejected of one record, added to \p entries; or how far the record is where none did.
Result<std::optional<NotRejected>> addRejected(sqlite::Connection& database,
                                               std::span<const DestinationName> destinations, const RegistrationId& id,
                                               std::vector<RejectedEntry>& entries)
{
    NotRejected otherwise{id};
    bool anyRejected = false;
    for (const auto& destination : destinations) {
        TRY_ASSIGN(const auto entry, entryState(database, destination, id));
        if (!entry) {
            continue;
        }
        if (entry->state != RecordState::Rejected) {
            otherwise.state = std::min(otherwise.state.value_or(entry->state), entry->state);
            continue;
        }
        anyRejected = true;
        if (std::ranges::find(entries, entry->seq, &RejectedEntry::seq) == entries.end()) {
            entries.push_back({entry->seq, {destination, entry->registrationId}});
        }
    }
    return anyRejected ? std::nullopt : std::optional{std::move(otherwise)};
}

Result<std::vector<QueuedAgain>> queue(sqlite::Connection& database, UtcTime now,
                                       const std::vector<RejectedEntry>& entries)
{
    TRY_ASSIGN(auto chain, ChainStore::load(database));
    std::vector<QueuedAgain> queued;
    for (const auto& [seq, record] : entries) {
        TRY(appendDeliveryEvent(database, chain, now,
                                {seq, record.destination, record.registrationId, RecordState::Queued, {}, {}}));
        queued.push_back(record);
    }
    return queued;
}

} // namespace

Result<RetryOutcome> queueAgain(const JournalOptions& options, std::span<const DestinationName> destinations,
                                std::span<const RegistrationId> ids)
{
    TRY_ASSIGN(const auto database, openForWriting(options));
    TRY_ASSIGN(auto transaction, Transaction::begin(*database, Transaction::Kind::Write));
    std::vector<RejectedEntry> entries;
    std::vector<NotRejected> refused;
    for (const auto& id : ids) {
        TRY_ASSIGN(auto otherwise, addRejected(*database, destinations, id, entries));
        if (otherwise) {
            refused.push_back(std::move(*otherwise));
        }
    }
    if (!refused.empty()) {
        return RetryOutcome{std::move(refused)};
    }
    TRY_ASSIGN(auto queued, queue(*database, options.now(), entries));
    TRY(transaction.commit());
    return RetryOutcome{std::move(queued)};
}

Result<std::vector<QueuedAgain>> queueRejectedAgain(const JournalOptions& options,
                                                    std::span<const DestinationName> destinations)
{
    TRY_ASSIGN(const auto database, openForWriting(options));
    TRY_ASSIGN(auto transaction, Transaction::begin(*database, Transaction::Kind::Write));
    std::vector<RejectedEntry> entries;
    for (const auto& destination : destinations) {
        TRY_ASSIGN(auto found, rejectedEntries(*database, destination));
        std::ranges::move(found, std::back_inserter(entries));
    }
    TRY_ASSIGN(auto queued, queue(*database, options.now(), entries));
    TRY(transaction.commit());
    return queued;
}

} // namespace enroll::db::journal
