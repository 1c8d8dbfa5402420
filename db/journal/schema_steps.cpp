#include "db/journal/schema_steps.h"

#include <array>

namespace enroll::db::journal {
namespace {

// chain_entry holds the facts. Every other table only repeats members of the stored documents for searching;
// index_table.cpp makes its rows from the stored bytes alone. STRICT makes SQLite refuse values of another type.
// The triggers protect against mistakes of programs; against intent only the hash chain does, since whoever can write
// the file can drop a trigger.
constexpr std::array kVersion1{
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
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

// A rejected entry can be queued again, by a delivery event that says so and never without one.
constexpr std::array kVersion2{
    "DROP TRIGGER closed_entry_stays",
    "CREATE TRIGGER closed_entry_stays BEFORE UPDATE ON outbox_entry WHEN OLD.state = 'accepted' OR (OLD.state = "
    "'rejected'"
    " AND (NEW.state IS NOT 'queued' OR (SELECT e.state FROM delivery_event e WHERE e.outbox_seq = OLD.seq"
    " ORDER BY e.seq DESC LIMIT 1) IS NOT 'queued'))"
    " BEGIN SELECT RAISE(ABORT, 'a closed outbox entry is reopened by a delivery event alone'); END",
};

Result<void> executeAll(sqlite::Connection& database, std::span<const char* const> statements)
{
    for (const auto* statement : statements) {
        TRY(database.execute(statement));
    }
    return {};
}

constexpr std::array kSteps{
    sqlite::SchemaStep{1, [](sqlite::Connection& database) { return executeAll(database, kVersion1); }},
    sqlite::SchemaStep{2, [](sqlite::Connection& database) { return executeAll(database, kVersion2); }},
};

} // namespace

SchemaSteps schemaSteps() noexcept
{
    return kSteps;
}

} // namespace enroll::db::journal
