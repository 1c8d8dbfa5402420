#include "core/base/service_code.h"
#include "db/enrollment_list/list_faults.h"
#include "db/enrollment_list/schema.h"
#include "db/enrollment_list/sqlite_enrollment_list.h"
#include "tests/support/must.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <atomic>
#include <thread>

using namespace enroll;
using namespace enroll::db::enrollment_list;
using namespace enroll::provisioning;
using db::sqlite::SchemaStep;
using db::sqlite::SchemaSteps;
using enroll::test::must;

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{10};

Result<void> addNamespace(db::sqlite::Connection& database)
{
    TRY(database.execute("ALTER TABLE enrollment ADD COLUMN namespace TEXT"));
    return database.execute("UPDATE enrollment SET namespace = 'plant'");
}

Result<void> breakOff(db::sqlite::Connection& database)
{
    TRY(addNamespace(database));
    return makeError(kListFaults.cannotSave, "the disk is full");
}

const std::array kToTwo{schemaSteps().front(), SchemaStep{2, addNamespace}};
const std::array kBrokenOff{schemaSteps().front(), SchemaStep{2, breakOff}};

QByteArray contentOf(const fs::path& path)
{
    QFile file{QString::fromStdString(path.string())};
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
}

/// The list that version 0.1.0 wrote; the file is never made anew: see the README beside it.
class FrozenList {
public:
    FrozenList()
    {
        const auto target = QString::fromStdString(file().string());
        if (!QFile::copy(QStringLiteral(ENROLL_TEST_DATA "/enrollment_list/v1/enrollments.sqlite"), target) ||
            !QFile::setPermissions(target, QFile::ReadOwner | QFile::WriteOwner)) {
            qFatal("the list cannot be copied");
        }
    }

    [[nodiscard]] fs::path file() const { return fs::path{m_directory.path().toStdString()} / "enrollments.sqlite"; }
    [[nodiscard]] std::unique_ptr<db::sqlite::Connection> database() const
    {
        return must(db::sqlite::Connection::open(file(), db::sqlite::Access::ReadWrite, kPatience, kListFaults));
    }
    [[nodiscard]] Result<void> migrate(SchemaSteps steps) const
    {
        return requireSchema(*database(), file(), kPatience, steps);
    }
    [[nodiscard]] QVariant ask(const char* sql) const
    {
        const auto connection = database();
        auto row = must(connection->query(sql));
        return must(row.next()) ? row.value(0) : QVariant{};
    }
    [[nodiscard]] std::vector<fs::path> copies() const
    {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator{file().parent_path()}) {
            if (entry.path().filename().string().starts_with("enrollments.sqlite.schema-")) {
                found.push_back(entry.path());
            }
        }
        return found;
    }

private:
    QTemporaryDir m_directory;
};

} // namespace

