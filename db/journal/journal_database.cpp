#include "db/journal/journal_database.h"

#include "core/base/station_code.h"
#include "db/sqlite/sql_fault.h"

#include <QSqlError>
#include <QUrl>

#include <atomic>

namespace enroll::db::journal {
namespace {

Error databaseError(const QSqlError& fault, std::string operation)
{
    return sqlite::sqlFault(fault, std::move(operation), StationCode::JournalAltered);
}

QString uniqueConnectionName()
{
    static std::atomic<unsigned long long> count{0};
    return QLatin1String("journal-") + QString::number(++count);
}

QString connectOptions(Access access, std::chrono::milliseconds busyTimeout)
{
    const QString timeout = QLatin1String("QSQLITE_BUSY_TIMEOUT=") + QString::number(busyTimeout.count());
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

QString databaseName(const std::filesystem::path& file, Access access)
{
    const auto path = QString::fromStdString(file.string());
    if (access != Access::Immutable) {
        return path;
    }
    const auto encoded = QUrl::toPercentEncoding(path, "/");
    return QLatin1String("file:") + QLatin1String(encoded) + QLatin1String("?immutable=1");
}

QSqlDatabase addConnection(const QString& name, const QString& database, const QString& options)
{
    auto connection = QSqlDatabase::addDatabase(QLatin1String("QSQLITE"), name);
    connection.setDatabaseName(database);
    connection.setConnectOptions(options);
    return connection;
}

} // namespace

Result<void> Statement::run(const QVariantList& values)
{
    for (int i = 0; i < values.size(); ++i) {
        m_query.bindValue(i, values[i]);
    }
    if (!m_query.exec()) {
        return databaseError(m_query.lastError(), m_query.lastQuery().toStdString());
    }
    return {};
}

Result<bool> Statement::next()
{
    if (m_query.next()) {
        return true;
    }
    if (m_query.lastError().isValid()) {
        return databaseError(m_query.lastError(), m_query.lastQuery().toStdString());
    }
    return false;
}

Result<std::unique_ptr<JournalDatabase>> JournalDatabase::open(const std::filesystem::path& file, Access access,
                                                               std::chrono::milliseconds busyTimeout)
{
    const auto name = uniqueConnectionName();
    // No handle of its own stays here: it would outlive a database that cannot be opened.
    std::unique_ptr<JournalDatabase> database{new JournalDatabase{
        name, addConnection(name, databaseName(file, access), connectOptions(access, busyTimeout))}};
    if (!database->m_database.open()) {
        return databaseError(database->m_database.lastError(), "open " + file.string());
    }
    TRY(database->configure(access));
    return database;
}

Result<std::unique_ptr<JournalDatabase>> JournalDatabase::openInMemory()
{
    const auto name = uniqueConnectionName();
    std::unique_ptr<JournalDatabase> database{
        new JournalDatabase{name, addConnection(name, QLatin1String(":memory:"), {})}};
    if (!database->m_database.open()) {
        return databaseError(database->m_database.lastError(), "open a database in memory");
    }
    return database;
}

JournalDatabase::~JournalDatabase()
{
    m_database.close();
    m_database = QSqlDatabase{}; // removeDatabase() wants no handle left
    QSqlDatabase::removeDatabase(m_name);
}

Result<void> JournalDatabase::configure(Access access)
{
    if (access == Access::ReadWrite) {
        TRY_ASSIGN(auto mode, query("PRAGMA journal_mode = WAL"));
        TRY(sqlite::requireWriteAheadLog(TRY(mode.next()) ? mode.text(0) : std::string{}));
        // FULL syncs the log at every commit; NORMAL could lose committed runs with the power.
        TRY(execute("PRAGMA synchronous = FULL"));
    }
    TRY(execute("PRAGMA foreign_keys = ON"));
    return execute("PRAGMA trusted_schema = OFF");
}

Result<Statement> JournalDatabase::prepare(const char* sql)
{
    Statement statement{m_database};
    if (!statement.m_query.prepare(QLatin1String(sql))) {
        return databaseError(statement.m_query.lastError(), sql);
    }
    return statement;
}

Result<Statement> JournalDatabase::query(const char* sql, const QVariantList& values)
{
    TRY_ASSIGN(auto statement, prepare(sql));
    TRY(statement.run(values));
    return statement;
}

Result<void> JournalDatabase::execute(const char* sql, const QVariantList& values)
{
    TRY(query(sql, values));
    return {};
}

Result<Transaction> Transaction::begin(JournalDatabase& database, Kind kind)
{
    TRY(database.execute(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED"));
    return Transaction{database};
}

Transaction::~Transaction()
{
    if (m_database != nullptr) {
        // Fails only where SQLite has rolled back by itself already, on a full disk for one.
        [[maybe_unused]] const auto rolledBack = m_database->execute("ROLLBACK");
    }
}

Result<void> Transaction::commit()
{
    TRY(m_database->execute("COMMIT"));
    m_database = nullptr;
    return {};
}

} // namespace enroll::db::journal
