#include "core/base/station_code.h"
#include "db/journal/open_journal.h"
#include "tests/support/journal_fixture.h"

#include <QRegularExpression>
#include <QTest>

#include <fstream>

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
