#include "db/sqlite/connection.h"

#include "core/base/recoded.h"
#include "db/qt/values.h"
#include "db/sqlite/log_damage.h"

#include <QSqlDriver>
#include <QSqlError>
#include <QUrl>

#include <atomic>

namespace enroll::db::sqlite {
namespace {

/// Qt keeps connections in a table by name, for the whole process: each needs a name that no other has.
QString uniqueConnectionName()
{
    static std::atomic<unsigned long long> count{0};
    return QLatin1String("sqlite-") + QString::number(++count);
}

QString connectOptions(Access access, std::chrono::milliseconds busyTimeout)
{
    QString timeout = QLatin1String("QSQLITE_BUSY_TIMEOUT=") + QString::number(busyTimeout.count());
    switch (access) {
    case Access::ReadOnly:
        return timeout + QLatin1String(";QSQLITE_OPEN_READONLY");
    case Access::Immutable:
        return timeout + QLatin1String(";QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI");
    case Access::ReadWrite:
        break;
    }
    return timeout;
}

/// The file's path; for Access::Immutable a URI, the only way to pass that option to SQLite.
/// Source: SQLite, "Uniform Resource Identifiers", immutable.
QString databaseName(const std::filesystem::path& file, Access access)
{
    auto path = qt::toQPath(file);
    if (access != Access::Immutable) {
        return path;
    }
    const auto encoded = QUrl::toPercentEncoding(path, "/");
    return QStringLiteral("file:") + QLatin1String(encoded) + QLatin1String("?immutable=1");
}

QSqlDatabase addConnection(const QString& name, const QString& database, const QString& options)
{
    auto connection = QSqlDatabase::addDatabase(QLatin1String("QSQLITE"), name);
    connection.setDatabaseName(database);
    connection.setConnectOptions(options);
    return connection;
}

/// Switches to the write-ahead log. Where that is not possible, on a file system without shared memory for example,
/// SQLite reports no fault and answers with the mode that is in use instead, so the answer is checked.
Result<void> requireWriteAheadLog(Connection& connection, const NamedFile& file)
{
    constexpr auto* kSwitch = "PRAGMA journal_mode = WAL";
    TRY_ASSIGN(auto answer, connection.query(kSwitch));
    TRY_ASSIGN(const bool there, answer.next());
    const auto mode = there ? answer.text(0) : std::string{};
    if (mode != "wal") {
        return makeError(file.codes.cannotSave,
                         file.name + " cannot have a write-ahead log, only journal mode '" + mode + "'", kSwitch);
    }
    return {};
}

/// SQLite refuses a log that is no file late and without its name, a pipe as late as at the first commit; and a reader
/// that ignores the log would call the rest complete. What stands behind a damaged frame SQLite drops without a word.
Result<void> requireSoundLog(const NamedFile& file)
{
    const auto log = file.name + "-wal";
    TRY_ASSIGN(const auto damage, recoded(findLogDamage(std::filesystem::path{log}, std::filesystem::path{file.name}),
                                          file.codes.cannotSave));
    if (!damage) {
        return {};
    }
    const auto place = damage->frame == 0 ? std::string{"its header"} : "frame " + std::to_string(damage->frame);
    return makeError(file.codes.damaged,
                     log + ": " + place +
                         " was altered, and what was committed there and behind it would be lost by opening the file: "
                         "nothing was opened or changed; keep " +
                         file.name + " and " + log +
                         " as they are, and copy both to another disk before anything else is done");
}

} // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& file, Access access,
                                                     std::chrono::milliseconds busyTimeout, const FaultCodes& codes)
{
    const auto name = uniqueConnectionName();
    // The QSqlDatabase goes straight into the object: a local copy would still be in use when removeDatabase() is
    // called.
    std::unique_ptr<Connection> connection{
        new Connection{name, addConnection(name, databaseName(file, access), connectOptions(access, busyTimeout)),
                       NamedFile{file.string(), codes}}};
    TRY(requireSoundLog(connection->m_file));
    if (!connection->m_database.open()) {
        return sqlFault(connection->m_database.lastError(), "open", connection->m_file);
    }
    TRY(connection->configure(access));
    return connection;
}

Result<std::unique_ptr<Connection>> Connection::openInMemory(const FaultCodes& codes)
{
    const auto name = uniqueConnectionName();
    std::unique_ptr<Connection> connection{
        new Connection{name, addConnection(name, QLatin1String(":memory:"), {}), NamedFile{"in memory", codes}}};
    if (!connection->m_database.open()) {
        return sqlFault(connection->m_database.lastError(), "open", connection->m_file);
    }
    return connection;
}

Connection::~Connection()
{
    m_database.close();
    m_database = QSqlDatabase{}; // removeDatabase() requires that no copy is left
    QSqlDatabase::removeDatabase(m_name);
}

Result<void> Connection::configure(Access access)
{
    if (access == Access::ReadWrite) {
        TRY(requireWriteAheadLog(*this, m_file));
        // FULL syncs the log at every commit. With NORMAL a power cut could lose transactions that were committed.
        TRY(execute("PRAGMA synchronous = FULL"));
    }
    TRY(execute("PRAGMA foreign_keys = ON"));
    return execute("PRAGMA trusted_schema = OFF");
}

void* Connection::handle() const
{
    const auto handle = m_database.driver()->handle();
    return qstrcmp(handle.typeName(), "sqlite3*") == 0 ? *static_cast<void* const*>(handle.constData()) : nullptr;
}

Result<Statement> Connection::prepare(const char* sql)
{
    Statement statement{m_database, m_file};
    if (!statement.m_query.prepare(QLatin1String(sql))) {
        return sqlFault(statement.m_query.lastError(), sql, m_file);
    }
    return statement;
}

Result<Statement> Connection::query(const char* sql, const QVariantList& values)
{
    TRY_ASSIGN(auto statement, prepare(sql));
    TRY(statement.run(values));
    return statement;
}

Result<void> Connection::execute(const char* sql, const QVariantList& values)
{
    TRY(query(sql, values));
    return {};
}

Result<Transaction> Transaction::begin(Connection& connection, Kind kind)
{
    TRY(connection.execute(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED"));
    return Transaction{connection};
}

Transaction::~Transaction()
{
    if (m_connection != nullptr) {
        // Fails only if SQLite has rolled back by itself already, on a full disk for instance.
        [[maybe_unused]] const auto rolledBack = m_connection->execute("ROLLBACK");
    }
}

Result<void> Transaction::commit()
{
    TRY(m_connection->execute("COMMIT"));
    m_connection = nullptr;
    return {};
}

} // namespace enroll::db::sqlite
