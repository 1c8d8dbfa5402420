#pragma once

#include "db/journal/index_table.h"
#include "db/journal/verify_journal.h"

#include <map>

namespace enroll::db::journal {

/// Compares search rows with the documents that they repeat. Errors as sqlite::Connection.
class IndexVerifier {
public:
    static Result<IndexVerifier> make(sqlite::Connection& database);

    /// What is wrong with the search row of this entry, or with finding the row through its indexes; nothing if both
    /// are right. An entry of a kind without a search table is not checked, nor is a column whose member cannot be
    /// read.
    Result<std::optional<BadEntry>> check(std::int64_t seq, std::string_view kind, const QByteArray& body);

private:
    struct Prepared {
        const IndexTable* table;
        sqlite::Statement select;
        std::vector<sqlite::Statement> lookups;
    };
    IndexVerifier() = default;
    static Result<bool> finds(Prepared& prepared, const IndexRow& row, std::int64_t seq);
    static Result<Prepared> prepare(sqlite::Connection& database, const IndexTable& table);

    std::map<std::string_view, Prepared> m_tables;
};

/// Finds search rows without a document and the other way round: each search table must have as many rows as there are
/// documents of its kind. Inside a transaction.
Result<std::optional<BadEntry>> verifyRowCounts(sqlite::Connection& database);

/// Finds an outbox entry whose state or number of attempts is not the one that its delivery events give, or an event
/// that cannot follow the one before it.
Result<std::optional<BadEntry>> verifyOutboxStates(sqlite::Connection& database);

} // namespace enroll::db::journal
