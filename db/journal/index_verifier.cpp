#include "db/journal/index_verifier.h"

#include "db/documents/member_reader.h"
#include "db/journal/chain_store.h"
#include "db/journal/delivery_status.h"
#include "db/qt/values.h"

namespace enroll::db::journal {
namespace {

using Finding = std::optional<BadEntry>;

Result<bool> hasRow(sqlite::Statement& statement, const QVariantList& values)
{
    TRY(statement.run(values));
    return statement.next();
}

} // namespace

Result<IndexVerifier::Prepared> IndexVerifier::prepare(sqlite::Connection& database, const IndexTable& table)
{
    TRY_ASSIGN(auto select, database.prepare(table.select));
    Prepared prepared{&table, std::move(select), {}};
    for (const auto& lookup : table.lookups) {
        TRY_ASSIGN(auto statement, database.prepare(lookup.sql));
        prepared.lookups.push_back(std::move(statement));
    }
    return prepared;
}

Result<IndexVerifier> IndexVerifier::make(sqlite::Connection& database)
{
    IndexVerifier verifier;
    for (const auto& table : indexTables()) {
        TRY_ASSIGN(auto prepared, prepare(database, table));
        verifier.m_tables.emplace(table.kind, std::move(prepared));
    }
    return verifier;
}

/// Looks the entry up by each indexed column. A damaged or altered index does not lead to it, though the row itself is
/// right, and a duplicate check by that index would miss a record.
Result<bool> IndexVerifier::finds(Prepared& prepared, const IndexRow& row, std::int64_t seq)
{
    for (std::size_t i = 0; i < prepared.lookups.size(); ++i) {
        const auto& value = row.values[static_cast<std::size_t>(prepared.table->lookups[i].column)];
        if (!value || value->isNull()) {
            continue;
        }
        TRY_ASSIGN(const bool found, hasRow(prepared.lookups[i], {*value, static_cast<qlonglong>(seq)}));
        if (!found) {
            return false;
        }
    }
    return true;
}

Result<Finding> IndexVerifier::check(std::int64_t seq, std::string_view kind, const QByteArray& body)
{
    const auto found = m_tables.find(kind);
    if (found == m_tables.end()) {
        return Finding{};
    }
    auto& prepared = found->second;
    const auto row = indexRow(*prepared.table, body);
    const auto bad = [&](std::string reason) {
        return Finding{BadEntry{seq, std::string{kind}, row.id, std::move(reason)}};
    };

    TRY_ASSIGN(auto fault, searchRowFault(prepared.select, seq, row));
    if (fault) {
        return bad(std::move(*fault));
    }
    TRY_ASSIGN(const bool isFound, finds(prepared, row, seq));
    return isFound ? Finding{} : bad("the entry cannot be found through its index");
}

Result<Finding> verifyRowCounts(sqlite::Connection& database)
{
    TRY_ASSIGN(auto documents, database.query("SELECT kind, count(*) FROM chain_entry NOT INDEXED GROUP BY kind"));
    std::map<std::string, std::int64_t, std::less<>> counts;
    TRY(documents.forEach([&](const sqlite::Statement& row) -> Result<void> {
        counts.emplace(row.text(0), row.integer(1));
        return {};
    }));
    for (const auto& table : indexTables()) {
        TRY_ASSIGN(auto rows, database.query(table.count));
        TRY_ASSIGN(const bool counted, rows.next());
        const auto expected = counts[std::string{table.kind}];
        if (counted && rows.integer(0) != expected) {
            return Finding{BadEntry{0,
                                    std::string{table.kind},
                                    {},
                                    rows.integer(0) > expected ? "there are search rows without a document"
                                                               : "there are documents without a search row"}};
        }
    }
    return Finding{};
}

Result<Finding> verifyOutboxStates(sqlite::Connection& database)
{
    TRY_ASSIGN(
        auto rows,
        database.query(
            "SELECT o.seq, r.registration_id FROM outbox_entry o LEFT JOIN enrollment_record r ON r.seq = o.record_seq"
            // If the last event has a state that only a newer program knows, the entry's state is not compared.
            " WHERE r.seq IS NULL OR (SELECT o.state IS NOT last.state AND last.state IN ('queued', 'sent', 'accepted',"
            " 'rejected') FROM (SELECT coalesce((SELECT e.state FROM delivery_event e WHERE e.outbox_seq = o.seq"
            "   ORDER BY e.seq DESC LIMIT 1), 'queued') AS state) last)"
            " OR o.attempts IS NOT (SELECT count(*) FROM delivery_event e WHERE e.outbox_seq = o.seq AND e.state = "
            "'sent')"
            " ORDER BY o.seq LIMIT 1"));
    TRY_ASSIGN(const bool found, rows.next());
    if (found) {
        return Finding{BadEntry{rows.integer(0), std::string{kOutboxKind}, rows.text(1),
                                "its state differs from its delivery events"}};
    }
    return verifyDeliveryOrder(database);
}

} // namespace enroll::db::journal
