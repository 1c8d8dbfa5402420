#include "db/journal/chain_store.h"

#include "db/documents/member_reader.h"
#include "db/journal/bad_entry.h"
#include "db/journal/index_table.h"
#include "db/journal/stored_entry.h"
#include "db/qt/values.h"

#include <algorithm>

namespace enroll::db::journal {

using qt::toQString;

Result<audit::ChainHead> storedHead(sqlite::Connection& database)
{
    TRY_ASSIGN(auto row, database.query("SELECT entries, hash FROM chain_head"));
    TRY_ASSIGN(const bool there, row.next());
    if (!there) {
        return journalAltered(database, "the journal does not record which entry is its last");
    }
    return audit::ChainHead{row.integer(0), toBytes(qt::viewOf(row.bytes(1)))};
}

namespace {

/// What is appended behind an end that is not the chain's would hide that entries were cut off or changed.
Result<void> requireEnd(sqlite::Connection& database, const audit::ChainHead& head)
{
    TRY_ASSIGN(auto row, database.query("SELECT coalesce(max(seq), 0) FROM chain_entry"));
    TRY_ASSIGN(const bool there, row.next());
    const auto last = there ? row.integer(0) : 0;
    if (last != head.entries) {
        return journalAltered(database, BadEntry{last + 1,
                                                 "journal",
                                                 {},
                                                 "the chain ends before it, but the journal records entry " +
                                                     std::to_string(head.entries) + " as its end"});
    }
    for (auto seq = std::max(last - 1, std::int64_t{1}); seq <= last; ++seq) {
        TRY(provenEntry(database, seq));
    }
    return {};
}

} // namespace

Result<audit::ChainHead> provenHead(sqlite::Connection& database)
{
    TRY_ASSIGN(auto head, storedHead(database));
    TRY(requireEnd(database, head));
    return head;
}

Result<ChainStore> ChainStore::load(sqlite::Connection& database)
{
    TRY_ASSIGN(auto head, provenHead(database));
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
