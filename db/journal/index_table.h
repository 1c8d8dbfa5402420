#pragma once

#include "db/sqlite/connection.h"

#include <optional>

namespace enroll::db::documents {
class MemberReader;
}

namespace enroll::db::journal {

/// The value of a column: a QString, qlonglong, QByteArray or null. Absent if the document has it in a form that this
/// program cannot read.
using ColumnValue = std::optional<QVariant>;

/// One row of a search table: what it repeats of one document.
struct IndexRow {
    std::string id;                  ///< run id or registration id, for messages; may be empty
    std::vector<ColumnValue> values; ///< in the order of the table's columns, seq left out
};

/// One column of a search table: the member of the document that it repeats, and how.
///
/// The value depends on the member's name and form alone and not on the version of the document, so that rows of newer
/// programs can be verified, too. Therefore a member that a search table repeats must keep its name and form in every
/// version of its kind of document.
struct IndexColumn {
    const char* member;
    ColumnValue (*valueOf)(const documents::MemberReader& document, const char* member);
};

/// A query that finds an entry by the value of one column, to verify the index behind it; binds that value and the seq.
/// It names every column of the index: with the first of several alone, each search would walk over all entries that
/// share that value.
struct IndexLookup {
    int column;
    const char* sql;
};

/// A search table, and how its rows follow from the documents of one kind. Writing and verifying use the same rows.
struct IndexTable {
    std::string_view kind;
    const char* insert; ///< binds seq and the values
    const char* select; ///< gives the values and then seq of every row: rowOf(), rowsAfter()
    const char* count;
    std::span<const IndexLookup> lookups;
    const char* id; ///< the member that IndexRow::id is taken from
    std::span<const IndexColumn> columns;
};

std::span<const IndexTable> indexTables() noexcept;
/// Null for a kind without a table.
const IndexTable* indexTableOf(std::string_view kind) noexcept;

/// The row of a document. If \p body is not a JSON object, every value is absent.
IndexRow indexRow(const IndexTable& table, const QByteArray& body);
/// The row of a document that was read; a document without members gives absent values.
IndexRow indexRow(const IndexTable& table, const QJsonObject& document);

/// The run id or registration id of an entry, for messages, if its body can still be read.
std::string entryId(std::string_view kind, const QByteArray& body);

/// Finds the search row of one entry; binds seq.
Result<sqlite::Statement> prepareRowOf(sqlite::Connection& database, const IndexTable& table);
/// Reads the search rows behind entry \p seq in the order of their entries, from the table itself.
Result<sqlite::Statement> rowsAfter(sqlite::Connection& database, const IndexTable& table, std::int64_t seq);
/// The entry that a row of either statement belongs to.
std::int64_t entryOfRow(const IndexTable& table, const sqlite::Statement& row);

/// True if a row of either statement says what \p row does; a column whose value is absent is not compared.
bool saysTheSame(const sqlite::Statement& stored, const IndexRow& row);

/// What is wrong with a search row: English, one clause.
inline constexpr std::string_view kRowIsMissing = "its search row is missing";
inline constexpr std::string_view kRowDiffers = "its search row differs from its document";

/// Writes the search row of a new entry. A kind without a search table has none.
Result<void> insertIndexRow(sqlite::Connection& database, std::string_view kind, std::int64_t seq,
                            const QByteArray& body);

} // namespace enroll::db::journal
