#include "db/journal/set_aside.h"

#include "db/journal/open_journal.h"
#include "db/journal/outbox_rows.h"

namespace enroll::db::journal {

using namespace enrollment;
using sqlite::Transaction;

Result<SetAsideOutcome> setAside(const JournalOptions& options, std::span<const DestinationName> destinations,
                                 std::span<const RegistrationId> ids, const std::string& by, const std::string& reason)
{
    TRY_ASSIGN(const auto database, openForWriting(options));
    TRY_ASSIGN(auto transaction, Transaction::begin(*database, Transaction::Kind::Write));
    TRY_ASSIGN(auto found, rejectedEntriesOf(*database, destinations, ids, false));
    if (auto* others = std::get_if<std::vector<NotRejected>>(&found)) {
        return SetAsideOutcome{std::move(*others)};
    }
    const auto now = options.now();
    TRY_ASSIGN(auto chain, ChainStore::load(*database));
    std::vector<RecordAt> records;
    for (auto& [seq, record] : std::get<std::vector<RejectedEntry>>(found)) {
        TRY(appendDeliveryEvent(
            *database, chain, now,
            {seq, record.destination, record.registrationId, RecordState::SetAside, {}, reason, by}));
        records.push_back(std::move(record));
    }
    TRY(transaction.commit());
    return SetAsideOutcome{std::move(records)};
}

} // namespace enroll::db::journal
