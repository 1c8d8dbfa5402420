#pragma once

#include "db/sqlite/connection.h"

#include <optional>

namespace enroll::db::documents {
class MemberReader;
}

namespace enroll::db::journal {

/// QString, qlonglong, QByteArray or null; nothing where the document does not say it in a form that this program reads.
using ColumnValue = std::optional<QVariant>;

/// What a search table repeats of one document.
struct IndexRow {
    std::string id;                  ///< run id or registration id: what a person calls the entry; may be empty
    std::vector<ColumnValue> values; ///< in the order of the table's columns, seq left out
};

/// Which member of a document a column repeats, and how. It goes by the member's name and form alone, never by what the
/// document means: so that documents of newer programs can be held against their rows, a member that a search table
/// repeats keeps its name and form in every version of its kind.
struct IndexColumn {
    const char* member;
    ColumnValue (*valueOf)(const documents::MemberReader& document, const char* member);
};

/// Finds an entry again by the value of one column; binds that value and the seq. Names every column of its index: a
/// search by the first of several would walk over all entries that share it, for each entry.
struct IndexLookup {
    int column;
    const char* sql;
};

/// A search table and how its rows follow from the documents of one kind. Writing and verifying both go through here.
struct IndexTable {
    std::string_view kind;
    const char* insert; ///< binds seq and the values
    const char* select; ///< binds seq, gives the values
    const char* count;
    std::span<const IndexLookup> lookups;
    const char* id; ///< the member that a person calls the entry by
    std::span<const IndexColumn> columns;
};

std::span<const IndexTable> indexTables() noexcept;
/// Null for a kind without a table.
const IndexTable* indexTableOf(std::string_view kind) noexcept;

/// The row of a document; of one that is no JSON object, a row that says nothing.
IndexRow indexRow(const IndexTable& table, const QByteArray& body);

/// Writes the row of a new entry; nothing for a kind without a table.
Result<void> insertIndexRow(sqlite::Connection& database, std::string_view kind, std::int64_t seq,
                            const QByteArray& body);

} // namespace enroll::db::journal
