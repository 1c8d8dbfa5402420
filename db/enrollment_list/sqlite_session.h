#pragma once

#include "core/base/bytes.h"
#include "core/base/secret_bytes.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariant>

#include <filesystem>
#include <functional>

namespace enroll::db::enrollment_list {

/// One connection to the list's SQLite file: write-ahead log, synchronous FULL, foreign keys on, and ten seconds of
/// patience with other writers. Belongs to the thread that opened it.
class SqliteSession {
public:
    /// Makes the file, readable by its owner alone, if there is none. Errors S-301, S-302.
    static Result<std::unique_ptr<SqliteSession>> open(const std::filesystem::path& file);
    SqliteSession(const SqliteSession&) = delete;
    SqliteSession& operator=(const SqliteSession&) = delete;
    ~SqliteSession();

    /// Runs one statement with its parameters bound in order. Errors S-301, S-302.
    Result<QSqlQuery> run(const QString& statement, const QVariantList& parameters = {});

    /// Runs \p work between BEGIN IMMEDIATE and COMMIT: the write lock is taken first, so what \p work reads is what it
    /// writes upon. Rolls back if \p work fails. Errors S-301, S-302, and those of \p work.
    template <class T>
    Result<T> inTransaction(const std::function<Result<T>()>& work);

private:
    explicit SqliteSession(QString name) : m_name(std::move(name)) {}

    QString m_name;
};

template <class T>
Result<T> SqliteSession::inTransaction(const std::function<Result<T>()>& work)
{
    TRY(run(QStringLiteral("BEGIN IMMEDIATE")));
    auto result = work();
    if (!result.ok()) {
        // The work's own error says more than a rollback that fails after it.
        static_cast<void>(run(QStringLiteral("ROLLBACK")));
        return result;
    }
    if (auto committed = run(QStringLiteral("COMMIT")); !committed.ok()) {
        static_cast<void>(run(QStringLiteral("ROLLBACK")));
        return std::move(committed).error();
    }
    return result;
}

/// Steps to the next row; false after the last. A row that cannot be read is an error, not the end. Errors S-301,
/// S-302.
Result<bool> step(QSqlQuery& query);

/// Values as SQLite keeps them.
QByteArray blob(ByteView bytes);
Bytes bytesOf(const QVariant& value);
std::string textOf(const QVariant& value);
/// Wipes the copy Qt holds.
SecretBytes secretOf(const QVariant& value);

} // namespace enroll::db::enrollment_list
