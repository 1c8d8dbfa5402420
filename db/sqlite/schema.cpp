#include "db/sqlite/schema.h"

#include "db/qt/values.h"

#include <map>
#include <set>

namespace enroll::db::sqlite {
namespace {

constexpr std::string_view kTable = "table ";

using SchemaParts = std::map<std::string, std::string>; ///< statements by "table run", "index run_by_id", …

Result<SchemaParts> storedParts(Connection& database)
{
    SchemaParts parts;
    // SQLite keeps the text of each CREATE as it was given; what it makes by itself has none.
    TRY_ASSIGN(auto rows, database.query("SELECT type, name, coalesce(sql, '') FROM sqlite_schema"
                                         " WHERE sql IS NOT NULL OR name NOT LIKE 'sqlite_autoindex%'"));
    TRY(rows.forEach([&parts](const Statement& row) -> Result<void> {
        parts.emplace(row.text(0) + ' ' + row.text(1), row.text(2));
        return {};
    }));
    return parts;
}

/// What the steps make of an empty database: a list kept by hand could differ from them.
Result<std::unique_ptr<Connection>> expectedSchema(const SchemaKind& kind, int version, SchemaSteps steps)
{
    TRY_ASSIGN(auto scratch, Connection::openInMemory(kind.codes));
    for (const auto& step : steps) {
        if (step.version <= version) {
            TRY(step.run(*scratch));
        }
    }
    return scratch;
}

Result<std::set<std::string>> columnsOf(Connection& database, const std::string& table)
{
    std::set<std::string> columns;
    TRY_ASSIGN(auto rows, database.query("SELECT name FROM pragma_table_info(?)", {qt::toQString(table)}));
    TRY(rows.forEach([&columns](const Statement& row) -> Result<void> {
        columns.insert(row.text(0));
        return {};
    }));
    return columns;
}

/// "the table run was changed", with the first column that is missing, if one is.
Result<std::string> changeOf(const std::string& part, Connection& database, Connection& expected)
{
    auto change = "the " + part + " was changed";
    if (!part.starts_with(kTable)) {
        return change;
    }
    const auto table = part.substr(kTable.size());
    TRY_ASSIGN(const auto found, columnsOf(database, table));
    TRY_ASSIGN(const auto wanted, columnsOf(expected, table));
    for (const auto& column : wanted) {
        if (!found.contains(column)) {
            change.append(": its column ").append(column).append(" is missing");
            break;
        }
    }
    return change;
}

using Difference = Result<std::optional<std::string>>;

Error damagedSchema(const Connection& database, const SchemaKind& kind, const std::string& what)
{
    return makeError(kind.codes.damaged, database.fileName() + ": " + kind.name + ' ' + what);
}

Error newerSchema(const Connection& database, const SchemaKind& kind, int stated, SchemaSteps steps)
{
    return makeError(kind.newer, database.fileName() + ": a newer program wrote " + kind.name + ": it has schema " +
                                     std::to_string(stated) + ", this program knows schemas up to " +
                                     std::to_string(steps.back().version) +
                                     "; nothing was changed; install the newer program");
}

/// The version whose schema the file has, whatever it states; nothing if it is none that this program knows.
Result<std::optional<int>> versionOfTables(Connection& database, const SchemaKind& kind, SchemaSteps steps)
{
    for (const auto& step : steps) {
        TRY_ASSIGN(const auto difference, schemaDifference(database, kind, step.version, steps));
        if (!difference) {
            return std::optional{step.version};
        }
    }
    return std::optional<int>{};
}

} // namespace

Result<std::optional<std::string>> schemaDifference(Connection& database, const SchemaKind& kind, int version,
                                                    SchemaSteps steps)
{
    TRY_ASSIGN(auto stored, storedParts(database));
    TRY_ASSIGN(const auto scratch, expectedSchema(kind, version, steps));
    TRY_ASSIGN(const auto expected, storedParts(*scratch));
    for (const auto& [name, statement] : expected) {
        const auto found = stored.extract(name);
        if (found.empty()) {
            return std::optional{"the " + name + " is missing"};
        }
        if (found.mapped() != statement) {
            TRY_ASSIGN(auto change, changeOf(name, database, *scratch));
            return std::optional{std::move(change)};
        }
    }
    return stored.empty() ? std::optional<std::string>{}
                          : std::optional{"the " + stored.begin()->first + " does not belong to " + kind.name};
}

Result<int> fittingVersion(Connection& database, const SchemaKind& kind, SchemaSteps steps)
{
    TRY_ASSIGN(const int stated, kind.version(database));
    if (stated == 0) {
        return stated;
    }
    const bool known = stated <= steps.back().version;
    TRY_ASSIGN(const auto difference,
               known ? schemaDifference(database, kind, stated, steps) : Difference{std::optional<std::string>{""}});
    if (!difference) {
        return stated;
    }
    // A newer file cannot have exactly a schema that this program makes: only its version was changed.
    TRY_ASSIGN(const auto other, versionOfTables(database, kind, steps));
    if (other) {
        return damagedSchema(database, kind,
                             "states schema " + std::to_string(stated) + ", but has the tables of schema " +
                                 std::to_string(*other));
    }
    return known ? damagedSchema(database, kind,
                                 "does not have the schema of version " + std::to_string(stated) + ": " + *difference)
                 : newerSchema(database, kind, stated, steps);
}

} // namespace enroll::db::sqlite
