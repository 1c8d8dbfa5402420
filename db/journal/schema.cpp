#include "db/journal/schema.h"

#include "core/base/station_code.h"
#include "db/journal/bad_entry.h"
#include "db/journal/chain_store.h"
#include "db/journal/journal_faults.h"
#include "db/qt/values.h"

namespace enroll::db::journal {
namespace {

Result<std::string> metaValue(sqlite::Connection& database, const char* key)
{
    TRY_ASSIGN(auto table, database.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'"));
    TRY_ASSIGN(const bool isJournal, table.next());
    if (!isJournal) {
        return journalAltered(database, "the file holds tables that do not belong to a journal");
    }
    TRY_ASSIGN(auto row, database.query("SELECT value FROM meta WHERE key = ?", {QLatin1String(key)}));
    TRY_ASSIGN(const bool hasKey, row.next());
    if (!hasKey) {
        return journalAltered(database, std::string{"the journal does not record its "} + key);
    }
    return row.text(0);
}

Result<void> setVersion(sqlite::Connection& database, int version)
{
    return database.execute("INSERT INTO meta(key, value) VALUES('schema_version', ?)"
                            " ON CONFLICT(key) DO UPDATE SET value = excluded.value",
                            {QString::number(version)});
}

Result<std::string> contentMark(sqlite::Connection& database)
{
    TRY_ASSIGN(const auto head, storedHead(database));
    return toHex(head.hash);
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
    const auto version = qt::toQString(text).toInt();
    if (version < 1 || text != std::to_string(version)) {
        return journalAltered(database, "'" + text + "' is not a schema version");
    }
    return version;
}

const sqlite::SchemaKind& journalSchema() noexcept
{
    static constexpr sqlite::SchemaKind kKind{
        "the journal", kJournalFaults, StationCode::JournalNewer, schemaVersion, setVersion, contentMark, journalId};
    return kKind;
}

Result<void> requireReadableSchema(sqlite::Connection& database, SchemaSteps steps)
{
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(database, sqlite::Transaction::Kind::Snapshot));
    TRY_ASSIGN(const int found, sqlite::fittingVersion(database, journalSchema(), steps));
    if (found == 0) {
        return makeError(StationCode::NothingFound,
                         database.fileName() + ": the journal is still empty: nothing was ever recorded");
    }
    return {};
}

Result<std::optional<std::string>> schemaDifference(sqlite::Connection& database, int version, SchemaSteps steps)
{
    return sqlite::schemaDifference(database, journalSchema(), version, steps);
}

Result<std::optional<std::string>> schemaDifference(sqlite::Connection& database)
{
    TRY_ASSIGN(const auto version, schemaVersion(database));
    return schemaDifference(database, version);
}

Result<std::string> journalId(sqlite::Connection& database)
{
    return metaValue(database, "journal_id");
}

} // namespace enroll::db::journal
