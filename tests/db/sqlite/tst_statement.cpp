#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "db/qt/values.h"
#include "db/sqlite/connection.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::db::sqlite;

namespace {

constexpr FaultCodes kCodes{StationCode::JournalCannotSave, StationCode::JournalBusy, StationCode::JournalAltered};

} // namespace

class TstStatement : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void anEmptyValueIsNoNull_data();
    void anEmptyValueIsNoNull();
    void anInvalidValueIsNull();
    void visitsEveryRowInOrder();
    void stopsAtTheFirstErrorOfAVisit();
    void aRowThatCannotBeReadIsAnErrorNotTheEnd();
    void handsOutEveryByteOfASecret();
    void canRunAgain();

private:
    std::unique_ptr<Connection> m_connection;
};

void TstStatement::init()
{
    m_connection = Connection::openInMemory(kCodes).value();
    QVERIFY(m_connection->execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB NOT NULL)").ok());
}

void TstStatement::anEmptyValueIsNoNull_data()
{
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<QString>("type");
    QTest::newRow("blob that Qt calls null") << QVariant{QByteArray{}} << QStringLiteral("blob");
    QTest::newRow("empty blob") << QVariant{QByteArrayLiteral("")} << QStringLiteral("blob");
    QTest::newRow("bytes of the domain") << QVariant{db::qt::toQByteArray(ByteView{})} << QStringLiteral("blob");
    QTest::newRow("text that Qt calls null") << QVariant{QString{}} << QStringLiteral("text");
    QTest::newRow("text of the domain") << QVariant{db::qt::toQString({})} << QStringLiteral("text");
}

void TstStatement::anEmptyValueIsNoNull()
{
    QFETCH(QVariant, value);
    QFETCH(QString, type);
    QVERIFY(m_connection->execute("INSERT INTO t (v) VALUES (?)", {value}).ok());
    auto row = m_connection->query("SELECT typeof(v), length(v), v FROM t").value();
    QVERIFY(row.next().value());
    QCOMPARE(row.text(0), type.toStdString());
    QCOMPARE(row.integer(1), 0);
    QVERIFY(!row.isNull(2));
}

void TstStatement::anInvalidValueIsNull()
{
    const auto refused = m_connection->execute("INSERT INTO t (v) VALUES (?)", {QVariant{}});
    QVERIFY(!refused.ok()); // NOT NULL
    QCOMPARE(refused.error().code, StationCode::JournalCannotSave);
    QCOMPARE(refused.error().operation, std::string{"INSERT INTO t (v) VALUES (?)"});
}

void TstStatement::visitsEveryRowInOrder()
{
    QVERIFY(m_connection->execute("INSERT INTO t (v) VALUES ('a'), ('b'), ('c')").ok());
    std::string seen;
    auto rows = m_connection->query("SELECT v FROM t ORDER BY id").value();
    const auto visited = rows.forEach([&seen](const Statement& row) -> Result<void> {
        seen += row.text(0);
        return {};
    });
    QVERIFY(visited.ok());
    QCOMPARE(seen, std::string{"abc"});
}

void TstStatement::stopsAtTheFirstErrorOfAVisit()
{
    QVERIFY(m_connection->execute("INSERT INTO t (v) VALUES ('a'), ('b'), ('c')").ok());
    int visits = 0;
    auto rows = m_connection->query("SELECT v FROM t").value();
    const auto visited = rows.forEach([&visits](const Statement&) -> Result<void> {
        return ++visits == 2 ? Result<void>{makeError(DeviceCode::Cancelled, "enough")} : Result<void>{};
    });
    QVERIFY(!visited.ok());
    QCOMPARE(visited.error().code, DeviceCode::Cancelled);
    QCOMPARE(visits, 2);
}

void TstStatement::aRowThatCannotBeReadIsAnErrorNotTheEnd()
{
    QVERIFY(m_connection->execute("INSERT INTO t (v) VALUES ('1'), ('no json')").ok());
    int visits = 0;
    auto rows = m_connection->query("SELECT json_extract(v, '$') FROM t ORDER BY id").value();
    const auto visited = rows.forEach([&visits](const Statement&) -> Result<void> {
        ++visits;
        return {};
    });
    QVERIFY(!visited.ok());
    QCOMPARE(visits, 1);
}

void TstStatement::handsOutEveryByteOfASecret()
{
    const QByteArray secret{"a\0b", 3};
    QVERIFY(m_connection->execute("INSERT INTO t (v) VALUES (?)", {secret}).ok());
    auto row = m_connection->query("SELECT v FROM t").value();
    QVERIFY(row.next().value());
    QVERIFY(equalBytes(row.secret(0).view(), db::qt::viewOf(secret)));
    QVERIFY(equalBytes(row.secret(0).view(), Bytes(3))); // nothing of it is left in the row
}

void TstStatement::canRunAgain()
{
    auto insert = m_connection->prepare("INSERT INTO t (v) VALUES (?)").value();
    QVERIFY(insert.run({QByteArray{"a"}}).ok());
    QVERIFY(insert.run({QByteArray{"b"}}).ok());
    QCOMPARE(insert.changedRows(), 1);
    auto count = m_connection->query("SELECT count(*) FROM t").value();
    QVERIFY(count.next().value());
    QCOMPARE(count.integer(0), 2);
}

QTEST_GUILESS_MAIN(TstStatement)
#include "tst_statement.moc"
