#pragma once

#include "core/base/bytes.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariant>

#include <filesystem>
#include <memory>

namespace enroll::db::journal {

enum class Access {
    ReadOnly,
    Immutable, ///< read-only, without a lock and without the log's shared memory: nobody can be writing
    ReadWrite,
};

/// A prepared statement; gone, with every lock it holds, when destroyed.
class Statement {
public:
    /// Binds \p values in order and executes from the start. Errors S-301, S-302, S-303.
    Result<void> run(const QVariantList& values = {});
    /// Steps to the next row; false after the last. Errors as run().
    Result<bool> next();

    [[nodiscard]] QVariant value(int column) const { return m_query.value(column); }
    [[nodiscard]] bool isNull(int column) const { return m_query.value(column).isNull(); }
    [[nodiscard]] std::int64_t integer(int column) const { return m_query.value(column).toLongLong(); }
    [[nodiscard]] std::string text(int column) const { return m_query.value(column).toString().toStdString(); }
    [[nodiscard]] QByteArray bytes(int column) const { return m_query.value(column).toByteArray(); }
    [[nodiscard]] std::int64_t changedRows() const { return m_query.numRowsAffected(); }

private:
    friend class JournalDatabase;
    explicit Statement(const QSqlDatabase& database) : m_query(database) { m_query.setForwardOnly(true); }

    QSqlQuery m_query;
};

/// One SQLite connection with a name of its own; used on one thread. WAL, synchronous FULL, foreign keys on.
///
/// Errors of every call: S-302 (another writer holds the file past the time-out), S-303 (the file is damaged), S-301
/// (anything else: disk full, no permission, a broken rule of the schema).
class JournalDatabase {
public:
    /// \p file must exist already.
    static Result<std::unique_ptr<JournalDatabase>> open(const std::filesystem::path& file, Access access,
                                                         std::chrono::milliseconds busyTimeout);
    /// A database of its own, empty, gone with the object.
    static Result<std::unique_ptr<JournalDatabase>> openInMemory();
    ~JournalDatabase();
    JournalDatabase(const JournalDatabase&) = delete;
    JournalDatabase& operator=(const JournalDatabase&) = delete;

    Result<Statement> prepare(const char* sql);
    /// Prepared and executed; next() steps to the first row.
    Result<Statement> query(const char* sql, const QVariantList& values = {});
    Result<void> execute(const char* sql, const QVariantList& values = {});

private:
    JournalDatabase(QString name, QSqlDatabase database) : m_name(std::move(name)), m_database(std::move(database)) {}
    Result<void> configure(Access access);

    QString m_name;
    QSqlDatabase m_database;
};

/// A transaction that is rolled back unless commit() came to pass.
class Transaction {
public:
    enum class Kind { Snapshot, Write };

    /// Write takes the write lock at once, so that what is read inside still holds when it is committed.
    static Result<Transaction> begin(JournalDatabase& database, Kind kind);
    ~Transaction();
    Transaction(Transaction&& other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Durable once it returned without an error.
    Result<void> commit();

private:
    explicit Transaction(JournalDatabase& database) : m_database(&database) {}

    JournalDatabase* m_database;
};

/// The bytes of a Qt byte array, not copied.
inline ByteView viewOf(const QByteArray& bytes) noexcept
{
    return std::as_bytes(std::span{bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

inline QByteArray toQByteArray(ByteView bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

} // namespace enroll::db::journal
