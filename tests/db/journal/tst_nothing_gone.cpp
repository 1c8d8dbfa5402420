#include "core/base/device_code.h"
#include "db/journal/acts.h"
#include "db/journal/nothing_gone.h"
#include "db/journal/open_journal.h"
#include "tests/support/journal_fixture.h"
#include "tests/support/sample_acts.h"

#include <QTest>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;
using station::ActKind;

namespace {

/// A journal with acts, and one who looks at it again and again on one connection.
class WatchedJournal : public JournalFixture {
public:
    WatchedJournal()
    {
        act();
        pass(1);
        act();
        m_database = require(openForReading(directory()));
    }
    void act() const { require(appendActs(options(), std::vector{actOf(ActKind::SignedIn, "ana")})); }
    [[nodiscard]] std::optional<BadEntry> look()
    {
        const auto snapshot =
            require(db::sqlite::Transaction::begin(*m_database, db::sqlite::Transaction::Kind::Snapshot));
        return require(m_gone.verify(*m_database));
    }

private:
    std::unique_ptr<db::sqlite::Connection> m_database;
    NothingGone m_gone;
};

} // namespace

class TestNothingGone : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsNothingWhileTheJournalGrows()
    {
        WatchedJournal journal;
        QVERIFY(!journal.look());
        QVERIFY(!journal.look());
        journal.act();
        QVERIFY(!journal.look());
        journal.pass(2);
        journal.act();
        journal.end(3, Outcome::Fail, DeviceCode::AttestationWrong);
        QVERIFY(!journal.look());
        QVERIFY(!journal.look());
    }

    void findsARunThatIsGoneWithItsRow_data()
    {
        QTest::addColumn<bool>("looked");
        QTest::newRow("at the first look") << false;
        QTest::newRow("at a later look") << true;
    }
    void findsARunThatIsGoneWithItsRow()
    {
        QFETCH(bool, looked);
        WatchedJournal journal;
        const auto run = journal.end(2, Outcome::Fail, DeviceCode::AttestationWrong);
        journal.act();
        journal.act();
        QVERIFY(!looked || !journal.look());
        QCOMPARE(journal.tamper("DELETE FROM run WHERE run_id = ?", {QString::fromStdString(run.runId.text())}), 1);
        QVERIFY(journal.look());
        QCOMPARE(journal.tamper("DELETE FROM chain_entry WHERE kind = 'run' AND seq NOT IN (SELECT seq FROM run)"), 1);
        QVERIFY(journal.look());
        QVERIFY(journal.look());
    }

    void findsARunThatIsGoneWhileAnActCame()
    {
        WatchedJournal journal;
        const auto run = journal.end(2, Outcome::Fail, DeviceCode::AttestationWrong);
        journal.act();
        journal.act();
        QVERIFY(!journal.look());
        QCOMPARE(journal.tamper("DELETE FROM run WHERE run_id = ?", {QString::fromStdString(run.runId.text())}), 1);
        QCOMPARE(journal.tamper("DELETE FROM chain_entry WHERE kind = 'run' AND seq NOT IN (SELECT seq FROM run)"), 1);
        journal.tamper("INSERT INTO chain_entry SELECT seq + 1, kind, at, body, entry_hash, entry_hash FROM chain_entry"
                       " ORDER BY seq DESC LIMIT 1");
        const auto finding = [&] {
            const auto database = require(openForReading(journal.directory()));
            return NothingGone{}.verify(*database);
        }();
        QVERIFY(!finding.ok() || *finding); // the end is not proven, or the sum is wrong
    }

    void goesOnWhereAnEntryWasCountedThatIsNoActAnyMore()
    {
        WatchedJournal journal;
        QVERIFY(!journal.look());
        journal.tamper(
            "UPDATE chain_entry SET kind = 'note' WHERE seq = 2"); // no row is missing: verifyJournal() finds it
        QVERIFY(!journal.look());
        QVERIFY(!journal.look());
        QVERIFY(journal.verify().firstBad);
    }
};

QTEST_GUILESS_MAIN(TestNothingGone)
#include "tst_nothing_gone.moc"
