#include "db/journal/index_verifier.h"

#include "db/documents/member_reader.h"
#include "db/journal/chain_store.h"
#include "db/journal/delivery_status.h"
#include "db/qt/values.h"

namespace enroll::db::journal {
namespace {

using FirstBad = std::optional<BadEntry>;

Result<bool> hasRow(sqlite::Statement& statement, const QVariantList& values)
{
    TRY(statement.run(values));
    return statement.next();
}

} // namespace

Result<std::int64_t> countOf(sqlite::Connection& database, const char* sql, const QVariantList& values)
{
    TRY_ASSIGN(auto row, database.query(sql, values));
    TRY_ASSIGN(const bool counted, row.next());
    return counted ? row.integer(0) : 0;
}

Result<IndexVerifier::Table> IndexVerifier::prepare(sqlite::Connection& database, const IndexTable& table,
                                                    std::int64_t start, Indexes indexes)
{
    TRY_ASSIGN(auto rows, rowsAfter(database, table, start));
    Table prepared{&table, std::move(rows), {}};
    if (indexes == Indexes::InDoubt) {
        for (const auto& lookup : table.lookups) {
            TRY_ASSIGN(auto statement, database.prepare(lookup.sql));
            prepared.lookups.push_back(std::move(statement));
        }
    }
    return prepared;
}

Result<IndexVerifier> IndexVerifier::make(sqlite::Connection& database, std::int64_t start, Indexes indexes)
{
    IndexVerifier verifier;
    for (const auto& table : indexTables()) {
        TRY_ASSIGN(auto prepared, prepare(database, table, start, indexes));
        verifier.m_tables.emplace(table.kind, std::move(prepared));
    }
    return verifier;
}

/// Steps to the row of entry \p seq; false if there is none. Passes over rows that belong to no document: the number of
/// rows gives them away.
Result<bool> IndexVerifier::advanceTo(Table& table, std::int64_t seq)
{
    while (table.atRow && table.entry < seq) {
        TRY_ASSIGN(table.atRow, table.rows.next());
        table.entry = table.atRow ? entryOfRow(*table.table, table.rows) : table.entry;
    }
    return table.atRow && table.entry == seq;
}

/// Looks the entry up by each indexed column. A damaged or altered index does not lead to it, though the row itself is
/// right, and a duplicate check by that index would miss a record.
Result<bool> IndexVerifier::finds(Table& table, const IndexRow& row, std::int64_t seq)
{
    for (std::size_t i = 0; i < table.lookups.size(); ++i) {
        const auto& value = row.values[static_cast<std::size_t>(table.table->lookups[i].column)];
        if (!value || value->isNull()) {
            continue;
        }
        TRY_ASSIGN(const bool found, hasRow(table.lookups[i], {*value, static_cast<qlonglong>(seq)}));
        if (!found) {
            return false;
        }
    }
    return true;
}

Result<FirstBad> IndexVerifier::check(std::int64_t seq, std::string_view kind, const QJsonObject& document)
{
    const auto found = m_tables.find(kind);
    if (found == m_tables.end()) {
        return FirstBad{};
    }
    auto& table = found->second;
    const auto row = indexRow(*table.table, document);
    const auto bad = [&](std::string_view reason) {
        return FirstBad{BadEntry{seq, std::string{kind}, row.id, std::string{reason}}};
    };

    TRY_ASSIGN(const bool hasItsRow, advanceTo(table, seq));
    if (!hasItsRow) {
        return bad(kRowIsMissing);
    }
    if (!saysTheSame(table.rows, row)) {
        return bad(kRowDiffers);
    }
    TRY_ASSIGN(const bool isFound, finds(table, row, seq));
    return isFound ? FirstBad{} : bad("the entry cannot be found through its index");
}

Result<FirstBad> verifyRowCounts(sqlite::Connection& database)
{
    TRY_ASSIGN(auto documents, database.query("SELECT kind, count(*) FROM chain_entry NOT INDEXED GROUP BY kind"));
    std::map<std::string, std::int64_t, std::less<>> counts;
    TRY(documents.forEach([&](const sqlite::Statement& row) -> Result<void> {
        counts.emplace(row.text(0), row.integer(1));
        return {};
    }));
    for (const auto& table : indexTables()) {
        TRY_ASSIGN(const auto rows, countOf(database, table.count));
        const auto expected = counts[std::string{table.kind}];
        if (rows != expected) {
            return FirstBad{BadEntry{0,
                                     std::string{table.kind},
                                     {},
                                     rows > expected ? "there are search rows without a document"
                                                     : "there are documents without a search row"}};
        }
    }
    return FirstBad{};
}

Result<FirstBad> verifyOutboxStates(sqlite::Connection& database)
{
    TRY_ASSIGN(
        auto rows,
        database.query(
            "SELECT o.seq, r.registration_id FROM outbox_entry o LEFT JOIN enrollment_record r ON r.seq = o.record_seq"
            // If the last event has a state that only a newer program knows, the entry's state is not compared. One that was
            // set aside stays rejected there: stateInColumn().
            " WHERE r.seq IS NULL OR (SELECT last.state IN ('queued', 'sent', 'accepted', 'rejected', 'set-aside')"
            " AND o.state IS NOT CASE last.state WHEN 'set-aside' THEN 'rejected' ELSE last.state END"
            " FROM (SELECT coalesce((SELECT e.state FROM delivery_event e WHERE e.outbox_seq = o.seq"
            "   ORDER BY e.seq DESC LIMIT 1), 'queued') AS state) last)"
            " OR o.attempts IS NOT (SELECT count(*) FROM delivery_event e WHERE e.outbox_seq = o.seq AND e.state = "
            "'sent')"
            " ORDER BY o.seq LIMIT 1"));
    TRY_ASSIGN(const bool found, rows.next());
    if (found) {
        return FirstBad{BadEntry{rows.integer(0), std::string{kOutboxKind}, rows.text(1),
                                 "its state differs from its delivery events"}};
    }
    return verifyDeliveryOrder(database);
}

} // namespace enroll::db::journal
