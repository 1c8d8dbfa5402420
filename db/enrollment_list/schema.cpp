#include "db/enrollment_list/schema.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/crypto/digest.h"
#include "core/system/file_lock.h"
#include "db/enrollment_list/list_faults.h"
#include "db/sqlite/birth_mark.h"
#include "db/sqlite/migrate_schema.h"

#include <array>

namespace enroll::db::enrollment_list {
namespace {

/// Documents are kept as the JSON the service speaks; columns beside them are what the service searches and compares.
/// `id` is the registration id in lower case. Whatever belongs to an enrollment goes with it.
constexpr std::array kVersion1{
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

Result<void> makeVersion1(sqlite::Connection& database)
{
    for (const auto* statement : kVersion1) {
        TRY(database.execute(statement));
    }
    return {};
}

constexpr std::array kSteps{
    sqlite::SchemaStep{1, makeVersion1},
};

Result<std::int64_t> numberOf(sqlite::Connection& database, const char* select)
{
    TRY_ASSIGN(auto row, database.query(select));
    TRY_ASSIGN(const bool there, row.next());
    return there ? row.integer(0) : 0;
}

Result<int> storedVersion(sqlite::Connection& database)
{
    TRY_ASSIGN(const auto parts, numberOf(database, "SELECT count(*) FROM sqlite_schema"));
    if (parts == 0) {
        return 0;
    }
    TRY_ASSIGN(const auto version, numberOf(database, "PRAGMA user_version"));
    if (version < 1) {
        return makeError(kListFaults.damaged,
                         database.fileName() + ": the file holds other tables than an enrollment list's");
    }
    return static_cast<int>(version);
}

Result<void> setVersion(sqlite::Connection& database, int version)
{
    const auto statement = "PRAGMA user_version = " + std::to_string(version); // a pragma binds no values
    return database.execute(statement.c_str());
}

/// Every write makes a new etag or a new id, or changes a status.
Result<std::string> contentMark(sqlite::Connection& database)
{
    TRY_ASSIGN(auto rows, database.query("SELECT 'enrollment', id, etag FROM enrollment"
                                         " UNION ALL SELECT 'registration', id, etag FROM registration"
                                         " UNION ALL SELECT 'challenge', challenge_id, operation_id FROM challenge"
                                         " UNION ALL SELECT 'operation', operation_id, status FROM operation"
                                         " ORDER BY 1, 2, 3"));
    Bytes mark;
    TRY(rows.forEach([&mark](const sqlite::Statement& row) -> Result<void> {
        const auto text = row.text(0) + '\n' + row.text(1) + '\n' + row.text(2);
        TRY_ASSIGN(const auto digest, crypto::sha256({mark, asBytes(text)}));
        mark = toBytes(digest);
        return {};
    }));
    return mark.empty() ? std::string{"empty"} : toHex(mark);
}

constexpr sqlite::SchemaKind kKind{
    "the enrollment list", kListFaults, ServiceCode::ListTooNew, storedVersion, setVersion, contentMark, nullptr};

} // namespace

sqlite::SchemaSteps schemaSteps() noexcept
{
    return kSteps;
}

Result<void> requireNotLost(const std::filesystem::path& file)
{
    return sqlite::requireNotLost(file, kKind);
}

Result<void> requireSchema(sqlite::Connection& connection, const std::filesystem::path& file,
                           std::chrono::milliseconds patience, sqlite::SchemaSteps steps)
{
    TRY_ASSIGN(const int version, storedVersion(connection));
    if (version == 0 || version >= steps.back().version) {
        return sqlite::migrateSchema(connection, file, kKind, steps);
    }
    const std::filesystem::path lockFile{file.string() + ".migration.lock"};
    auto acquired = system::FileLock::acquire(lockFile, Deadline::in(patience));
    TRY_ASSIGN(const auto lock, recodedIf(recodedIf(std::move(acquired), StationCode::JournalBusy, kListFaults.busy),
                                          StationCode::FileUnusable, kListFaults.cannotSave));
    return sqlite::migrateSchema(connection, file, kKind, steps);
}

} // namespace enroll::db::enrollment_list
