#pragma once

#include "db/journal/index_table.h"
#include "db/journal/verify_journal.h"

#include <map>

namespace enroll::db::journal {

/// Compares search rows with the documents that they repeat, each table read once beside the chain. Errors as
/// sqlite::Connection.
class IndexVerifier {
public:
    enum class Indexes {
        Sound,   ///< SQLite's integrity_check found each row in each index, and nothing else there
        InDoubt, ///< each entry is looked up by each indexed column
    };
    /// For the entries behind entry \p start.
    static Result<IndexVerifier> make(sqlite::Connection& database, std::int64_t start, Indexes indexes);

    /// What is wrong with the search row of this entry, or with finding the row through its indexes; nothing if both
    /// are right. An entry of a kind without a search table is not checked, nor is a column whose member cannot be
    /// read. Called for one entry after the other, in their order.
    Result<std::optional<BadEntry>> check(std::int64_t seq, std::string_view kind, const QJsonObject& document);

private:
    struct Table {
        const IndexTable* table;
        sqlite::Statement rows;
        std::vector<sqlite::Statement> lookups; ///< none if the indexes are sound
        bool atRow = true;                      ///< rows stands before its first row, or on one
        std::int64_t entry = 0;                 ///< of the row that rows stands on; 0 before the first
    };
    IndexVerifier() = default;
    static Result<bool> advanceTo(Table& table, std::int64_t seq);
    static Result<bool> finds(Table& table, const IndexRow& row, std::int64_t seq);
    static Result<Table> prepare(sqlite::Connection& database, const IndexTable& table, std::int64_t start,
                                 Indexes indexes);

    std::map<std::string_view, Table> m_tables;
};

/// Finds search rows without a document and the other way round: each search table must have as many rows as there are
/// documents of its kind. Inside a transaction.
Result<std::optional<BadEntry>> verifyRowCounts(sqlite::Connection& database);

/// The number that \p sql counts.
Result<std::int64_t> countOf(sqlite::Connection& database, const char* sql, const QVariantList& values = {});

/// Finds an outbox entry whose state or number of attempts is not the one that its delivery events give, or an event
/// that cannot follow the one before it.
Result<std::optional<BadEntry>> verifyOutboxStates(sqlite::Connection& database);

} // namespace enroll::db::journal
