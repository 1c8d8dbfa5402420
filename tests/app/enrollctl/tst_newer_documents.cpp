#include "db/documents/json_text.h"
#include "db/journal/chain_store.h"
#include "db/journal/open_journal.h"
#include "tests/app/enrollctl/enrollctl_process.h"
#include "tests/support/journal_fixture.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <functional>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;

namespace {

using Change = std::function<QJsonObject(QJsonObject)>;

constexpr std::int64_t kRun = 2; // GX-000001 held for D-122; see the README beside the journal
constexpr std::int64_t kRecord = 4;
constexpr int kEntries = 29;
constexpr int kRuns = 11;
const QString kRunId = QStringLiteral("01a21fe7-3c90-77e6-b517-5a1e18ef373e");
const QString kRunVersion1 = QStringLiteral("enrollment-station/attestation-run/1");

/// enrollctl on the journal that version 0.1.0 left behind, some entries of it committed by a newer program.
class StationOfTwoPrograms : public EnrollctlProcess {
public:
    StationOfTwoPrograms()
    {
        const auto file = QString::fromStdString(journalFile(directory()).string());
        if (!QDir{}.mkpath(dataDirectory()) ||
            !QFile::copy(QStringLiteral(ENROLL_TEST_DATA "/journal/v1-deliveries/journal.sqlite"), file) ||
            !QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner)) {
            qFatal("the journal cannot be copied");
        }
    }

    [[nodiscard]] std::filesystem::path directory() const { return dataDirectory().toStdString(); }

    [[nodiscard]] std::unique_ptr<db::sqlite::Connection> database() const
    {
        return require(
            connectTo(journalFile(directory()), db::sqlite::Access::ReadWrite, std::chrono::milliseconds{5000}));
    }

    [[nodiscard]] QJsonObject documentAt(std::int64_t seq) const
    {
        const auto connection = database();
        auto row = require(connection->query("SELECT body FROM chain_entry WHERE seq = ?", {qlonglong{seq}}));
        return require(row.next()) ? require(db::documents::parseJsonObject(row.bytes(0))) : QJsonObject{};
    }

    void commit(std::int64_t seq, const QJsonObject& document) const
    {
        commitOtherwise(directory(), seq, db::documents::canonicalJson(document));
    }

    void append(std::string_view kind, const QByteArray& body) const
    {
        const auto connection = database();
        auto transaction = require(db::sqlite::Transaction::begin(*connection, db::sqlite::Transaction::Kind::Write));
        auto chain = require(ChainStore::load(*connection));
        require(chain.append(kind, utcNow(), body));
        require(transaction.commit());
    }

    [[nodiscard]] CtlRun json(const QStringList& arguments) const
    {
        return run(arguments + QStringList{QStringLiteral("--json")});
    }
    [[nodiscard]] CtlRun verify() const { return json({QStringLiteral("journal"), QStringLiteral("verify")}); }

    /// The lines of an export, without the one that ends the last of them.
    [[nodiscard]] QByteArrayList exported(const QString& format, int exitCode = 0) const
    {
        const auto file = path(QStringLiteral("runs.") + format);
        const auto done =
            json({QStringLiteral("export"), QStringLiteral("--format"), format, QStringLiteral("--output"), file});
        QFile written{file};
        if (done.exitCode != exitCode || !written.open(QIODevice::ReadOnly)) {
            QTest::qFail(done.errors.constData(), __FILE__, __LINE__);
        }
        return written.readAll().trimmed().split('\n');
    }
};

QJsonObject withFirstStep(QJsonObject run, const QString& word)
{
    auto steps = run[u"steps"].toArray();
    auto step = steps[0].toObject();
    step[u"id"] = word;
    steps[0] = step;
    run[u"steps"] = steps;
    return run;
}

Change setting(const QString& member, const QJsonValue& value)
{
    return [member, value](QJsonObject run) {
        run[member] = value;
        return run;
    };
}

QJsonObject notUnderstoodIn(const CtlRun& verified)
{
    return verified.document().value(QStringLiteral("notUnderstood")).toObject();
}

QJsonArray oneOf(const QString& schema)
{
    return {QJsonObject{{QStringLiteral("schema"), schema}, {QStringLiteral("entries"), 1}}};
}

