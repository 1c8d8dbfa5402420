#pragma once

#include "db/journal/index_table.h"
#include "db/journal/verify_journal.h"

#include <map>

namespace enroll::db::journal {

/// Holds search rows against the documents they repeat. Errors as sqlite::Connection.
class IndexVerifier {
public:
    static Result<IndexVerifier> make(sqlite::Connection& database);

    /// What is wrong with the row of this entry, or with finding it by its columns. A kind of entry without a search
    /// table, and a column whose member this program cannot read, are not judged.
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

/// Every search table has as many rows as there are documents of its kind.
Result<std::optional<BadEntry>> verifyRowCounts(sqlite::Connection& database);

/// Every outbox entry is in the state, and has the number of attempts, that its delivery events give.
Result<std::optional<BadEntry>> verifyOutboxStates(sqlite::Connection& database);

} // namespace enroll::db::journal
