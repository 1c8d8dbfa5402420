#include "core/base/station_code.h"
#include "core/system/durable_file.h"
#include "core/system/write_signals.h"
#include "db/duty/duty_file.h"
#include "tests/support/full_disk.h"
#include "tests/support/must.h"

#include <QTemporaryDir>
#include <QTemporaryFile>
#include <QTest>

#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace enroll;
using namespace enroll::db::duty;
using enroll::test::must;
using station::Duty;
using station::KeptOrder;

namespace {

namespace fs = std::filesystem;

Duty dutyOf(int number)
{
    return {KeptOrder{enrollment::BatchId{"WO-" + std::to_string(number)}, UtcTime{std::chrono::seconds{number}}}};
}

/// What the program writes to standard error while it lives.
class ErrorOutput {
public:
    ErrorOutput() : m_before(::dup(STDERR_FILENO))
    {
        if (!m_file.open() || ::dup2(m_file.handle(), STDERR_FILENO) < 0) {
            qFatal("standard error cannot be led into a file");
        }
    }
    ~ErrorOutput()
    {
        ::dup2(m_before, STDERR_FILENO);
        ::close(m_before);
    }
    ErrorOutput(const ErrorOutput&) = delete;
    ErrorOutput& operator=(const ErrorOutput&) = delete;

    [[nodiscard]] auto lines() const
    {
        QFile written{m_file.fileName()};
        return written.open(QIODevice::ReadOnly) ? written.readAll().count('\n') : -1;
    }

private:
    QTemporaryFile m_file;
    int m_before;
};

} // namespace

class DutyFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_root = std::make_unique<QTemporaryDir>();
        m_data = m_root->path().toStdString();
    }

    void isKeptFromStartToStart()
    {
        {
            DutyFile file{m_data};
            QVERIFY(file.kept() == Duty{} && !file.fault());
            for (int i = 1; i <= 50; ++i) {
                file.change(dutyOf(i)); // the latest counts, however many writes there were
            }
            QVERIFY(file.kept() == Duty{}); // of the start
        }
        QVERIFY(DutyFile{m_data}.kept() == dutyOf(50));
        QVERIFY(must(readDuty(m_data)) == dutyOf(50));
        struct stat found {};
        QCOMPARE(::stat(dutyFile(m_data).c_str(), &found), 0);
        QCOMPARE(found.st_mode & 0777U, 0600U);
    }

    void writesNothingWhileNothingChanges()
    {
        {
            const DutyFile file{m_data};
        }
        QVERIFY(!fs::exists(dutyFile(m_data)));
    }

    void whatIsWrittenIsThereSoon()
    {
        DutyFile file{m_data};
        file.change(dutyOf(1));
        QTRY_VERIFY(readDuty(m_data).ok() && *readDuty(m_data) == dutyOf(1));
        file.change(dutyOf(2));
        QTRY_VERIFY(readDuty(m_data).ok() && *readDuty(m_data) == dutyOf(2));
    }

    /// Whoever keeps the duty knows nothing of the acts, and the other way round.
    void unsavedActsAreLostForTheNextStart()
    {
        {
            DutyFile file{m_data};
            QCOMPARE(file.lostActs(), 0);
            file.change(dutyOf(1));
            file.noteUnsavedActs(2);
            file.noteUnsavedActs(3);
            file.change(dutyOf(2));
            QCOMPARE(file.lostActs(), 0); // of the start
        }
        {
            DutyFile file{m_data};
            QCOMPARE(file.lostActs(), 3);
            QVERIFY(file.kept() == dutyOf(2));
            file.change(dutyOf(3)); // the journal does not say it yet
        }
        {
            DutyFile file{m_data};
            QCOMPARE(file.lostActs(), 3);
            file.noteUnsavedActs(0);
        }
        const DutyFile file{m_data};
        QCOMPARE(file.lostActs(), 0);
        QVERIFY(file.kept() == dutyOf(3));
    }

    void whatCannotBeReadCountsAsNothingAndSaysSo()
    {
        std::ofstream{dutyFile(m_data)} << "{";
        DutyFile file{m_data};
        Duty unknown;
        unknown.locked = true; // or whoever spoils the file opens the station
        QVERIFY(file.kept() == unknown);
        QVERIFY(file.fault()->code == StationCode::DocumentMalformed);
        QVERIFY(file.fault()->what.find("duty.json") != std::string::npos);
        file.change(dutyOf(1));
        QTRY_VERIFY(readDuty(m_data).ok());
    }

    /// What it leads to is somebody else's.
    void aLinkIsNeverFollowed()
    {
        const auto other = m_data / "other.json";
        std::ofstream{other} << "mine";
        fs::create_symlink(other, dutyFile(m_data));
        {
            DutyFile file{m_data};
            QVERIFY(file.fault()->code == StationCode::FileUnusable);
            file.change(dutyOf(1));
        }
        QVERIFY(must(readDuty(m_data)) == dutyOf(1));
        std::string text;
        std::ifstream{other} >> text;
        QCOMPARE(text, std::string{"mine"});
    }

    void whatCouldNotBeWrittenIsTriedAgain()
    {
        DutyFile file{m_data};
        changeOnAFullDisk(file);
        QTRY_VERIFY_WITH_TIMEOUT(readDuty(m_data).ok() && *readDuty(m_data) == dutyOf(1), 20'000);
    }

    void whatCouldNotBeWrittenIsTriedOnceMoreAtTheEnd()
    {
        {
            DutyFile file{m_data};
            changeOnAFullDisk(file);
        }
        QVERIFY(must(readDuty(m_data)) == dutyOf(1));
    }

    void aDirectoryInItsPlaceIsNoHarm()
    {
        fs::create_directory(dutyFile(m_data));
        {
            DutyFile file{m_data};
            QVERIFY(file.fault()->code == StationCode::FileUnusable);
            file.change(dutyOf(1)); // logged
        }
        fs::remove(dutyFile(m_data));
        DutyFile file{m_data};
        QVERIFY(!file.fault() && file.kept() == Duty{});
    }

    /// Who reads the log would find nothing else in it: a write that failed is tried again every few seconds.
    void ofFailuresInARowTheFirstIsLogged()
    {
        fs::create_directory(dutyFile(m_data));
        const ErrorOutput errors;
        {
            DutyFile file{m_data};
            file.change(dutyOf(1));
            QTRY_COMPARE(errors.lines(), 1);
            file.change(dutyOf(2)); // fails as well, at the end at the latest
        }
        QCOMPARE(errors.lines(), 1);
    }

    void aFailureAfterASuccessIsLoggedAnew()
    {
        const ErrorOutput errors;
        fs::create_directory(dutyFile(m_data));
        DutyFile file{m_data};
        file.change(dutyOf(1));
        QTRY_COMPARE(errors.lines(), 1);
        fs::remove(dutyFile(m_data));
        file.change(dutyOf(2));
        QTRY_VERIFY(readDuty(m_data).ok() && *readDuty(m_data) == dutyOf(2));
        fs::remove(dutyFile(m_data));
        fs::create_directory(dutyFile(m_data));
        file.change(dutyOf(3));
        QTRY_COMPARE(errors.lines(), 2);
    }

private:
    /// No file takes a byte while the first change is tried: the link in its place, which is removed first, tells when.
    void changeOnAFullDisk(DutyFile& file) const
    {
        fs::create_symlink(m_data / "nowhere", dutyFile(m_data));
        system::ignoreSignalsOfWrites();
        const test::FullDisk full{0};
        file.change(dutyOf(1));
        QTRY_VERIFY(!fs::is_symlink(dutyFile(m_data)));
    }

    std::unique_ptr<QTemporaryDir> m_root;
    fs::path m_data;
};

QTEST_GUILESS_MAIN(DutyFileTest)
#include "tst_duty_file.moc"
