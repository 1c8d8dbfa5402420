#include "core/base/cloud_code.h"
#include "core/base/station_code.h"
#include "core/system/regular_file.h"
#include "db/sqlite/connection.h"
#include "tests/support/odd_files.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace enroll;
using namespace enroll::db::sqlite;

namespace {

/// Three codes that no store has together: what an error shows came from here.
constexpr FaultCodes kCodes{StationCode::InternalFault, StationCode::JournalBusy, CloudCode::RefusedRequest};
constexpr std::chrono::milliseconds kNoPatience{0};

} // namespace

class TstConnection : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void hasAWriteAheadLogThatIsSynced();
    void tellsItsFaultsInTheOwnersWords();
    void aTransactionIsUndoneUnlessCommitted();
    void aWriteTransactionKeepsOtherWritersOut();
    void aReaderCannotWrite();
    void namesALogThatIsNoFile();
    void saysThatTheDiskIsFull();

private:
    std::unique_ptr<Connection> open(Access access = Access::ReadWrite) const
    {
        return Connection::open(m_file, access, kNoPatience, kCodes).value();
    }
    static std::int64_t number(Connection& connection, const char* sql)
    {
        auto row = connection.query(sql).value();
        return row.next().value() ? row.integer(0) : -1;
    }

    QTemporaryDir m_directory;
    std::filesystem::path m_file;
};

void TstConnection::saysThatTheDiskIsFull()
{
    const auto connection = open();
    QVERIFY(connection->execute("CREATE TABLE t (content BLOB)").ok());
    QVERIFY(number(*connection, "PRAGMA max_page_count = 2") > 0); // SQLite's own way to a full disk: SQLITE_FULL
    const auto written = connection->execute("INSERT INTO t VALUES (zeroblob(100000))");
    QVERIFY(!written.ok());
    QCOMPARE(written.error().code, kCodes.cannotSave);
    QVERIFY2(written.error().what.starts_with(m_file.string() + ": the disk is full: make room"),
             written.error().what.c_str());
}

void TstConnection::init()
{
    m_file = m_directory.filePath(QLatin1String(QTest::currentTestFunction())).toStdString();
    QVERIFY(system::makePrivateFile(m_file).ok());
}

void TstConnection::hasAWriteAheadLogThatIsSynced()
{
    const auto connection = open();
    auto mode = connection->query("PRAGMA journal_mode").value();
    QVERIFY(mode.next().value());
    QCOMPARE(mode.text(0), std::string{"wal"});
    QCOMPARE(number(*connection, "PRAGMA synchronous"), 2); // FULL
    QCOMPARE(number(*connection, "PRAGMA foreign_keys"), 1);
    QCOMPARE(number(*connection, "PRAGMA trusted_schema"), 0);
}

void TstConnection::tellsItsFaultsInTheOwnersWords()
{
    const auto connection = open();
    QVERIFY(connection->execute("CREATE TABLE t (v TEXT NOT NULL)").ok());
    QCOMPARE(connection->execute("INSERT INTO t VALUES (NULL)").error().code, kCodes.cannotSave);

    const auto writer = open();
    const auto writing = Transaction::begin(*writer, Transaction::Kind::Write).value();
    QCOMPARE(connection->execute("INSERT INTO t VALUES ('x')").error().code, kCodes.busy);

    const auto damaged = m_file.string() + "-damaged";
    std::ofstream{damaged} << std::string(4096, 'x');
    const auto opened = Connection::open(damaged, Access::ReadWrite, kNoPatience, kCodes);
    QVERIFY(!opened.ok());
    QCOMPARE(opened.error().code, kCodes.damaged);
}

void TstConnection::aTransactionIsUndoneUnlessCommitted()
{
    const auto connection = open();
    QVERIFY(connection->execute("CREATE TABLE t (v TEXT)").ok());
    {
        const auto undone = Transaction::begin(*connection, Transaction::Kind::Write).value();
        QVERIFY(connection->execute("INSERT INTO t VALUES ('x')").ok());
    }
    QCOMPARE(number(*connection, "SELECT count(*) FROM t"), 0);
    {
        auto kept = Transaction::begin(*connection, Transaction::Kind::Write).value();
        QVERIFY(connection->execute("INSERT INTO t VALUES ('x')").ok());
        QVERIFY(kept.commit().ok());
    }
    QCOMPARE(number(*connection, "SELECT count(*) FROM t"), 1);
}

void TstConnection::aWriteTransactionKeepsOtherWritersOut()
{
    const auto first = open();
    const auto second = open();
    const auto writing = Transaction::begin(*first, Transaction::Kind::Write).value();
    QCOMPARE(Transaction::begin(*second, Transaction::Kind::Write).error().code, kCodes.busy);
    QVERIFY(Transaction::begin(*second, Transaction::Kind::Snapshot).ok());
}

void TstConnection::aReaderCannotWrite()
{
    QVERIFY(open()->execute("CREATE TABLE t (v TEXT)").ok());
    const auto reader = open(Access::ReadOnly);
    QCOMPARE(reader->execute("INSERT INTO t VALUES ('x')").error().code, kCodes.cannotSave);
    QCOMPARE(number(*reader, "SELECT count(*) FROM t"), 0);
}

/// SQLite itself would open a database whose log is a pipe, and fail at the first commit.
void TstConnection::namesALogThatIsNoFile()
{
    const std::filesystem::path log{m_file.string() + "-wal"};
    for (const auto& kind : test::oddFiles()) {
        std::filesystem::remove(log);
        kind.make(log);
        for (const auto access : {Access::ReadWrite, Access::ReadOnly, Access::Immutable}) {
            const auto opened = Connection::open(m_file, access, kNoPatience, kCodes);
            QVERIFY2(!opened.ok(), kind.name);
            QCOMPARE(opened.error().code, kCodes.cannotSave);
            QVERIFY2(opened.error().what.starts_with(log.string()), opened.error().what.c_str());
            QVERIFY2(opened.error().what.find(kind.said) != std::string::npos, opened.error().what.c_str());
        }
    }
}

QTEST_GUILESS_MAIN(TstConnection)
#include "tst_connection.moc"
