#include "db/journal/set_aside.h"

#include "db/journal/acts.h"
#include "db/journal/open_journal.h"
#include "db/journal/outbox_rows.h"

#include <algorithm>

namespace enroll::db::journal {

using namespace enrollment;
using sqlite::Transaction;

namespace {

std::vector<std::int64_t> entriesOf(std::span<const OpenAnswer> open)
{
    std::vector<std::int64_t> entries;
    std::ranges::transform(open, std::back_inserter(entries), &OpenAnswer::seq);
    return entries;
}

/// What its destination said of the open entry \p seq; null if it said nothing, or if the entry is not open.
const delivery::OutboxClosing* wordOn(std::int64_t seq, std::span<const OpenAnswer> open)
{
    const auto found = std::ranges::find(open, seq, &OpenAnswer::seq);
    return found == open.end() || !found->word ? nullptr : &*found->word;
}

} // namespace

Result<SetAsideOutcome> setAside(const JournalOptions& options, std::span<const DestinationName> destinations,
                                 std::span<const RegistrationId> ids, const Decision& decision,
                                 std::span<const OpenAnswer> open, const std::optional<station::Act>& act)
{
    TRY_ASSIGN(const auto database, openForWriting(options));
    TRY_ASSIGN(auto transaction, Transaction::begin(*database, Transaction::Kind::Write));
    TRY_ASSIGN(auto found, rejectedEntriesOf(*database, destinations, ids, {.open = entriesOf(open)}));
    if (auto* others = std::get_if<std::vector<NotRejected>>(&found)) {
        return SetAsideOutcome{std::move(*others)};
    }
    const auto now = options.now();
    TRY_ASSIGN(auto chain, ChainStore::load(*database));
    SetAside done;
    for (auto& [seq, record, recordSeq] : std::get<std::vector<RejectedEntry>>(found)) {
        const auto note = [&, &entry = seq, &at = record](RecordState state, const std::string& code,
                                                          const std::string& reason, const std::string& by = {}) {
            return appendDeliveryEvent(*database, chain, now,
                                       {entry, at.destination, at.registrationId, state, code, reason, by});
        };
        const auto* word = wordOn(seq, open);
        if (word != nullptr) {
            TRY(note(word->state, word->code, word->reason));
        }
        if (word != nullptr && word->state == RecordState::Accepted) {
            done.delivered.push_back(std::move(record));
            continue;
        }
        TRY(note(RecordState::SetAside, {}, decision.reason, decision.by));
        done.records.push_back(std::move(record));
    }
    if (act && !done.records.empty()) {
        auto decided = *act;
        decided.operatorId = OperatorId{decision.by};
        decided.reason = decision.reason;
        decided.count = static_cast<std::int64_t>(done.records.size());
        TRY(appendAct(chain, now, decided));
    }
    TRY(transaction.commit());
    return SetAsideOutcome{std::move(done)};
}

} // namespace enroll::db::journal
