#include "db/journal/schema.h"

#include "core/base/station_code.h"
#include "db/journal/journal_faults.h"

#include <map>

namespace enroll::db::journal {
namespace {

using SchemaParts = std::map<std::string, std::string>; ///< statements by "table run", "index run_by_id", …

Result<SchemaParts> storedParts(sqlite::Connection& database)
{
    SchemaParts parts;
    // SQLite stores the text of each CREATE statement as it was given. Indexes that it makes by itself have no text.
    TRY_ASSIGN(auto rows, database.query("SELECT type, name, coalesce(sql, '') FROM sqlite_schema"
                                         " WHERE sql IS NOT NULL OR name NOT LIKE 'sqlite_autoindex%'"));
    for (;;) {
        TRY_ASSIGN(const bool found, rows.next());
        if (!found) {
            return parts;
        }
        parts.emplace(rows.text(0) + ' ' + rows.text(1), rows.text(2));
    }
}

/// The parts that the steps make, read from an empty database in memory: a list kept by hand could differ from the
/// steps.
Result<SchemaParts> expectedParts(int version, SchemaSteps steps)
{
    TRY_ASSIGN(const auto scratch, sqlite::Connection::openInMemory(kJournalFaults));
    for (const auto& step : steps) {
        if (step.version <= version) {
            TRY(step.run(*scratch));
        }
    }
    return storedParts(*scratch);
}

Result<std::string> metaValue(sqlite::Connection& database, const char* key)
{
    TRY_ASSIGN(auto table, database.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'"));
    TRY_ASSIGN(const bool isJournal, table.next());
    if (!isJournal) {
        return makeError(StationCode::JournalAltered, "the journal file holds tables that do not belong to a journal");
    }
    TRY_ASSIGN(auto row, database.query("SELECT value FROM meta WHERE key = ?", {QLatin1String(key)}));
    TRY_ASSIGN(const bool hasKey, row.next());
    if (!hasKey) {
        return makeError(StationCode::JournalAltered, std::string{"the journal does not record its "} + key);
    }
    return row.text(0);
}

/// The error for a journal that states a newer version. If its schema is exactly one that this program makes, the
/// stated version is false, and that is an alteration (S-303).
Result<void> refuseNewerSchema(sqlite::Connection& database, int found, SchemaSteps steps)
{
    for (const auto& step : steps) {
        TRY_ASSIGN(const auto difference, schemaDifference(database, step.version, steps));
        if (!difference) {
            return makeError(StationCode::JournalAltered, "the journal claims to have schema " + std::to_string(found) +
                                                              ", but has schema " + std::to_string(step.version));
        }
    }
    return newerSchema(found, steps);
}

} // namespace

Result<int> schemaVersion(sqlite::Connection& database)
{
    TRY_ASSIGN(auto tables, database.query("SELECT count(*) FROM sqlite_schema"));
    TRY_ASSIGN(const bool counted, tables.next());
    if (counted && tables.integer(0) == 0) {
        return 0;
    }
    TRY_ASSIGN(const auto text, metaValue(database, "schema_version"));
    const auto version = QString::fromStdString(text).toInt();
    if (version < 1) {
        return makeError(StationCode::JournalAltered, "'" + text + "' is not a schema version");
    }
    return version;
}

Result<void> setSchemaVersion(sqlite::Connection& database, int version)
{
    return database.execute("INSERT INTO meta(key, value) VALUES('schema_version', ?)"
                            " ON CONFLICT(key) DO UPDATE SET value = excluded.value",
                            {QString::number(version)});
}

Result<void> requireReadableSchema(sqlite::Connection& database, SchemaSteps steps)
{
    TRY_ASSIGN(const int found, schemaVersion(database));
    if (found == 0) {
        return makeError(StationCode::InputInvalid, "the journal is still empty: nothing was ever recorded");
    }
    return found > steps.back().version ? refuseNewerSchema(database, found, steps) : Result<void>{};
}

Result<std::optional<std::string>> schemaDifference(sqlite::Connection& database, int version, SchemaSteps steps)
{
    TRY_ASSIGN(auto stored, storedParts(database));
    TRY_ASSIGN(const auto expected, expectedParts(version, steps));
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
                          : std::optional{"the " + stored.begin()->first + " does not belong to a journal"};
}

Result<std::optional<std::string>> schemaDifference(sqlite::Connection& database)
{
    TRY_ASSIGN(const auto version, schemaVersion(database));
    TRY_ASSIGN(const auto text, metaValue(database, "schema_version"));
    if (text != std::to_string(version)) {
        return std::optional{"'" + text + "' is not the version of its schema"};
    }
    return schemaDifference(database, version);
}

Error newerSchema(int found, SchemaSteps steps)
{
    return makeError(StationCode::ConfigurationInvalid,
                     "a newer program wrote this journal: it has schema " + std::to_string(found) +
                         ", this program knows schemas up to " + std::to_string(steps.back().version) +
                         "; nothing was changed; install the newer program");
}

Result<std::string> journalId(sqlite::Connection& database)
{
    return metaValue(database, "journal_id");
}

} // namespace enroll::db::journal
