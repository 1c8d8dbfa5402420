#include "db/journal/queue_again.h"

#include "db/journal/acts.h"
#include "db/journal/open_journal.h"
#include "db/journal/outbox_rows.h"
#include "db/journal/stored_entry.h"

#include <algorithm>

namespace enroll::db::journal {

using namespace enrollment;
using sqlite::Transaction;

namespace {

Result<std::vector<QueuedAgain>> queue(sqlite::Connection& database, UtcTime now,
                                       const std::vector<RejectedEntry>& entries,
                                       const std::optional<station::Act>& act)
{
    TRY_ASSIGN(auto chain, ChainStore::load(database));
    std::vector<QueuedAgain> queued;
    for (const auto& [seq, record, recordSeq] : entries) {
        if (seq == 0) {
            TRY(storedEntry(database, recordSeq, kRecordKind)); // queued for good: only what the chain holds
            TRY(queueRecord(chain, now, {record.destination, recordSeq, record.registrationId}));
        } else {
            TRY(appendDeliveryEvent(database, chain, now,
                                    {seq, record.destination, record.registrationId, RecordState::Queued, {}, {}}));
        }
        queued.push_back(record);
    }
    if (act && !queued.empty()) {
        auto counted = *act;
        counted.count = static_cast<std::int64_t>(queued.size());
        TRY(appendAct(chain, now, counted));
    }
    return queued;
}

} // namespace

Result<RetryOutcome> queueAgain(const JournalOptions& options, std::span<const DestinationName> destinations,
                                std::span<const RegistrationId> ids, const std::optional<station::Act>& act)
{
    TRY_ASSIGN(const auto database, openForWriting(options));
    TRY_ASSIGN(auto transaction, Transaction::begin(*database, Transaction::Kind::Write));
    TRY_ASSIGN(auto found, rejectedEntriesOf(*database, destinations, ids, {.setAside = true}));
    if (auto* others = std::get_if<std::vector<NotRejected>>(&found)) {
        return RetryOutcome{std::move(*others)};
    }
    TRY_ASSIGN(auto queued, queue(*database, options.now(), std::get<std::vector<RejectedEntry>>(found), act));
    TRY(transaction.commit());
    return RetryOutcome{std::move(queued)};
}

Result<std::vector<QueuedAgain>> queueRejectedAgain(const JournalOptions& options,
                                                    std::span<const DestinationName> destinations,
                                                    const std::optional<station::Act>& act)
{
    TRY_ASSIGN(const auto database, openForWriting(options));
    TRY_ASSIGN(auto transaction, Transaction::begin(*database, Transaction::Kind::Write));
    std::vector<RejectedEntry> entries;
    for (const auto& destination : destinations) {
        TRY_ASSIGN(auto found, rejectedEntries(*database, destination));
        std::ranges::move(found, std::back_inserter(entries));
    }
    TRY_ASSIGN(auto queued, queue(*database, options.now(), entries, act));
    TRY(transaction.commit());
    return queued;
}

} // namespace enroll::db::journal
