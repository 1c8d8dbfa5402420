#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "db/journal/open_journal.h"
#include "tests/support/journal_fixture.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <fstream>
#include <set>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;

namespace {

namespace fs = std::filesystem;

/// What SQLite meets where the log's shared memory cannot be made, whoever runs the test.
void refuseSharedMemory(const JournalFixture& fixture)
{
    fs::create_symlink("nowhere", fixture.directory() / "journal.sqlite-shm");
}

using Lose = void (*)(const fs::path&);

std::set<std::string> namesIn(const fs::path& directory)
{
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator{directory}) {
        names.insert(entry.path().filename().string());
    }
    return names;
}

QByteArray contentOf(const fs::path& path)
{
    QFile file{QString::fromStdString(path.string())};
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
}

} // namespace

class TestOpenJournal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleansUpQuietlyAfterAFileThatIsNoJournal_data()
    {
        QTest::addColumn<db::sqlite::Access>("access");
        QTest::newRow("to read") << db::sqlite::Access::ReadOnly;
        QTest::newRow("to write") << db::sqlite::Access::ReadWrite;
    }

    void cleansUpQuietlyAfterAFileThatIsNoJournal()
    {
        QFETCH(db::sqlite::Access, access);
        QTest::failOnWarning(QRegularExpression{QStringLiteral("still in use")});
        const JournalFixture fixture;
        fs::create_directories(fixture.directory());
        std::ofstream{journalFile(fixture.directory())} << std::string(4096, 'x');
        const auto opened = access == db::sqlite::Access::ReadOnly ? openForReading(fixture.directory())
                                                                   : openForWriting(fixture.options());
        QCOMPARE(opened.error().code, StationCode::JournalAltered);
        QVERIFY(!connectTo(fixture.directory() / "no" / "file", access, {}).ok());
    }

    void tellsAJournalThatCannotBeReadFromNone()
    {
        const JournalFixture fixture;
        fs::create_directories(fixture.directory());
        const auto none = openForReading(fixture.directory());
        QVERIFY(none.error().what.starts_with("there is no journal"));

        fs::create_symlink("journal.sqlite", journalFile(fixture.directory())); // a link to itself
        const auto unreadable = openForReading(fixture.directory());
        QCOMPARE(unreadable.error().code, StationCode::FileUnusable);
        QVERIFY2(unreadable.error().what.find("cannot be read") != std::string::npos, unreadable.error().what.c_str());
    }

    void readsWhereNothingCanBeWritten()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        refuseSharedMemory(fixture);
        const auto opened = openForReading(fixture.directory());
        QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().what.c_str());
        auto runs = require((*opened)->query("SELECT count(*) FROM run"));
        QVERIFY(require(runs.next()));
        QCOMPARE(runs.integer(0), std::int64_t{1});
    }

    void neverReadsPastALogItCannotRead()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        refuseSharedMemory(fixture);
        std::ofstream{fixture.directory() / "journal.sqlite-wal"} << "entries";
        const auto opened = openForReading(fixture.directory());
        QCOMPARE(opened.error().code, StationCode::FileUnusable);
        QVERIFY2(opened.error().what.find("copy") != std::string::npos, opened.error().what.c_str());
    }

    void opensNoJournalWhoseLogWasDamaged()
    {
        const JournalFixture live;
        const auto writer = require(openForWriting(live.options()));
        live.pass(1);
        live.pass(2);
        live.pass(3);
        const JournalFixture crashed;
        fs::create_directories(crashed.directory());
        for (const auto* name : {"journal.sqlite", "journal.sqlite-wal"}) { // as a power cut leaves them
            fs::copy_file(live.directory() / name, crashed.directory() / name);
        }
        QVERIFY(openForReading(crashed.directory()).ok());
        QCOMPARE(crashed.verify().entries, live.verify().entries);

        const auto log = crashed.directory() / "journal.sqlite-wal";
        std::fstream bytes{log, std::ios::in | std::ios::out | std::ios::binary};
        bytes.seekg(1000);
        const int byte = bytes.get();
        bytes.seekp(1000);
        bytes.put(static_cast<char>(byte ^ 1));
        bytes.close();
        const auto size = fs::file_size(log);
        QCOMPARE(openForWriting(crashed.options()).error().code, StationCode::JournalAltered);
        QCOMPARE(openForReading(crashed.directory()).error().code, StationCode::JournalAltered);
        const auto report = crashed.verify();
        QVERIFY(report.firstBad);
        QVERIFY2(report.firstBad->reason.starts_with(log.string()), report.firstBad->reason.c_str());
        QCOMPARE(fs::file_size(log), size);
    }

    /// SQLite would delete the log with all that was committed in it.
    void beginsNoJournalBesideALogThatOutlivedItsOwn()
    {
        const JournalFixture fixture;
        const auto file = journalFile(fixture.directory());
        const auto log = fs::path{file.string() + "-wal"};
        fs::create_directories(fixture.directory());
        std::ofstream{log} << "committed";
        const auto written = openForWriting(fixture.options());
        QVERIFY(!written.ok() && written.error().code == StationCode::JournalAltered);
        QVERIFY2(written.error().what.find(log.string() + ", where") != std::string::npos,
                 written.error().what.c_str());
        QVERIFY(fs::file_size(log) > 0 && !fs::exists(file));
        QVERIFY(!requireJournal(fixture.directory()).ok());

        fs::resize_file(log, 0); // what a program leaves that ended before its first commit
        QVERIFY(openForWriting(fixture.options()).ok());
    }

    void beginsNoJournalWhereOneWasLost_data()
    {
        QTest::addColumn<Lose>("lose");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("removed") << Lose{[](const fs::path& file) { fs::remove(file); }} << QByteArray{"is missing"};
        QTest::newRow("emptied") << Lose{[](const fs::path& file) { fs::resize_file(file, 0); }}
                                 << QByteArray{"is empty"};
        QTest::newRow("a link to nothing") << Lose{[](const fs::path& file) {
            fs::remove(file);
            fs::create_symlink("nowhere", file);
        }} << QByteArray{"is missing"};
        QTest::newRow("without its log") << Lose{[](const fs::path& file) {
            fs::remove(file);
            std::ofstream{file}.close();
            require(require(connectTo(file, db::sqlite::Access::ReadWrite, {}))->execute("PRAGMA user_version = 0"));
        }} << QByteArray{"holds nothing any more"};
    }
    void beginsNoJournalWhereOneWasLost()
    {
        QFETCH(Lose, lose);
        QFETCH(QByteArray, said);
        const JournalFixture fixture;
        fixture.pass(1);
        const auto file = journalFile(fixture.directory());
        const auto id = fixture.ask("SELECT value FROM meta WHERE key = 'journal_id'").toByteArray();
        lose(file);
        const auto before = namesIn(fixture.directory());

        const auto read = openForReading(fixture.directory());
        const auto written = openForWriting(fixture.options());

        for (const auto* opened : {&read, &written}) {
            QVERIFY(!opened->ok());
            const auto& error = opened->error();
            QVERIFY2(error.code == StationCode::JournalAltered, error.what.c_str());
            QVERIFY2(error.what.starts_with(file.string() + ": the journal that was begun here " + said.toStdString()),
                     error.what.c_str());
            QVERIFY2(error.what.find("move " + file.string() + ".born away") != std::string::npos, error.what.c_str());
        }
        QCOMPARE(namesIn(fixture.directory()), before);
        QVERIFY(requireJournal(fixture.directory()).ok() == (said == "holds nothing any more"));

        fs::rename(file.string() + ".born", fixture.directory() / "kept");
        QVERIFY(contentOf(fixture.directory() / "kept").contains(id));
        QVERIFY(!openForReading(fixture.directory()).ok());
        QVERIFY(openForWriting(fixture.options()).ok());
        QVERIFY(!contentOf(file.string() + ".born").contains(id)); // a new one
    }

    /// One of an older program, or of one that was killed before it could write the mark.
    void marksAJournalWhenItIsWritten()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto mark = journalFile(fixture.directory()).string() + ".born";
        const auto first = contentOf(mark);
        QVERIFY(first.contains(fixture.ask("SELECT value FROM meta WHERE key = 'journal_id'").toByteArray()));
        fs::remove(mark);
        QVERIFY(openForReading(fixture.directory()).ok());
        QVERIFY(!fixture.verify().firstBad);
        QVERIFY(!fs::exists(mark));
        QVERIFY(openForWriting(fixture.options()).ok());
        QCOMPARE(contentOf(mark), first);
    }

    void beginsAJournalWhereAFirstStartWasInterrupted()
    {
        const JournalFixture fixture;
        fs::create_directories(fixture.directory());
        std::ofstream{journalFile(fixture.directory())}.close();
        QVERIFY(openForWriting(fixture.options()).ok());
        QCOMPARE(fixture.verify().entries, std::int64_t{1});
    }

    void refusesASchemaThatIsNotTheOneStated_data()
    {
        QTest::addColumn<QByteArrayList>("statements");
        QTest::addColumn<QByteArray>("named");
        QTest::addColumn<int>("code");
        const auto row = [](const char* what, const QByteArrayList& statements, const char* named, StationCode code) {
            QTest::newRow(what) << statements << QByteArray{named} << static_cast<int>(code);
        };
        constexpr auto kAltered = StationCode::JournalAltered;
        row("an older version", {"UPDATE meta SET value = '1' WHERE key = 'schema_version'"},
            "states schema 1, but has the tables of schema 2", kAltered);
        row("a newer version", {"UPDATE meta SET value = '9' WHERE key = 'schema_version'"},
            "states schema 9, but has the tables of schema 2", kAltered);
        row("no number", {"UPDATE meta SET value = 'x' WHERE key = 'schema_version'"}, "'x' is not a schema version",
            kAltered);
        row("a number in other words", {"UPDATE meta SET value = '02' WHERE key = 'schema_version'"},
            "'02' is not a schema version", kAltered);
        row("no version", {"DELETE FROM meta WHERE key = 'schema_version'"}, "does not record its schema_version",
            kAltered);
        row("an index dropped", {"DROP INDEX run_by_start"}, "the index run_by_start is missing", kAltered);
        row("a newer program's",
            {"CREATE TABLE later(text TEXT)", "UPDATE meta SET value = '3' WHERE key = 'schema_version'"},
            "newer program", StationCode::JournalNewer);
    }
    /// Whoever opens it gets one answer.
    void refusesASchemaThatIsNotTheOneStated()
    {
        QFETCH(QByteArrayList, statements);
        QFETCH(QByteArray, named);
        QFETCH(int, code);
        const JournalFixture fixture;
        fixture.pass(1);
        for (const auto& statement : statements) {
            fixture.tamper(statement.constData());
        }
        const auto read = openForReading(fixture.directory());
        const auto written = openForWriting(fixture.options());
        const auto file = journalFile(fixture.directory()).string();
        for (const auto* opened : {&read, &written}) {
            QVERIFY(!opened->ok());
            const auto& error = opened->error();
            QVERIFY2(error.code == static_cast<StationCode>(code), error.what.c_str());
            QVERIFY2(error.what.find(named.toStdString()) != std::string::npos, error.what.c_str());
            QVERIFY2(error.what.starts_with(file + ": "), error.what.c_str());
        }
    }

    void writesNothingIntoAJournalThatIsNotWhole_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("named");
        const auto row = [](const char* what, const char* sql, const char* named) {
            QTest::newRow(what) << QByteArray{sql} << QByteArray{named};
        };
        row("no runs", "DELETE FROM run", "entry 0, run: there are documents without a search row");
        row("no records", "DELETE FROM enrollment_record", "entry 0, enrollment-record: there are documents");
        row("no outbox", "DELETE FROM outbox_entry", "entry 0, outbox-entry: there are documents");
        row("no deliveries", "DELETE FROM delivery_event", "entry 0, delivery-event: there are documents");
        row("one record too many", "INSERT INTO enrollment_record SELECT 99, 'x', 'x', x'00', 'x', 'x', 0",
            "entry 0, enrollment-record: there are search rows without a document");
        row("no end", "DELETE FROM chain_head", "does not record which entry is its last");
        row("another end", "UPDATE chain_head SET entries = 4", "entry 6, journal");
        row("the last entry", "UPDATE chain_entry SET at = '' WHERE seq = 5", "entry 5, delivery-event");
        row("the entry before it", "UPDATE chain_entry SET at = '' WHERE seq = 4", "entry 4, outbox-entry");
    }
    void writesNothingIntoAJournalThatIsNotWhole()
    {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, named);
        const JournalFixture fixture;
        fixture.pass(1);
        require(fixture.outbox(kCloud)->markSent(std::array<std::int64_t, 1>{4}));
        require(openForWriting(fixture.options()));
        QCOMPARE(fixture.tamper(sql.constData()), 1);

        const auto opened = openForWriting(fixture.options());

        QVERIFY(!opened.ok());
        QVERIFY(opened.error().code == StationCode::JournalAltered);
        QVERIFY2(opened.error().what.find(named.toStdString()) != std::string::npos, opened.error().what.c_str());
    }

    void aStopEndsTheOpening()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        std::stop_source source;
        auto options = fixture.options();
        options.stop = source.get_token();
        QVERIFY(openForWriting(options).ok());
        source.request_stop();
        QCOMPARE(openForWriting(options).error().code, DeviceCode::Cancelled);
    }

    void makesTheDataDirectoryForItsOwnerAlone()
    {
        const JournalFixture fixture;
        const auto directory = fixture.directory() / "new";
        require(makeDataDirectory(directory));
        QVERIFY(fs::status(directory).permissions() == fs::perms::owner_all);
        require(makeDataDirectory(directory));
    }
};

QTEST_GUILESS_MAIN(TestOpenJournal)
#include "tst_open_journal.moc"
