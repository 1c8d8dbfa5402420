#include "db/journal/schema.h"

#include "core/audit/chain.h"
#include "core/base/ascii.h"
#include "core/base/station_code.h"
#include "core/base/uuid.h"
#include "db/documents/member_reader.h"
#include "db/journal/chain_store.h"

#include <array>
#include <map>
#include <sstream>

namespace enroll::db::journal {
namespace {

// The chain holds the facts. Every other table repeats columns of them for searching and is named after what it finds;
// its rows are made by index_table.cpp from the stored bytes alone. STRICT, so that a value of the wrong type shows.
// The triggers are a second line against programs with good intentions; against others there is the chain.
constexpr auto kMetaTable = "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID";
constexpr std::array kVersion1{
    "CREATE TABLE chain_entry(seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, at TEXT NOT NULL, body BLOB NOT NULL,"
    " prev_hash BLOB NOT NULL, entry_hash BLOB NOT NULL) STRICT",
    "CREATE TABLE chain_head(id INTEGER PRIMARY KEY CHECK(id = 1), entries INTEGER NOT NULL, hash BLOB NOT NULL) "
    "STRICT",

    "CREATE TABLE run(seq INTEGER PRIMARY KEY REFERENCES chain_entry(seq), run_id TEXT NOT NULL,"
    " started_at INTEGER NOT NULL, duration_ms INTEGER NOT NULL, slot INTEGER NOT NULL, serial_number TEXT NOT NULL,"
    " batch TEXT NOT NULL, operator TEXT NOT NULL, outcome TEXT NOT NULL, code TEXT,"
    " registration_id TEXT COLLATE NOCASE) STRICT",
    "CREATE UNIQUE INDEX run_by_id ON run(run_id)",
    "CREATE INDEX run_by_start ON run(started_at)",
    "CREATE INDEX run_by_serial ON run(serial_number)",
    "CREATE INDEX run_by_registration ON run(registration_id)",

    "CREATE TABLE enrollment_record(seq INTEGER PRIMARY KEY REFERENCES chain_entry(seq),"
    " registration_id TEXT NOT NULL COLLATE NOCASE, serial_number TEXT NOT NULL, key_fingerprint BLOB NOT NULL,"
    " run_id TEXT NOT NULL, batch TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT",
    "CREATE UNIQUE INDEX record_by_registration ON enrollment_record(registration_id)",
    "CREATE UNIQUE INDEX record_by_serial ON enrollment_record(serial_number)",
    "CREATE UNIQUE INDEX record_by_key ON enrollment_record(key_fingerprint)",

    "CREATE TABLE outbox_entry(seq INTEGER PRIMARY KEY REFERENCES chain_entry(seq), destination TEXT NOT NULL,"
    " record_seq INTEGER NOT NULL REFERENCES enrollment_record(seq),"
    " state TEXT NOT NULL DEFAULT 'queued' CHECK(state IN ('queued', 'sent', 'accepted', 'rejected')),"
    " attempts INTEGER NOT NULL DEFAULT 0) STRICT",
    "CREATE UNIQUE INDEX outbox_by_record ON outbox_entry(record_seq, destination)",
    "CREATE INDEX outbox_by_state ON outbox_entry(destination, state)",
    "CREATE INDEX outbox_open ON outbox_entry(destination, seq) WHERE state IN ('queued', 'sent')",

    "CREATE TABLE delivery_event(seq INTEGER PRIMARY KEY REFERENCES chain_entry(seq),"
    " outbox_seq INTEGER NOT NULL REFERENCES outbox_entry(seq), state TEXT NOT NULL) STRICT",
    "CREATE INDEX delivery_by_outbox ON delivery_event(outbox_seq)",

    "CREATE TRIGGER chain_entry_stays BEFORE UPDATE ON chain_entry"
    " BEGIN SELECT RAISE(ABORT, 'a chain entry is never changed'); END",
    "CREATE TRIGGER chain_entry_remains BEFORE DELETE ON chain_entry"
    " BEGIN SELECT RAISE(ABORT, 'a chain entry is never deleted'); END",
    "CREATE TRIGGER record_stays BEFORE UPDATE ON enrollment_record"
    " BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END",
    "CREATE TRIGGER closed_entry_stays BEFORE UPDATE ON outbox_entry WHEN OLD.state IN ('accepted', 'rejected')"
    " BEGIN SELECT RAISE(ABORT, 'a closed outbox entry is never reopened'); END",
};

using SchemaParts = std::map<std::string, std::string>; ///< statements by "table run", "index run_by_id", …

/// "CREATE UNIQUE INDEX run_by_id ON run(run_id)" -> "index run_by_id".
std::string partName(std::string_view statement)
{
    std::istringstream words{std::string{statement.substr(0, statement.find('('))}};
    std::string kind;
    std::string name;
    words >> kind >> kind; // CREATE
    if (kind == "UNIQUE") {
        words >> kind;
    }
    words >> name;
    return asciiLowered(kind) + ' ' + name;
}

SchemaParts expectedParts()
{
    SchemaParts parts{{partName(kMetaTable), kMetaTable}};
    for (const auto* statement : kVersion1) {
        parts.emplace(partName(statement), statement);
    }
    return parts;
}

Result<SchemaParts> storedParts(JournalDatabase& database)
{
    SchemaParts parts;
    // SQLite keeps the text of each CREATE as it was given; what it makes by itself has none.
    TRY_ASSIGN(auto rows, database.query("SELECT type, name, coalesce(sql, '') FROM sqlite_schema"
                                         " WHERE sql IS NOT NULL OR name NOT LIKE 'sqlite_autoindex%'"));
    while (TRY(rows.next())) {
        parts.emplace(rows.text(0) + ' ' + rows.text(1), rows.text(2));
    }
    return parts;
}

Result<std::optional<std::string>> partDifference(JournalDatabase& database)
{
    TRY_ASSIGN(auto stored, storedParts(database));
    for (const auto& [name, statement] : expectedParts()) {
        const auto found = stored.extract(name);
        if (found.empty()) {
            return std::optional{"the " + name + " is missing"};
        }
        if (found.mapped() != statement) {
            return std::optional{"the " + name + " was changed"};
        }
    }
    return stored.empty() ? std::optional<std::string>{}
                          : std::optional{"the " + stored.begin()->first + " is none of a journal's"};
}

Result<std::string> metaValue(JournalDatabase& database, const char* key)
{
    TRY_ASSIGN(auto table, database.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'"));
    if (!TRY(table.next())) {
        return makeError(StationCode::JournalAltered, "the journal file holds other tables than a journal's");
    }
    TRY_ASSIGN(auto row, database.query("SELECT value FROM meta WHERE key = ?", {QLatin1String(key)}));
    if (!TRY(row.next())) {
        return makeError(StationCode::JournalAltered, std::string{"the journal does not say its "} + key);
    }
    return row.text(0);
}

/// 0: an empty file, as an opening that was interrupted leaves it.
Result<int> schemaVersion(JournalDatabase& database)
{
    TRY_ASSIGN(auto tables, database.query("SELECT count(*) FROM sqlite_schema"));
    if (TRY(tables.next()) && tables.integer(0) == 0) {
        return 0;
    }
    TRY_ASSIGN(const auto text, metaValue(database, "schema_version"));
    const auto version = QString::fromStdString(text).toInt();
    if (version < 1) {
        return makeError(StationCode::JournalAltered, "'" + text + "' is no schema version");
    }
    return version;
}

Error newerSchema(int version)
{
    return makeError(StationCode::ConfigurationInvalid,
                     "the journal has schema " + std::to_string(version) + ", this program knows schemas up to " +
                         std::to_string(kSchemaVersion) + ": install the newer version");
}

Result<void> giveIdentity(JournalDatabase& database, UtcTime now)
{
    const auto id = makeUuidV7();
    TRY(database.execute("INSERT INTO meta(key, value) VALUES('journal_id', ?)", {QString::fromStdString(id)}));
    TRY_ASSIGN(const auto genesis, audit::genesisHash(id));
    TRY(database.execute("INSERT INTO chain_head(id, entries, hash) VALUES(1, 0, ?)", {toQByteArray(genesis)}));

    TRY_ASSIGN(auto chain, ChainStore::load(database));
    const QJsonObject birth{{QLatin1String("schema"), QLatin1String("enrollment-station/journal/1")},
                            {QLatin1String("journalId"), QString::fromStdString(id)}};
    TRY(chain.append(kJournalKind, now, documents::canonicalJson(birth)));
    return {};
}

Result<void> makeVersion1(JournalDatabase& database, UtcTime now)
{
    TRY(database.execute(kMetaTable));
    TRY(database.execute("INSERT INTO meta(key, value) VALUES('schema_version', '1')"));
    for (const auto* statement : kVersion1) {
        TRY(database.execute(statement));
    }
    return giveIdentity(database, now);
}

} // namespace

Result<void> migrateSchema(JournalDatabase& database, UtcTime now)
{
    TRY_ASSIGN(const int found, schemaVersion(database));
    if (found > kSchemaVersion) {
        return newerSchema(found);
    }
    if (found == kSchemaVersion) {
        return {};
    }
    TRY_ASSIGN(auto transaction, Transaction::begin(database, Transaction::Kind::Write));
    TRY(makeVersion1(database, now));
    return transaction.commit();
}

Result<void> requireCurrentSchema(JournalDatabase& database)
{
    TRY_ASSIGN(const int found, schemaVersion(database));
    if (found > kSchemaVersion) {
        TRY_ASSIGN(const auto difference, partDifference(database));
        return difference
                   ? newerSchema(found)
                   : makeError(StationCode::JournalAltered, "the journal says to have schema " + std::to_string(found) +
                                                                ", yet is of schema " + std::to_string(kSchemaVersion));
    }
    if (found < kSchemaVersion) {
        return makeError(StationCode::InputInvalid, "the journal is still empty: nothing was ever recorded");
    }
    return {};
}

Result<std::optional<std::string>> schemaDifference(JournalDatabase& database)
{
    if (auto difference = TRY(partDifference(database))) {
        return difference;
    }
    TRY_ASSIGN(const auto version, metaValue(database, "schema_version"));
    return version == std::to_string(kSchemaVersion)
               ? std::optional<std::string>{}
               : std::optional{"'" + version + "' is not the version of its schema"};
}

Result<std::string> journalId(JournalDatabase& database)
{
    return metaValue(database, "journal_id");
}

} // namespace enroll::db::journal