/// All but how far the run's record is, which is told as it is now.
QJsonObject asCommitted(QJsonObject run)
{
    run.remove(QStringLiteral("record"));
    return run;
}

} // namespace

/// A journal into which a newer program wrote is intact, told, shown and exported; one that was altered is not.
class TestNewerDocuments : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isIntactAndSaysWhatItDoesNotKnow_data() { changes(); }
    void isIntactAndSaysWhatItDoesNotKnow()
    {
        QFETCH(QString, what);
        QFETCH(QString, schema);
        const auto station = changed();
        const auto verified = station->verify();
        QCOMPARE(verified.exitCode, 0);
        QVERIFY(verified.document().value(QStringLiteral("intact")).toBool());
        QCOMPARE(verified.document().value(QStringLiteral("entries")).toInt(), kEntries);
        QVERIFY2(!verified.errors.contains("S-303"), verified.errors.constData());
        const auto notUnderstood = notUnderstoodIn(verified);
        QCOMPARE(notUnderstood.value(QStringLiteral("entries")).toInt(), what.isEmpty() ? 0 : 1);
        QCOMPARE(notUnderstood.value(QStringLiteral("schemas")).toArray(),
                 what.isEmpty() ? QJsonArray{} : oneOf(schema));
        QCOMPARE(notUnderstood.value(QStringLiteral("first")).toObject().value(QStringLiteral("what")).toString(),
                 what);

        const auto text = station->run({QStringLiteral("journal"), QStringLiteral("verify")});
        QCOMPARE(text.exitCode, 0);
        QCOMPARE(text.output.contains("newer program"), !what.isEmpty());
        QCOMPARE(text.output.contains(schema.toUtf8()), !what.isEmpty());
    }

    void isShownWhole_data() { changes(); }
    void isShownWhole()
    {
        QFETCH(QString, what);
        const auto station = changed();
        const auto shown = station->json({QStringLiteral("runs"), QStringLiteral("show"), kRunId});
        QCOMPARE(shown.exitCode, 0);
        QCOMPARE(asCommitted(shown.document()), asCommitted(station->documentAt(kRun)));
        const auto text = station->run({QStringLiteral("runs"), QStringLiteral("show"), kRunId});
        QCOMPARE(text.exitCode, 0);
        QCOMPARE(text.output.contains("written by a newer program"), !what.isEmpty());
        QVERIFY2(text.output.contains(what.toUtf8()), text.output.constData());
    }

    void isListedByItsWords_data() { changes(); }
    void isListedByItsWords()
    {
        QFETCH(QByteArray, rows);
        const auto station = changed();
        const auto listed = station->json({QStringLiteral("runs"), QStringLiteral("list")});
        QCOMPARE(listed.exitCode, 0);
        const auto runs = listed.document().value(QStringLiteral("runs")).toArray();
        QCOMPARE(runs.size(), kRuns);
        const auto oldest = runs.last().toObject();
        QCOMPARE(oldest.value(QStringLiteral("runId")).toString(), kRunId);
        const auto document = station->documentAt(kRun);
        QCOMPARE(oldest.value(QStringLiteral("outcome")), document.value(QStringLiteral("outcome")));
        QCOMPARE(oldest.value(QStringLiteral("code")), document.value(QStringLiteral("code")));
        const auto text = station->run({QStringLiteral("runs"), QStringLiteral("list")});
        QCOMPARE(text.exitCode, 0);
        QCOMPARE(text.output.count("written by a newer program"), rows.isEmpty() ? 0 : 1);
    }

    void isExportedWhole_data() { changes(); }
    void isExportedWhole()
    {
        const auto station = changed();
        const auto lines = station->exported(QStringLiteral("jsonl"));
        QCOMPARE(lines.size(), kRuns);
        QCOMPARE(asCommitted(require(db::documents::parseJsonObject(lines.first()))),
                 asCommitted(station->documentAt(kRun)));
        const auto isReadable = require(db::documents::parseJsonObject(lines.first()))[u"steps"].isArray();
        QCOMPARE(station->exported(QStringLiteral("csv"), isReadable ? 0 : 13).size(), kRuns + 1);
    }

    void aRecordThatIsNotUnderstoodIsNoPartOfAnExport_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QByteArray>("why");
        QTest::newRow("newer") << setting(QStringLiteral("schema"),
                                          QStringLiteral("enrollment-station/enrollment-record/99"))
                               << QByteArray{"schema is version 99"};
        QTest::newRow("not sound") << setting(QStringLiteral("endorsementKeySha256"), QStringLiteral("00"))
                                   << QByteArray{"endorsementKeySha256 is not the digest of endorsementKey"};
    }
    void aRecordThatIsNotUnderstoodIsNoPartOfAnExport()
    {
        QFETCH(Change, change);
        QFETCH(QByteArray, why);
        const StationOfTwoPrograms station;
        const QStringList exporting{QStringLiteral("export"), QStringLiteral("--format"), QStringLiteral("dps-bulk"),
                                    QStringLiteral("--output"), station.path(QStringLiteral("bulk.json"))};
        const auto all = station.json(exporting);
        QCOMPARE(all.exitCode, 0);
        const auto record = station.documentAt(kRecord);
        station.commit(kRecord, change(record));

        const auto others = station.json(exporting);

        QCOMPARE(others.exitCode, 13);
        QCOMPARE(others.document().value(QStringLiteral("items")).toInt(),
                 all.document().value(QStringLiteral("items")).toInt() - 1);
        const auto id = record.value(QStringLiteral("registrationId")).toString().toUtf8();
        QVERIFY2(others.errors.contains("not exported: 1 enrollment record, " + id + " (" + why + ")"),
                 others.errors.constData());
        QFile written{exporting.last()};
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(!written.readAll().contains(QByteArray{'"' + id + '"'}));
    }

    void countsEveryNewerEntryAndItsVersion()
    {
        const StationOfTwoPrograms station;
        station.commit(kRun, setting(QStringLiteral("line"), QStringLiteral("A"))(station.documentAt(kRun)));
        station.commit(kRecord,
                       setting(QStringLiteral("schema"),
                               QStringLiteral("enrollment-station/enrollment-record/99"))(station.documentAt(kRecord)));
        station.append("sign-in", R"({"schema":"enrollment-station/sign-in/1"})");
        station.append("sign-in", R"({"schema":"enrollment-station/sign-in/1"})");
        const auto verified = station.verify();
        QCOMPARE(verified.exitCode, 0);
        QCOMPARE(verified.document().value(QStringLiteral("entries")).toInt(), kEntries + 2);
        const auto notUnderstood = notUnderstoodIn(verified);
        QCOMPARE(notUnderstood.value(QStringLiteral("entries")).toInt(), 4);
        const auto schema = [](const char* name, int entries) {
            return QJsonObject{{QStringLiteral("schema"), QString::fromLatin1(name)},
                               {QStringLiteral("entries"), entries}};
        };
        const QJsonArray expected{schema("enrollment-station/attestation-run/1", 1),
                                  schema("enrollment-station/enrollment-record/99", 1),
                                  schema("enrollment-station/sign-in/1", 2)};
        QCOMPARE(notUnderstood.value(QStringLiteral("schemas")).toArray(), expected);
    }

    void anAlteredDocumentIsNoNewerOne_data() { changes(); }
    void anAlteredDocumentIsNoNewerOne()
    {
        QFETCH(Change, change);
        const StationOfTwoPrograms station;
        const auto body = db::documents::canonicalJson(change(station.documentAt(kRun)));
        QCOMPARE(
            tamperWith(station.directory(), "UPDATE chain_entry SET body = ? WHERE seq = ?", {body, qlonglong{kRun}}),
            1);
        requireAltered(station, kRun);
    }

    void nothingIsExportedOfAJournalWithAForgedEntry_data()
    {
        QTest::addColumn<QString>("format");
        for (const auto* format : {"csv", "jsonl", "dps-bulk"}) {
            QTest::newRow(format) << QString::fromLatin1(format);
        }
    }
    void nothingIsExportedOfAJournalWithAForgedEntry()
    {
        QFETCH(QString, format);
        const StationOfTwoPrograms station;
        const auto forged =
            setting(QStringLiteral("headline"), QStringLiteral("PASS: genuine"))(station.documentAt(kRun));
        forgeEntry(station.directory(), kRun, db::documents::canonicalJson(forged));
        const auto file = station.path(QStringLiteral("forged"));
        const auto exported = station.json(
            {QStringLiteral("export"), QStringLiteral("--format"), format, QStringLiteral("--output"), file});
        QCOMPARE(exported.exitCode, 14);
        QCOMPARE(exported.text("code"), QStringLiteral("S-303"));
        QVERIFY(!QFile::exists(file));
    }

    void aRowThatItsEntryDoesNotBearIsNotListed()
    {
        const StationOfTwoPrograms station;
        QCOMPARE(tamperWith(station.directory(), "UPDATE run SET outcome = 'pass', code = NULL WHERE seq = 2"), 1);
        const auto listed = station.json({QStringLiteral("runs"), QStringLiteral("list")});
        QCOMPARE(listed.exitCode, 14);
        QCOMPARE(listed.text("code"), QStringLiteral("S-303"));
        QVERIFY2(listed.errors.contains("journal.sqlite: entry 2, run"), listed.errors.constData());
    }

    void aSearchColumnThatDisagreesIsAnAlteration()
    {
        const StationOfTwoPrograms station;
        station.commit(kRun, setting(QStringLiteral("code"), QStringLiteral("D-777"))(station.documentAt(kRun)));
        requireAltered(station, kRun);
    }

