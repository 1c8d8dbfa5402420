#include "core/base/station_code.h"
#include "db/journal/chain_store.h"
#include "db/journal/migrate_schema.h"
#include "db/journal/open_journal.h"
#include "db/journal/schema.h"
#include "db/sqlite/file_copy.h"
#include "tests/support/journal_fixture.h"
#include "tests/support/odd_files.h"

#include <QFile>
#include <QTest>

#include <csignal>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;
using db::sqlite::SchemaStep;

namespace {

namespace fs = std::filesystem;

using Make = void (*)(const fs::path&);

Result<void> addLine(db::sqlite::Connection& database)
{
    TRY(database.execute("ALTER TABLE run ADD COLUMN line TEXT"));
    TRY(database.execute("UPDATE run SET line = 'LINE-4'"));
    return database.execute("CREATE INDEX run_by_line ON run(line)");
}

Result<void> dropOneTrigger(db::sqlite::Connection& database)
{
    return database.execute("DROP TRIGGER closed_entry_stays");
}

Result<void> breakOff(db::sqlite::Connection& database)
{
    TRY(addLine(database));
    return makeError(StationCode::JournalCannotSave, "the disk is full");
}

Result<void> die(db::sqlite::Connection& database)
{
    TRY(addLine(database));
    ::raise(SIGKILL);
    return {};
}

/// What only a journal with a chain shows, not the empty database that says how a schema must look.
Result<void> writeToTheChain(db::sqlite::Connection& database)
{
    auto loaded = ChainStore::load(database);
    if (!loaded) {
        return {};
    }
    auto chain = std::move(loaded).value();
    TRY(chain.append("note", utcNow(), "{}"));
    return {};
}

// Steps of programs to come, behind those of this one.
const int kNow = schemaSteps().back().version;
const int kNext = kNow + 1;
const int kLast = kNow + 2;

std::vector<SchemaStep> stepsAnd(std::initializer_list<decltype(SchemaStep::run)> later)
{
    std::vector<SchemaStep> steps{schemaSteps().begin(), schemaSteps().end()};
    for (const auto run : later) {
        steps.push_back({steps.back().version + 1, run});
    }
    return steps;
}
const auto kToNext = stepsAnd({addLine});
const auto kToLast = stepsAnd({addLine, dropOneTrigger});
const auto kBrokenOff = stepsAnd({breakOff});
const auto kBrokenOffLater = stepsAnd({addLine, breakOff});
const auto kDeadly = stepsAnd({die});
const auto kWithAWriter = stepsAnd({writeToTheChain, dropOneTrigger});

std::string copiesOf(int version)
{
    return ".schema-" + std::to_string(version) + ".";
}

/// A journal of this program that holds something.
class OldJournal : public JournalFixture {
public:
    OldJournal()
    {
        pass(1);
        pass(2);
    }

    [[nodiscard]] std::unique_ptr<db::sqlite::Connection>
    database(db::sqlite::Access access = db::sqlite::Access::ReadWrite) const
    {
        return require(connectTo(journalFile(directory()), access, options().busyTimeout));
    }
    [[nodiscard]] Result<void> migrate(SchemaSteps steps) const
    {
        return migrateSchema(*database(), journalFile(directory()), utcNow(), steps);
    }
    [[nodiscard]] int version() const { return require(schemaVersion(*database())); }
    [[nodiscard]] std::string difference(int version, SchemaSteps steps) const
    {
        return require(schemaDifference(*database(), version, steps)).value_or("");
    }
    [[nodiscard]] fs::path copyOfVersion1() const
    {
        const auto head = require(storedHead(*database()));
        return db::sqlite::copyName(journalFile(directory()), 1, toHex(head.hash));
    }
    /// The files beside the journal whose name begins with its name and \p suffix.
    [[nodiscard]] std::vector<fs::path> beside(const std::string& suffix) const
    {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator{directory()}) {
            if (entry.path().filename().string().starts_with("journal.sqlite" + suffix)) {
                found.push_back(entry.path());
            }
        }
        return found;
    }
};

