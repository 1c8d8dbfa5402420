#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/system/file_lock.h"
#include "tests/support/in_child.h"
#include "tests/support/odd_files.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace enroll;
using namespace enroll::system;

namespace {

const auto kAtOnce = std::chrono::milliseconds{0};

} // namespace

class TstFileLock : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_file = m_directory.filePath(QLatin1String(QTest::currentTestFunction())).toStdString(); }
    void keepsAnotherHolderOut();
    void keepsAnotherProcessOut();
    void isFreeAgainWithItsHolder();
    void waitsUntilTheDeadlineAlone();
    void namesWhatCannotBeALockFile();
    void aDirectoryIsReadTogetherAndChangedAlone();
    void whoMayNotWriteTakesPart();
    void aStopEndsTheWait();

private:
    QTemporaryDir m_directory;
    std::filesystem::path m_file;
};

void TstFileLock::keepsAnotherHolderOut()
{
    const auto held = FileLock::acquire(m_file, Deadline::in(kAtOnce));
    QVERIFY(held.ok());
    const auto second = FileLock::acquire(m_file, Deadline::in(kAtOnce));
    QVERIFY(!second.ok());
    QCOMPARE(second.error().code, StationCode::JournalBusy);
}

void TstFileLock::keepsAnotherProcessOut()
{
    const auto held = FileLock::acquire(m_file, Deadline::in(kAtOnce));
    QVERIFY(held.ok());
    QCOMPARE(test::resultInChild([this] { return FileLock::acquire(m_file, Deadline::in(kAtOnce)).ok() ? 1 : 0; }), 0);
}

void TstFileLock::isFreeAgainWithItsHolder()
{
    {
        const auto held = FileLock::acquire(m_file, Deadline::in(kAtOnce));
        QVERIFY(held.ok());
    }
    QVERIFY(FileLock::acquire(m_file, Deadline::in(kAtOnce)).ok());
    // A process that dies with the lock in its hands.
    test::resultInChild([this] {
        const auto held = FileLock::acquire(m_file, Deadline::in(kAtOnce));
        ::_exit(held.ok() ? 0 : 1);
        return 0;
    });
    QVERIFY(FileLock::acquire(m_file, Deadline::in(kAtOnce)).ok());
}

void TstFileLock::waitsUntilTheDeadlineAlone()
{
    const auto held = FileLock::acquire(m_file, Deadline::in(kAtOnce));
    QVERIFY(held.ok());
    const auto deadline = Deadline::in(std::chrono::milliseconds{30});
    QVERIFY(!FileLock::acquire(m_file, deadline).ok());
    QVERIFY(deadline.passed());
}

void TstFileLock::namesWhatCannotBeALockFile()
{
    for (const auto& kind : test::oddFiles()) {
        std::filesystem::remove(m_file);
        kind.make(m_file);
        const auto lock = FileLock::acquire(m_file, Deadline::in(kAtOnce));
        QVERIFY2(!lock.ok(), kind.name);
        QCOMPARE(lock.error().code, StationCode::FileUnusable);
        QVERIFY2(lock.error().what.starts_with(m_file.string()), lock.error().what.c_str());
        QVERIFY2(lock.error().what.find(kind.said) != std::string::npos, lock.error().what.c_str());
    }
}

void TstFileLock::aDirectoryIsReadTogetherAndChangedAlone()
{
    const std::filesystem::path directory{m_directory.path().toStdString()};
    const auto take = [&](Holding holding) {
        return FileLock::ofDirectory(directory, holding, Deadline::in(kAtOnce), {});
    };
    {
        const auto one = take(Holding::Together);
        QVERIFY(one.ok() && take(Holding::Together).ok());
        QCOMPARE(take(Holding::Alone).error().code, StationCode::JournalBusy);
    }
    const auto alone = take(Holding::Alone);
    QVERIFY(alone.ok());
    QCOMPARE(take(Holding::Together).error().code, StationCode::JournalBusy);
    QVERIFY(!take(Holding::Alone).ok());
    const auto missing = FileLock::ofDirectory(directory / "none", Holding::Together, Deadline::in(kAtOnce), {});
    QCOMPARE(missing.error().code, StationCode::FileUnusable);
    QVERIFY(!std::filesystem::exists(directory / "none"));
}

void TstFileLock::whoMayNotWriteTakesPart()
{
    const std::filesystem::path directory{m_directory.filePath(QStringLiteral("readable")).toStdString()};
    std::filesystem::create_directory(directory);
    std::filesystem::permissions(directory, std::filesystem::perms{0555});
    std::filesystem::permissions(m_directory.path().toStdString(), std::filesystem::perms{0755});
    QCOMPARE(test::resultInChild([&] {
                 test::becomeAnybody();
                 const auto lock = FileLock::ofDirectory(directory, Holding::Together, Deadline::in(kAtOnce), {});
                 return lock.ok() ? 1 : 0;
             }),
             1);
}

void TstFileLock::aStopEndsTheWait()
{
    const std::filesystem::path directory{m_directory.path().toStdString()};
    const auto held = FileLock::ofDirectory(directory, Holding::Alone, Deadline::in(std::chrono::milliseconds{0}), {});
    QVERIFY(held.ok());
    std::stop_source stop;
    stop.request_stop();
    const auto ended =
        FileLock::ofDirectory(directory, Holding::Together, Deadline::in(std::chrono::hours{1}), stop.get_token());
    QVERIFY(!ended.ok());
    QCOMPARE(ended.error().code, DeviceCode::Cancelled);
}

QTEST_GUILESS_MAIN(TstFileLock)
#include "tst_file_lock.moc"
