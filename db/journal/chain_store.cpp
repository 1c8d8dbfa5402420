#include "db/journal/chain_store.h"

#include "core/base/station_code.h"
#include "db/documents/member_reader.h"
#include "db/journal/index_table.h"
#include "db/qt/values.h"

namespace enroll::db::journal {

using qt::toQString;

Result<audit::ChainHead> storedHead(sqlite::Connection& database)
{
    TRY_ASSIGN(auto row, database.query("SELECT entries, hash FROM chain_head"));
    TRY_ASSIGN(const bool there, row.next());
    if (!there) {
        return makeError(StationCode::JournalAltered, "the journal does not record where its chain ends");
    }
    return audit::ChainHead{row.integer(0), toBytes(qt::viewOf(row.bytes(1)))};
}

Result<ChainStore> ChainStore::load(sqlite::Connection& database)
{
    TRY_ASSIGN(auto head, storedHead(database));
    return ChainStore{database, std::move(head)};
}

Result<std::int64_t> ChainStore::append(std::string_view kind, UtcTime at, const QByteArray& body)
{
    TRY_ASSIGN(const auto entry, audit::nextEntry(m_head, kind, toIso8601(at), qt::viewOf(body)));
    TRY(m_database->execute(
        "INSERT INTO chain_entry(seq, kind, at, body, prev_hash, entry_hash) VALUES(?, ?, ?, ?, ?, ?)",
        {static_cast<qlonglong>(entry.seq), toQString(entry.kind), toQString(entry.at), body,
         qt::toQByteArray(entry.previousHash), qt::toQByteArray(entry.hash)}));
    // The stored end of the chain shows entries that were cut off; the chain alone could not.
    TRY(m_database->execute("UPDATE chain_head SET entries = ?, hash = ?",
                            {static_cast<qlonglong>(entry.seq), qt::toQByteArray(entry.hash)}));
    TRY(insertIndexRow(*m_database, kind, entry.seq, body));
    m_head = audit::ChainHead{entry.seq, entry.hash};
    return entry.seq;
}

} // namespace enroll::db::journal