/// A copy as the journal of a directory of its own, verified.
VerifyReport verifyAlone(const fs::path& copy)
{
    const QTemporaryDir directory;
    const fs::path alone{directory.path().toStdString()};
    fs::copy_file(copy, journalFile(alone));
    return require(verifyJournal(alone));
}

QByteArray contentOf(const fs::path& path)
{
    QFile file{QString::fromStdString(path.string())};
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
}

} // namespace

class TestMigrateSchema : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesOneStepAfterTheOther()
    {
        const OldJournal journal;
        require(journal.migrate(kToLast));
        QCOMPARE(journal.version(), kLast);
        QCOMPARE(journal.difference(kLast, kToLast), std::string{});
        QCOMPARE(journal.ask("SELECT count(*) FROM run WHERE line = 'LINE-4'").toInt(), 2);
        QCOMPARE(journal.ask("SELECT entries FROM chain_head").toInt(), 7);
    }

    void copiesTheWholeJournalBeforeTheFirstStep()
    {
        const OldJournal journal;
        const auto reader =
            journal.database(db::sqlite::Access::ReadOnly); // keeps the last entries in the write-ahead log
        auto held = require(reader->query("SELECT seq FROM run"));
        QVERIFY(require(held.next()));
        journal.pass(3);
        require(journal.migrate(kToLast));

        const auto copies = journal.beside(".schema-");
        QCOMPARE(copies.size(), 1U);
        QVERIFY(copies.front().filename().string().starts_with("journal.sqlite" + copiesOf(kNow)));
        QVERIFY(fs::status(copies.front()).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
        const auto report = verifyAlone(copies.front());
        QVERIFY2(!report.firstBad, report.firstBad ? report.firstBad->reason.c_str() : "");
        QCOMPARE(report.entries, std::int64_t{10});
    }

    void leavesTheOldVersionWhereAStepFails()
    {
        const OldJournal journal;
        const auto failed = journal.migrate(kBrokenOff);
        QCOMPARE(failed.error().code, StationCode::JournalCannotSave);
        QCOMPARE(journal.version(), kNow);
        QCOMPARE(journal.difference(kNow, kToNext), std::string{});
        QVERIFY(!journal.verify().firstBad);

        require(journal.migrate(kToNext)); // and goes on where it can
        QCOMPARE(journal.version(), kNext);
        QCOMPARE(journal.beside(".schema-").size(), 1U);
    }

    void keepsTheStepsThatWereDone()
    {
        const OldJournal journal;
        QVERIFY(!journal.migrate(kBrokenOffLater).ok());
        QCOMPARE(journal.version(), kNext);
        QCOMPARE(journal.difference(kNext, kToNext), std::string{});
        require(journal.migrate(kToLast));
        QCOMPARE(journal.version(), kLast);
        QCOMPARE(journal.beside(copiesOf(kNow)).size(), 1U);
        QCOMPARE(journal.beside(copiesOf(kNext)).size(), 1U);
    }

    void leavesTheOldVersionWhereTheProgramIsKilled()
    {
        const OldJournal journal;
        const auto child = ::fork();
        if (child == 0) {
            static_cast<void>(journal.migrate(kDeadly));
            ::_exit(0);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        QCOMPARE(journal.version(), kNow);
        QVERIFY(!journal.verify().firstBad);
        QCOMPARE(journal.verify().entries, std::int64_t{7});
        require(journal.migrate(kToNext));
        QCOMPARE(journal.version(), kNext);
    }

    void changesNothingWhereItCannotCopy()
    {
        const OldJournal journal;
        const auto head = require(storedHead(*journal.database()));
        const auto name = db::sqlite::copyName(journalFile(journal.directory()), kNow, toHex(head.hash)).string();
        fs::create_directories(name + ".part/in the way");
        const auto failed = journal.migrate(kToNext);
        QCOMPARE(failed.error().code, StationCode::JournalCannotSave);
        QVERIFY2(failed.error().what.find("nothing was changed") != std::string::npos, failed.error().what.c_str());
        QCOMPARE(journal.version(), kNow);
    }

    void startsACopyAnewThatWasInterrupted()
    {
        const OldJournal journal;
        const auto head = require(storedHead(*journal.database()));
        const auto name = db::sqlite::copyName(journalFile(journal.directory()), kNow, toHex(head.hash));
        QFile part{QString::fromStdString(name.string() + ".part")};
        QVERIFY(part.open(QIODevice::WriteOnly) && part.write("half") == 4);
        part.close();
        require(journal.migrate(kToNext));
        QVERIFY(!verifyAlone(name).firstBad);
        QVERIFY(!part.exists());
    }

    void takesNothingElseForItsCopy_data()
    {
        QTest::addColumn<Make>("make");
        for (const auto& kind : oddFiles()) {
            QTest::newRow(kind.name) << kind.make;
        }
        QTest::newRow("a link to nothing") << Make{[](const fs::path& name) { fs::create_symlink("nowhere", name); }};
        QTest::newRow("an empty file") << Make{[](const fs::path& name) { std::ofstream{name}; }};
        QTest::newRow("another journal's copy") << Make{[](const fs::path& name) {
            const OldJournal other;
            fs::copy_file(journalFile(other.directory()), name);
        }};
        QTest::newRow("a link to another journal") << Make{[](const fs::path& name) {
            const OldJournal other;
            fs::copy_file(journalFile(other.directory()), name.parent_path() / "other");
            fs::create_symlink("other", name);
        }};
        QTest::newRow("a copy cut short") << Make{[](const fs::path& name) {
            fs::copy_file(journalFile(name.parent_path()), name);
            fs::resize_file(name, fs::file_size(name) / 2);
        }};
    }
    void takesNothingElseForItsCopy()
    {
        QFETCH(Make, make);
        const OldJournal journal;
        const auto head = require(storedHead(*journal.database()));
        const auto name = db::sqlite::copyName(journalFile(journal.directory()), kNow, toHex(head.hash));
        make(name);
        const auto inTheWay = fs::symlink_status(name).type();
        const auto content = inTheWay == fs::file_type::regular ? contentOf(name) : QByteArray{};
        const fs::path second{name.string() + ".2"};
        fs::create_symlink("nowhere", second); // this name is taken, too

        QVERIFY(!journal.migrate(kBrokenOff).ok());
        require(journal.migrate(kToNext)); // finds the copy that the first try made

        QCOMPARE(journal.version(), kNext);
        QCOMPARE(fs::symlink_status(name).type(), inTheWay);
        QVERIFY(inTheWay != fs::file_type::regular || contentOf(name) == content);
        QVERIFY(fs::is_symlink(second) && !fs::exists(second));
        const auto report = verifyAlone(name.string() + ".3");
        QVERIFY(!report.firstBad);
        QCOMPARE(report.entries, std::int64_t{7});
        QCOMPARE(journal.beside(".schema-").size(), 3U);
    }

    void refusesAnAlteredSchema()
    {
        const OldJournal journal;
        require(journal.database()->execute("DROP TRIGGER chain_entry_stays"));
        const auto refused = journal.migrate(kToNext);
        QCOMPARE(refused.error().code, StationCode::JournalAltered);
        QVERIFY2(refused.error().what.find("chain_entry_stays is missing") != std::string::npos,
                 refused.error().what.c_str());
        QCOMPARE(journal.version(), kNow);
        QVERIFY(journal.beside(".schema-").empty());
    }

    void refusesAnAlteredSchemaOfItsOwnVersion()
    {
        const JournalFixture journal;
        static_cast<void>(journal.open());
        static_cast<void>(journal.ask("DROP TRIGGER chain_entry_stays"));
        const auto refused = openForWriting(journal.options());
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, StationCode::JournalAltered);
        QVERIFY2(refused.error().what.starts_with(journalFile(journal.directory()).string()),
                 refused.error().what.c_str());
        QVERIFY2(refused.error().what.ends_with("chain_entry_stays is missing"), refused.error().what.c_str());
    }

    void stopsWhereAnotherProgramWritesMeanwhile()
    {
        const OldJournal journal;
        const auto stopped = journal.migrate(kWithAWriter);
        QCOMPARE(stopped.error().code, StationCode::JournalBusy);
        QCOMPARE(journal.version(), kNext);
    }

    void refusesAJournalOfANewerProgramAndLeavesItAlone()
    {
        const OldJournal journal;
        require(journal.migrate(kToNext));
        const auto before = contentOf(journalFile(journal.directory()));

        const auto written = openForWriting(journal.options());
        QCOMPARE(written.error().code, StationCode::JournalNewer);
        QVERIFY2(written.error().what.find("newer program") != std::string::npos, written.error().what.c_str());
        QCOMPARE(openForReading(journal.directory()).error().code, StationCode::JournalNewer);
        QCOMPARE(contentOf(journalFile(journal.directory())), before);
    }

    void readsAnOlderSchemaAsItIs()
    {
        const OldJournal journal;
        require(requireReadableSchema(*journal.database(db::sqlite::Access::ReadOnly), kToLast));
        QCOMPARE(journal.version(), kNow);
        QVERIFY(!require(verifyJournal(journal.directory())).firstBad);
    }

    void bringsAJournalOfTheFirstSchemaToToday()
    {
        const QTemporaryDir directory;
        const fs::path data{directory.path().toStdString()};
        fs::copy_file(ENROLL_TEST_DATA "/journal/v1/journal.sqlite", journalFile(data));
        fs::permissions(journalFile(data), fs::perms::owner_read | fs::perms::owner_write);
        const auto before = require(verifyJournal(data)); // version 1 is read as it is
        QVERIFY(!before.firstBad);

        const auto database = require(openForWriting({.dataDirectory = data, .destinations = {}}));
        QCOMPARE(require(schemaVersion(*database)), kNow);
        const auto after = require(verifyJournal(data));
        QVERIFY(!after.firstBad);
        QCOMPARE(after.entries, before.entries);
        const auto name = require(fromHex("000bab03502b4081e0d0557de2706264bfdd6ff220b9d1fb8b33036fc24a903a627e"));
        const auto found = require(
            require(SqliteJournal::open({.dataDirectory = data, .destinations = {}}))->findByStorageRootKey(name));
        QVERIFY(found.has_value()); // no search table was made for it: the runs of before say it
        QVERIFY(found->serialNumber == enrollment::SerialNumber{"GX-000001"});
    }

    void givesAnEmptyFileEveryStepAtOnce()
    {
        const JournalFixture fixture;
        require(makeDataDirectory(fixture.directory()));
        const auto file = journalFile(fixture.directory());
        const auto database = [&] {
            return require(connectTo(file, db::sqlite::Access::ReadWrite, fixture.options().busyTimeout));
        };
        QVERIFY(QFile{QString::fromStdString(file.string())}.open(QIODevice::WriteOnly));
        QVERIFY(!migrateSchema(*database(), file, utcNow(), kBrokenOff).ok());
        QCOMPARE(require(schemaVersion(*database())), 0);
        require(migrateSchema(*database(), file, utcNow(), kToLast));
        QCOMPARE(require(schemaVersion(*database())), kLast);
        QCOMPARE(require(storedHead(*database())).entries, std::int64_t{1});
    }

    void numbersItsStepsWithoutAGap()
    {
        int version = 0;
        for (const auto& step : schemaSteps()) {
            QCOMPARE(step.version, ++version);
        }
    }
};

QTEST_GUILESS_MAIN(TestMigrateSchema)
#include "tst_migrate_schema.moc"
