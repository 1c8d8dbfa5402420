#include "core/base/device_code.h"
#include "db/documents/json_text.h"
#include "db/journal/chain_store.h"
#include "db/journal/entry_understanding.h"
#include "db/journal/open_journal.h"
#include "tests/support/journal_fixture.h"

#include <QTest>

#include <functional>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;

namespace {

constexpr std::int64_t kRun = 2; // seq of the entries that a fixture of this file has
constexpr std::int64_t kRecord = 4;

/// A failed run, a passing run and its record, one of them committed by a program of another version.
class JournalOfTwoPrograms : public JournalFixture {
public:
    JournalOfTwoPrograms()
    {
        end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        pass(2);
    }

    [[nodiscard]] QJsonObject documentAt(std::int64_t seq) const
    {
        const auto body = ask("SELECT body FROM chain_entry WHERE seq = ?", {static_cast<qlonglong>(seq)});
        return require(db::documents::parseJsonObject(body.toByteArray()));
    }
    void commit(std::int64_t seq, const QJsonObject& document) const
    {
        commitOtherwise(directory(), seq, db::documents::canonicalJson(document));
    }
};

QJsonObject withFirstStep(QJsonObject document, const char* member, const QString& word)
{
    auto steps = document[u"steps"].toArray();
    auto step = steps[0].toObject();
    step[QLatin1String(member)] = word;
    steps[0] = step;
    document[u"steps"] = steps;
    return document;
}

} // namespace