private:
    /// What a newer program may have put in the place of a run, and what the search row then repeats.
    static void changes()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QString>("what"); // "" where everything is understood
        QTest::addColumn<QString>("schema");
        const auto row = [](const char* name, const Change& change, const char* what, const char* rows = "",
                            const QString& schema = kRunVersion1) {
            QTest::newRow(name) << change << QByteArray{rows} << QString::fromLatin1(what) << schema;
        };
        row(
            "absent nullable member",
            [](QJsonObject run) {
                run.remove(QStringLiteral("record"));
                return run;
            },
            "");
        row(
            "unknown step word", [](const QJsonObject& run) { return withFirstStep(run, QStringLiteral("dance")); },
            "steps[0].id is 'dance'");
        row("unknown code", setting(QStringLiteral("code"), QStringLiteral("D-777")), "code is 'D-777'",
            "UPDATE run SET code = 'D-777' WHERE seq = 2");
        row("unknown outcome", setting(QStringLiteral("outcome"), QStringLiteral("quarantined")),
            "outcome is 'quarantined'", "UPDATE run SET outcome = 'quarantined' WHERE seq = 2");
        row("extra member", setting(QStringLiteral("line"), QStringLiteral("A")),
            "line is a member that this program does not know");
        row("newer schema", setting(QStringLiteral("schema"), QStringLiteral("enrollment-station/attestation-run/99")),
            "schema is version 99", "", QStringLiteral("enrollment-station/attestation-run/99"));
        row(
            "newer schema, steps of another form",
            [](QJsonObject run) {
                run[u"schema"] = QStringLiteral("enrollment-station/attestation-run/3");
                run[u"steps"] = QStringLiteral("elsewhere");
                return run;
            },
            "steps is not a list", "", QStringLiteral("enrollment-station/attestation-run/3"));
    }

    static std::unique_ptr<StationOfTwoPrograms> changed()
    {
        QFETCH(Change, change);
        QFETCH(QByteArray, rows);
        auto station = std::make_unique<StationOfTwoPrograms>();
        station->commit(kRun, change(station->documentAt(kRun)));
        if (!rows.isEmpty() && tamperWith(station->directory(), rows.constData()) != 1) {
            qFatal("%s", rows.constData());
        }
        return station;
    }

    static void requireAltered(const StationOfTwoPrograms& station, std::int64_t seq)
    {
        const auto verified = station.verify();
        QCOMPARE(verified.exitCode, 14);
        QVERIFY2(verified.errors.contains("S-303"), verified.errors.constData());
        QVERIFY(!verified.document().value(QStringLiteral("intact")).toBool(true));
        const auto bad = verified.document().value(QStringLiteral("firstBad")).toObject();
        QCOMPARE(bad.value(QStringLiteral("seq")).toInt(), static_cast<int>(seq));
        QCOMPARE(bad.value(QStringLiteral("code")).toString(), QStringLiteral("S-303"));
    }
};

QTEST_GUILESS_MAIN(TestNewerDocuments)
#include "tst_newer_documents.moc"