class TestSchema : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void servesTheListOfTheFirstVersion()
    {
        const FrozenList frozen;
        const auto list = must(SqliteEnrollmentList::open(frozen.file()));
        QCOMPARE(must(list->page("", 10)).size(), 2U);
        const auto enrollment = must(list->enrollment(enrollment::RegistrationId{"gx-000001"}));
        QCOMPARE(enrollment->registrationId.text(), std::string{"GX-000001"});
        QCOMPARE(enrollment->etag, std::string{"\"01a21fe7-5811-7738-b8a9-440e0627a2f5\""});
        const auto state = must(list->registration(enrollment->registrationId));
        QVERIFY(state->status == RegistrationStatus::Assigned);
        QCOMPARE(state->assignedHub, std::string{"hub-1.example.net"});
        QVERIFY(must(list->remove(enrollment->registrationId, enrollment->etag)) == WriteOutcome::Done);
    }

    void beginsNoListWhereOneWasLost()
    {
        const FrozenList frozen;
        const auto mark = frozen.file().string() + ".born";
        QVERIFY(SqliteEnrollmentList::open(frozen.file()).ok()); // an older program's gets its mark
        QVERIFY(fs::exists(mark));
        for (const bool removed : {false, true}) {
            removed ? static_cast<void>(fs::remove(frozen.file())) : fs::resize_file(frozen.file(), 0);
            const auto opened = SqliteEnrollmentList::open(frozen.file());
            QVERIFY(!opened.ok());
            QCOMPARE(opened.error().code, kListFaults.damaged);
            QVERIFY2(opened.error().what.find("move " + mark + " away") != std::string::npos,
                     opened.error().what.c_str());
            QCOMPARE(fs::exists(frozen.file()), !removed);
        }
        fs::remove(mark);
        QVERIFY(SqliteEnrollmentList::open(frozen.file()).ok());
        QVERIFY(fs::exists(mark));
    }

    void migratesItAndCopiesItFirst()
    {
        const FrozenList frozen;
        must(frozen.migrate(kToTwo));
        QCOMPARE(frozen.ask("PRAGMA user_version").toInt(), 2);
        QCOMPARE(frozen.ask("SELECT count(*) FROM enrollment WHERE namespace = 'plant'").toInt(), 2);

        const auto copies = frozen.copies();
        QCOMPARE(copies.size(), 1U);
        QVERIFY(copies.front().filename().string().starts_with("enrollments.sqlite.schema-1."));
        QVERIFY(fs::status(copies.front()).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
        const auto copied = must(SqliteEnrollmentList::open(copies.front()));
        QCOMPARE(must(copied->page("", 10)).size(), 2U);
    }

    void migratesOnceWhereManyOpenItAtOnce()
    {
        const FrozenList frozen;
        std::atomic<int> done{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 6; ++i) {
                threads.emplace_back([&frozen, &done] { done += frozen.migrate(kToTwo).ok() ? 1 : 0; });
            }
        }
        QCOMPARE(done.load(), 6);
        QCOMPARE(frozen.ask("PRAGMA user_version").toInt(), 2);
        QCOMPARE(frozen.copies().size(), 1U);
    }

    void leavesTheOldVersionWhereAStepFails()
    {
        const FrozenList frozen;
        QCOMPARE(frozen.migrate(kBrokenOff).error().code, kListFaults.cannotSave);
        QCOMPARE(frozen.ask("PRAGMA user_version").toInt(), 1);
        QCOMPARE(must(must(SqliteEnrollmentList::open(frozen.file()))->page("", 10)).size(), 2U);
        must(frozen.migrate(kToTwo)); // and goes on where it can
        QCOMPARE(frozen.ask("PRAGMA user_version").toInt(), 2);
        QCOMPARE(frozen.copies().size(), 1U);
    }

    void makesAnotherCopyWhereTheListHasChanged()
    {
        const FrozenList frozen;
        QVERIFY(!frozen.migrate(kBrokenOff).ok());
        const auto list = must(SqliteEnrollmentList::open(frozen.file()));
        const auto enrollment = must(list->enrollment(enrollment::RegistrationId{"GX-000002"}));
        QVERIFY(must(list->remove(enrollment->registrationId, enrollment->etag)) == WriteOutcome::Done);
        must(frozen.migrate(kToTwo));
        QCOMPARE(frozen.copies().size(), 2U);
    }

    void refusesASchemaThatWasAltered()
    {
        const FrozenList frozen;
        must(frozen.database()->execute("DROP INDEX operation_by_registration"));
        const auto refused = frozen.migrate(kToTwo);
        QCOMPARE(refused.error().code, kListFaults.damaged);
        QVERIFY2(refused.error().what.find("operation_by_registration is missing") != std::string::npos,
                 refused.error().what.c_str());
        QVERIFY(frozen.copies().empty());
    }

    void refusesAListOfANewerProgramByNameAndLeavesItAlone()
    {
        const FrozenList frozen;
        must(frozen.migrate(kToTwo));
        const auto before = contentOf(frozen.file());
        const auto refused = SqliteEnrollmentList::open(frozen.file());
        QCOMPARE(refused.error().code, ServiceCode::ListTooNew);
        const auto said = frozen.file().string() + ": a newer program wrote the enrollment list: it has schema 2";
        QVERIFY2(refused.error().what.starts_with(said), refused.error().what.c_str());
        QCOMPARE(contentOf(frozen.file()), before);
    }

    void refusesAVersionThatIsNotTheOneOfItsTables()
    {
        const FrozenList frozen;
        must(frozen.database()->execute("PRAGMA user_version = 7"));
        const auto refused = SqliteEnrollmentList::open(frozen.file());
        QCOMPARE(refused.error().code, kListFaults.damaged);
        QVERIFY2(refused.error().what.find("states schema 7, but has the tables of schema 1") != std::string::npos,
                 refused.error().what.c_str());
    }

    void refusesAFileWithOtherTables()
    {
        const FrozenList frozen;
        const auto other = frozen.file().parent_path() / "other.sqlite";
        QVERIFY(QFile{QString::fromStdString(other.string())}.open(QIODevice::WriteOnly));
        {
            const auto database =
                must(db::sqlite::Connection::open(other, db::sqlite::Access::ReadWrite, kPatience, kListFaults));
            must(database->execute("CREATE TABLE notes (text TEXT)"));
        }
        const auto refused = SqliteEnrollmentList::open(other);
        QCOMPARE(refused.error().code, kListFaults.damaged);
        QVERIFY2(refused.error().what.starts_with(other.string()), refused.error().what.c_str());
    }

    void refusesAListOfThisVersionThatIsNotWhole_data()
    {
        QTest::addColumn<std::string>("statement");
        QTest::addColumn<std::string>("said");
        const auto row = [](const char* statement, const char* said) {
            QTest::newRow(statement) << std::string{statement} << std::string{said};
        };
        row("DROP TABLE challenge", "the table challenge is missing");
        row("DROP INDEX operation_by_registration", "the index operation_by_registration is missing");
        row("ALTER TABLE challenge DROP COLUMN operation_id",
            "the table challenge was changed: its column operation_id is missing");
        row("ALTER TABLE enrollment RENAME COLUMN etag TO tag",
            "the table enrollment was changed: its column etag is missing");
        row("ALTER TABLE enrollment ADD COLUMN more TEXT", "the table enrollment was changed");
        row("CREATE TRIGGER never BEFORE INSERT ON enrollment BEGIN SELECT RAISE(IGNORE); END",
            "the trigger never does not belong to the enrollment list");
    }
    void refusesAListOfThisVersionThatIsNotWhole()
    {
        QFETCH(std::string, statement);
        QFETCH(std::string, said);
        const FrozenList frozen;
        must(frozen.database()->execute(statement.c_str()));
        const auto refused = SqliteEnrollmentList::open(frozen.file());
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ServiceCode::ListDamaged);
        QVERIFY2(refused.error().what.starts_with(frozen.file().string()), refused.error().what.c_str());
        QVERIFY2(refused.error().what.ends_with(said), refused.error().what.c_str());
        QVERIFY(frozen.copies().empty());
    }

    void namesTheFileOfADocumentThatCannotBeRead()
    {
        const FrozenList frozen;
        must(frozen.database()->execute("UPDATE enrollment SET document = 'garbage'"));
        const auto page = must(SqliteEnrollmentList::open(frozen.file()))->page("", 10);
        QCOMPARE(page.error().code, ServiceCode::ListDamaged);
        QVERIFY2(page.error().what.starts_with(frozen.file().string()), page.error().what.c_str());
    }

    void refusesAFileThatIsNoDatabase()
    {
        const FrozenList frozen;
        QFile file{QString::fromStdString(frozen.file().string())};
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(QByteArray(8192, 'x')), 8192);
        file.close();
        const auto refused = SqliteEnrollmentList::open(frozen.file());
        QCOMPARE(refused.error().code, ServiceCode::ListDamaged);
        QVERIFY2(refused.error().what.starts_with(frozen.file().string()), refused.error().what.c_str());
    }

    void numbersItsStepsWithoutAGap()
    {
        int version = 0;
        for (const auto& step : schemaSteps()) {
            QCOMPARE(step.version, ++version);
        }
    }
};

QTEST_GUILESS_MAIN(TestSchema)
#include "tst_schema.moc"