class TestEntryUnderstanding : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void understandsWhatThisProgramWrites()
    {
        const JournalOfTwoPrograms journal;
        const auto report = journal.verify();
        QVERIFY(!report.firstBad);
        QCOMPARE(report.notUnderstood.count, std::int64_t{0});
        QVERIFY(!report.notUnderstood.first);
    }

    void anAbsentNullableMemberIsNull()
    {
        const JournalOfTwoPrograms journal;
        auto run = journal.documentAt(kRun);
        run.remove(QStringLiteral("record"));
        journal.commit(kRun, run);
        const auto report = journal.verify();
        QVERIFY2(!report.firstBad, report.firstBad ? report.firstBad->reason.c_str() : "");
        QCOMPARE(report.notUnderstood.count, std::int64_t{0});
    }

    void aNewerDocumentIsIntactAndNotUnderstood_data()
    {
        using Change = std::function<QJsonObject(QJsonObject)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("schema");
        const auto version1 = QStringLiteral("enrollment-station/attestation-run/1");
        QTest::newRow("step word") << Change{[](auto run) { return withFirstStep(run, "id", QStringLiteral("dance")); }}
                                   << QByteArray{} << QStringLiteral("steps[0].id is 'dance'") << version1;
        QTest::newRow("step outcome") << Change{[](auto run) {
            return withFirstStep(run, "outcome", QStringLiteral("parked"));
        }} << QByteArray{} << QStringLiteral("steps[0].outcome is 'parked'")
                                      << version1;
        QTest::newRow("code") << Change{[](auto run) {
            run[u"code"] = QStringLiteral("D-777");
            return run;
        }} << QByteArray{"UPDATE run SET code = 'D-777' WHERE seq = 2"}
                              << QStringLiteral("code is 'D-777'") << version1;
        QTest::newRow("outcome") << Change{[](auto run) {
            run[u"outcome"] = QStringLiteral("quarantined");
            return run;
        }} << QByteArray{"UPDATE run SET outcome = 'quarantined' WHERE seq = 2"}
                                 << QStringLiteral("outcome is 'quarantined'") << version1;
        QTest::newRow("extra member") << Change{[](auto run) {
            run[u"line"] = QStringLiteral("A");
            return run;
        }} << QByteArray{} << QStringLiteral("line is a member that this program does not know")
                                      << version1;
        QTest::newRow("version") << Change{[](auto run) {
            run[u"schema"] = QStringLiteral("enrollment-station/attestation-run/99");
            return run;
        }} << QByteArray{} << QStringLiteral("schema is version 99")
                                 << QStringLiteral("enrollment-station/attestation-run/99");
        QTest::newRow("member of another form") << Change{[](auto run) {
            run[u"schema"] = QStringLiteral("enrollment-station/attestation-run/3");
            run[u"startedAt"] = 12;
            run[u"steps"] = QStringLiteral("elsewhere");
            return run;
        }} << QByteArray{} << QStringLiteral("startedAt is not a text")
                                                << QStringLiteral("enrollment-station/attestation-run/3");
    }
    void aNewerDocumentIsIntactAndNotUnderstood()
    {
        QFETCH(std::function<QJsonObject(QJsonObject)>, change);
        QFETCH(QByteArray, rows);
        QFETCH(QString, what);
        QFETCH(QString, schema);
        const JournalOfTwoPrograms journal;
        journal.commit(kRun, change(journal.documentAt(kRun)));
        if (!rows.isEmpty()) {
            QVERIFY2(journal.verify().firstBad, "a search column that disagrees with its document is an alteration");
            QCOMPARE(journal.tamper(rows.constData()), 1);
        }
        const auto report = journal.verify();
        QVERIFY2(!report.firstBad, report.firstBad ? report.firstBad->reason.c_str() : "");
        QCOMPARE(report.notUnderstood.count, std::int64_t{1});
        QCOMPARE(report.notUnderstood.first->seq, kRun);
        QCOMPARE(QString::fromStdString(report.notUnderstood.first->what), what);
        QCOMPARE(report.notUnderstood.schemas, (std::map<std::string, std::int64_t>{{schema.toStdString(), 1}}));
    }

    void aRecordThatCannotBeReadIsNotUnderstood()
    {
        const JournalOfTwoPrograms journal;
        auto record = journal.documentAt(kRecord);
        record[u"endorsementKey"] = QStringLiteral("AAECAw=="); // a kind of key that this program does not know
        journal.commit(kRecord, record);
        const auto report = journal.verify();
        QVERIFY2(!report.firstBad, report.firstBad ? report.firstBad->reason.c_str() : "");
        QCOMPARE(report.notUnderstood.count, std::int64_t{1});
    }

    void aKindOfEntryThatIsNotKnownIsNotUnderstood()
    {
        const JournalOfTwoPrograms journal;
        {
            const auto database = require(
                connectTo(journalFile(journal.directory()), db::sqlite::Access::ReadWrite, std::chrono::seconds{5}));
            auto transaction = require(db::sqlite::Transaction::begin(*database, db::sqlite::Transaction::Kind::Write));
            auto chain = require(ChainStore::load(*database));
            require(chain.append("sign-in", utcNow(), R"({"schema":"enrollment-station/sign-in/1"})"));
            require(transaction.commit());
        }
        const auto report = journal.verify();
        QVERIFY(!report.firstBad);
        QCOMPARE(report.notUnderstood.schemas,
                 (std::map<std::string, std::int64_t>{{"enrollment-station/sign-in/1", 1}}));
    }

    void aChangedDocumentIsStillAltered()
    {
        const JournalOfTwoPrograms journal;
        auto run = journal.documentAt(kRun);
        run[u"line"] = QStringLiteral("A");
        journal.tamper("UPDATE chain_entry SET body = ? WHERE seq = ?",
                       {db::documents::canonicalJson(run), static_cast<qlonglong>(kRun)});
        QVERIFY(journal.verify().firstBad);
    }

    void aSearchColumnOfANewerDocumentIsStillHeldAgainstIt()
    {
        const JournalOfTwoPrograms journal;
        auto run = journal.documentAt(kRun);
        run[u"schema"] = QStringLiteral("enrollment-station/attestation-run/99");
        journal.commit(kRun, run);
        QVERIFY(!journal.verify().firstBad);
        QCOMPARE(journal.tamper("UPDATE run SET outcome = 'pass' WHERE seq = 2"), 1);
        QVERIFY(journal.verify().firstBad);
    }
};

QTEST_GUILESS_MAIN(TestEntryUnderstanding)
#include "tst_entry_understanding.moc"
