#pragma once

#include "db/sqlite/statement.h"

#include <QSqlDatabase>

#include <filesystem>
#include <memory>
#include <utility>

namespace enroll::db::sqlite {

enum class Access {
    ReadOnly,
    Immutable, ///< read-only without locks and without shared memory; right only where nobody can write the file
    ReadWrite,
};

/// One connection to an SQLite file, used on the thread that made it.
///
/// Settings: write-ahead log (readers and one writer do not block each other), synchronous = FULL (a commit is on the
/// disk when it returns), foreign_keys = ON, trusted_schema = OFF (the schema of a file from elsewhere cannot call
/// functions with side effects).
///
/// A file whose write-ahead log was damaged where committed transactions stand is not opened (findLogDamage()).
///
/// Every error, also of its statements and transactions, has one of the FaultCodes it was opened with.
/// \par Source   SQLite, "Write-Ahead Logging"; "PRAGMA synchronous", "PRAGMA trusted_schema"
class Connection {
public:
    /// \p file must exist: system::makePrivateFile() makes it with permissions that SQLite would not choose.
    /// \p busyTimeout is how long to wait for another writer before the busy code is returned.
    static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& file, Access access,
                                                    std::chrono::milliseconds busyTimeout, const FaultCodes& codes);
    /// An empty database in memory, which ends with the object.
    static Result<std::unique_ptr<Connection>> openInMemory(const FaultCodes& codes);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// The file's path, for messages.
    [[nodiscard]] const std::string& fileName() const noexcept { return m_file.name; }

    Result<Statement> prepare(const char* sql);
    /// Prepares and executes \p sql; next() of the result steps to the first row.
    Result<Statement> query(const char* sql, const QVariantList& values = {});
    Result<void> execute(const char* sql, const QVariantList& values = {});

private:
    friend class Interruption;
    /// SQLite's own handle, a sqlite3*; null if Qt's driver does not give it.
    [[nodiscard]] void* handle() const;
    Connection(QString name, const QSqlDatabase& database, NamedFile file)
        : m_name(std::move(name)), m_database(database), m_file(std::move(file))
    {}
    Result<void> configure(Access access);

    QString m_name;
    QSqlDatabase m_database;
    NamedFile m_file;
};

/// A transaction that the destructor rolls back unless commit() succeeded.
class Transaction {
public:
    enum class Kind {
        Snapshot, ///< BEGIN DEFERRED: all reads see the same state
        Write     ///< BEGIN IMMEDIATE: takes the write lock now, so that what is read inside still holds at the commit
    };

    /// Waits for another writer as long as the connection's busyTimeout allows; then the error is FaultCodes::busy.
    static Result<Transaction> begin(Connection& connection, Kind kind);
    ~Transaction();
    Transaction(Transaction&& other) noexcept : m_connection(std::exchange(other.m_connection, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// On success the changes are on the disk.
    Result<void> commit();

private:
    explicit Transaction(Connection& connection) : m_connection(&connection) {}

    Connection* m_connection;
};

} // namespace enroll::db::sqlite
