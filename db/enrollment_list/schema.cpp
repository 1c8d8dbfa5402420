#include "db/enrollment_list/schema.h"

#include "db/enrollment_list/list_faults.h"

#include <array>

namespace enroll::db::enrollment_list {
namespace {

constexpr int kSchemaVersion = 1;
constexpr auto* kSetVersion = "PRAGMA user_version = 1"; // a pragma binds no values

/// The tables. `document` holds the service's JSON; the other columns repeat what is searched and compared. `id` is the
/// registration id in lower case. Rows that belong to an enrollment are deleted with it (ON DELETE CASCADE).
constexpr std::array kStatements{
    R"(CREATE TABLE enrollment (
           id        TEXT PRIMARY KEY,
           etag      TEXT NOT NULL,
           document  TEXT NOT NULL))",
    R"(CREATE TABLE registration (
           id              TEXT PRIMARY KEY REFERENCES enrollment (id) ON DELETE CASCADE,
           etag            TEXT NOT NULL,
           document        TEXT NOT NULL,
           hub_device_key  BLOB NOT NULL))",
    R"(CREATE TABLE challenge (
           id                TEXT PRIMARY KEY REFERENCES enrollment (id) ON DELETE CASCADE,
           registration_id   TEXT NOT NULL,
           challenge_id      TEXT NOT NULL,
           id_key            BLOB NOT NULL,
           endorsement_key   BLOB NOT NULL,
           storage_root_key  BLOB NOT NULL,
           expires_at_ms     INTEGER NOT NULL,
           operation_id      TEXT NOT NULL DEFAULT ''))",
    R"(CREATE TABLE operation (
           operation_id      TEXT PRIMARY KEY,
           id                TEXT NOT NULL REFERENCES enrollment (id) ON DELETE CASCADE,
           status            TEXT NOT NULL,
           document          TEXT NOT NULL,
           id_key            BLOB NOT NULL,
           endorsement_key   BLOB NOT NULL,
           storage_root_key  BLOB NOT NULL,
           hub_key_blob      BLOB NOT NULL,
           begun_at_ms       INTEGER NOT NULL))",
    // Finds the operations of a registration that are old enough to be deleted.
    R"(CREATE INDEX operation_by_registration ON operation (id, begun_at_ms))",
};

Result<int> schemaVersion(sqlite::Connection& connection)
{
    TRY_ASSIGN(auto row, connection.query("PRAGMA user_version"));
    TRY_ASSIGN(const bool there, row.next());
    return there ? static_cast<int>(row.integer(0)) : 0;
}

Result<void> createTables(sqlite::Connection& connection)
{
    for (const auto* statement : kStatements) {
        TRY(connection.execute(statement));
    }
    return connection.execute(kSetVersion);
}

} // namespace

Result<void> requireSchema(sqlite::Connection& connection)
{
    TRY_ASSIGN(auto transaction, sqlite::Transaction::begin(connection, sqlite::Transaction::Kind::Write));
    TRY_ASSIGN(const int version, schemaVersion(connection));
    if (version == 0) {
        TRY(createTables(connection));
        return transaction.commit();
    }
    if (version != kSchemaVersion) {
        return makeError(kListFaults.cannotSave, "the enrollment list has schema " + std::to_string(version) +
                                                     ", this program knows " + std::to_string(kSchemaVersion));
    }
    return {};
}

} // namespace enroll::db::enrollment_list
