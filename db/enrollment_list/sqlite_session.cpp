#include "db/enrollment_list/sqlite_session.h"

#include "core/base/station_code.h"
#include "db/sqlite/private_file.h"
#include "db/sqlite/sql_fault.h"

#include <QSqlError>

#include <atomic>

namespace enroll::db::enrollment_list {
namespace {

constexpr auto kDriver = "QSQLITE";
constexpr int kBusyTimeoutMs = 10'000;

Error sqlError(const QSqlError& error, std::string operation)
{
    return sqlite::sqlFault(error, std::move(operation), StationCode::JournalCannotSave);
}

QString nextConnectionName()
{
    static std::atomic<unsigned> count{0};
    return QStringLiteral("enrollment-list-%1").arg(++count);
}

/// The statement up to its first line's end: enough to recognise, and without parameters.
std::string operationOf(const QString& statement)
{
    return statement.section(QLatin1Char('\n'), 0, 0).left(60).toStdString();
}

} // namespace

Result<std::unique_ptr<SqliteSession>> SqliteSession::open(const std::filesystem::path& file)
{
    TRY(sqlite::makePrivateFile(file));
    std::unique_ptr<SqliteSession> session{new SqliteSession{nextConnectionName()}};
    auto database = QSqlDatabase::addDatabase(QLatin1String(kDriver), session->m_name);
    database.setDatabaseName(QString::fromStdString(file.string()));
    database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(kBusyTimeoutMs));
    if (!database.open()) {
        return sqlError(database.lastError(), "open " + file.string());
    }
    {
        TRY_ASSIGN(auto mode, session->run(QStringLiteral("PRAGMA journal_mode = WAL")));
        TRY(sqlite::requireWriteAheadLog(TRY(step(mode)) ? textOf(mode.value(0)) : std::string{}));
    }
    TRY(session->run(QStringLiteral("PRAGMA synchronous = FULL")));
    TRY(session->run(QStringLiteral("PRAGMA foreign_keys = ON")));
    return session;
}

SqliteSession::~SqliteSession()
{
    QSqlDatabase::database(m_name, false).close();
    QSqlDatabase::removeDatabase(m_name);
}

Result<QSqlQuery> SqliteSession::run(const QString& statement, const QVariantList& parameters)
{
    QSqlQuery query{QSqlDatabase::database(m_name, false)};
    query.setForwardOnly(true);
    if (!query.prepare(statement)) {
        return sqlError(query.lastError(), operationOf(statement));
    }
    for (const auto& parameter : parameters) {
        query.addBindValue(parameter);
    }
    if (!query.exec()) {
        return sqlError(query.lastError(), operationOf(statement));
    }
    return query;
}

Result<bool> step(QSqlQuery& query)
{
    if (query.next()) {
        return true;
    }
    if (query.lastError().isValid()) {
        return sqlError(query.lastError(), operationOf(query.lastQuery()));
    }
    return false;
}

QByteArray blob(ByteView bytes)
{
    // Qt binds a null array as NULL; an empty one is a value.
    return bytes.empty() ? QByteArrayLiteral("")
                         : QByteArray{asText(bytes).data(), static_cast<qsizetype>(bytes.size())};
}

Bytes bytesOf(const QVariant& value)
{
    const auto raw = value.toByteArray();
    return toBytes(asBytes({raw.constData(), static_cast<std::size_t>(raw.size())}));
}

std::string textOf(const QVariant& value)
{
    return value.toString().toStdString();
}

SecretBytes secretOf(const QVariant& value)
{
    auto raw = value.toByteArray();
    auto secret = SecretBytes::copyOf(asBytes({raw.constData(), static_cast<std::size_t>(raw.size())}));
    raw.fill('\0');
    return secret;
}

} // namespace enroll::db::enrollment_list
