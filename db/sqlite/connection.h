#pragma once

#include "db/sqlite/statement.h"

#include <QSqlDatabase>

#include <filesystem>
#include <memory>
#include <utility>

namespace enroll::db::sqlite {

enum class Access {
    ReadOnly,
    Immutable, ///< read-only, without a lock and without the log's shared memory: nobody can be writing
    ReadWrite,
};

/// One connection to an SQLite file, with a name of its own; used on the thread that made it. Write-ahead log,
/// synchronous FULL, foreign keys on, and no trust in what the file's schema calls.
///
/// Errors of every call, its statements' and its transactions' too: the FaultCodes it was opened with.
class Connection {
public:
    /// \p file must exist already: system::makePrivateFile() makes it. \p busyTimeout is the patience with other writers.
    static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& file, Access access,
                                                    std::chrono::milliseconds busyTimeout, const FaultCodes& codes);
    /// A database of its own, empty, gone with the object.
    static Result<std::unique_ptr<Connection>> openInMemory(const FaultCodes& codes);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Result<Statement> prepare(const char* sql);
    /// Prepared and executed; next() steps to the first row.
    Result<Statement> query(const char* sql, const QVariantList& values = {});
    Result<void> execute(const char* sql, const QVariantList& values = {});

private:
    Connection(QString name, QSqlDatabase database, const FaultCodes& codes)
        : m_name(std::move(name)), m_database(std::move(database)), m_codes(codes)
    {}
    Result<void> configure(Access access);

    QString m_name;
    QSqlDatabase m_database;
    FaultCodes m_codes;
};

/// A transaction that is rolled back unless commit() came to pass.
class Transaction {
public:
    enum class Kind { Snapshot, Write };

    /// Write takes the write lock at once, so that what is read inside still holds when it is committed.
    static Result<Transaction> begin(Connection& connection, Kind kind);
    ~Transaction();
    Transaction(Transaction&& other) noexcept : m_connection(std::exchange(other.m_connection, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Durable once it returned without an error.
    Result<void> commit();

private:
    explicit Transaction(Connection& connection) : m_connection(&connection) {}

    Connection* m_connection;
};

} // namespace enroll::db::sqlite
