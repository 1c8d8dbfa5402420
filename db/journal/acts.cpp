#include "db/journal/acts.h"

#include "db/documents/act_document.h"
#include "db/documents/json_text.h"
#include "db/journal/open_journal.h"
#include "db/journal/stored_entry.h"
#include "db/qt/values.h"

namespace enroll::db::journal {
namespace {

StoredAct storedAct(const audit::ChainEntry& entry)
{
    StoredAct stored{entry.seq, entry.at};
    auto document = documents::parseJsonObject(ByteView{entry.body});
    auto act =
        document ? documents::actFromJson(*document, stored.notUnderstood) : Result<station::Act>{document.error()};
    if (document) {
        stored.document = std::move(document).value();
    }
    if (act) {
        stored.act = std::move(act).value();
    } else {
        stored.notUnderstood.places.insert(stored.notUnderstood.places.begin(), act.error().what);
    }
    return stored;
}

/// When it was done; of an act that cannot be read, when it was written.
std::optional<UtcTime> timeOf(const StoredAct& stored)
{
    if (stored.act) {
        return stored.act->at;
    }
    const auto written = fromIso8601(stored.writtenAt);
    return written ? std::optional{*written} : std::nullopt;
}

bool isOf(const StoredAct& stored, const std::optional<enrollment::OperatorId>& person)
{
    return !person || (stored.act && stored.act->operatorId == person);
}

} // namespace

Result<void> appendAct(ChainStore& chain, UtcTime now, const station::Act& act)
{
    TRY(chain.append(kActKind, now, documents::canonicalBytes(act)));
    return {};
}

Result<void> appendActs(const JournalOptions& options, std::span<const station::Act> acts)
{
    TRY_ASSIGN(const auto database, openForWriting(options));
    TRY_ASSIGN(auto transaction, sqlite::Transaction::begin(*database, sqlite::Transaction::Kind::Write));
    const auto now = options.now(); // with the write lock held, so that the times of the chain do not go back
    TRY_ASSIGN(auto chain, ChainStore::load(*database));
    for (const auto& act : acts) {
        TRY(appendAct(chain, now, act));
    }
    return transaction.commit();
}

Result<std::vector<StoredAct>> storedActs(const std::filesystem::path& dataDirectory, const ActFilter& filter)
{
    TRY_ASSIGN(const auto database, openForReading(dataDirectory));
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(*database, sqlite::Transaction::Kind::Snapshot));
    std::vector<std::int64_t> entries;
    TRY_ASSIGN(auto rows, database->query("SELECT seq FROM chain_entry NOT INDEXED WHERE kind = ? ORDER BY seq",
                                          {qt::toQString(kActKind)}));
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        entries.push_back(row.integer(0));
        return {};
    }));
    std::vector<StoredAct> acts;
    bool begun = !filter.since;
    for (const auto seq : entries) {
        TRY_ASSIGN(const auto entry, provenEntry(*database, seq, kActKind));
        auto stored = storedAct(entry);
        const auto at = timeOf(stored);
        begun = begun || (at && *at >= *filter.since);
        if ((begun || !at) && isOf(stored, filter.operatorId)) {
            acts.push_back(std::move(stored));
        }
    }
    return acts;
}

} // namespace enroll::db::journal
