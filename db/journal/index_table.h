#pragma once

#include "db/sqlite/connection.h"

#include <optional>

namespace enroll::db::journal {

/// What a search table repeats of one document.
struct IndexRow {
    std::string id;      ///< run id or registration id: what a person calls the entry
    QVariantList values; ///< in the order of the table's columns, seq left out; QString, qlonglong, QByteArray or null
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
    Result<IndexRow> (*rowOf)(const QByteArray& body);
};

std::span<const IndexTable> indexTables() noexcept;
/// Null for a kind without a table.
const IndexTable* indexTableOf(std::string_view kind) noexcept;

/// Writes the row of a new entry; nothing for a kind without a table.
Result<void> insertIndexRow(sqlite::Connection& database, std::string_view kind, std::int64_t seq,
                            const QByteArray& body);

} // namespace enroll::db::journal
