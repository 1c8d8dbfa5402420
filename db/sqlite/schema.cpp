#include "db/sqlite/schema.h"

#include <map>

namespace enroll::db::sqlite {
namespace {

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
Result<SchemaParts> expectedParts(const SchemaKind& kind, int version, SchemaSteps steps)
{
    TRY_ASSIGN(const auto scratch, Connection::openInMemory(kind.codes));
    for (const auto& step : steps) {
        if (step.version <= version) {
            TRY(step.run(*scratch));
        }
    }
    return storedParts(*scratch);
}

} // namespace

Result<std::optional<std::string>> schemaDifference(Connection& database, const SchemaKind& kind, int version,
                                                    SchemaSteps steps)
{
    TRY_ASSIGN(auto stored, storedParts(database));
    TRY_ASSIGN(const auto expected, expectedParts(kind, version, steps));
    for (const auto& [name, statement] : expected) {
        const auto found = stored.extract(name);
        if (found.empty()) {
            return std::optional{"the " + name + " is missing"};
        }
        if (found.mapped() != statement) {
            return std::optional{"the " + name + " was changed"};
        }
    }
    return stored.empty() ? std::optional<std::string>{}
                          : std::optional{"the " + stored.begin()->first + " does not belong to " + kind.name};
}

Error newerSchema(const SchemaKind& kind, int found, SchemaSteps steps)
{
    return makeError(kind.newer, std::string{"a newer program wrote "} + kind.name + ": it has schema " +
                                     std::to_string(found) + ", this program knows schemas up to " +
                                     std::to_string(steps.back().version) +
                                     "; nothing was changed; install the newer program");
}

} // namespace enroll::db::sqlite
