#include "tests/support/journal_fixture.h"

#include <QTest>

#include <array>
#include <atomic>
#include <thread>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::enrollment;

namespace {

constexpr int kRunsPerThread = 200;

/// Commits one run each of \p count devices from \p first on; how many commits failed.
int commitDevices(const db::journal::JournalOptions& options, int first, int count)
{
    const auto journal = require(db::journal::SqliteJournal::open(options));
    int failed = 0;
    for (int device = first; device < first + count; ++device) {
        const DeviceFigure figure{device};
        const auto run = figure.passingRun();
        const auto result = journal->commit(run, figure.recordOf(run));
        failed += result.ok() && result->kind == CommitResult::Kind::Committed ? 0 : 1;
    }
    return failed;
}

} // namespace

class TestJournalThreads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void twoThreadsCommitWithoutLossIntoOneChain()
    {
        const JournalFixture fixture;
        std::array<int, 2> failed{-1, -1};
        {
            const auto commit = [&](std::size_t thread) {
                failed[thread] =
                    commitDevices(fixture.options(), static_cast<int>(thread) * kRunsPerThread, kRunsPerThread);
            };
            const std::jthread first{commit, 0U};
            const std::jthread second{commit, 1U};
        }
        QCOMPARE(failed[0], 0);
        QCOMPARE(failed[1], 0);
        QCOMPARE(fixture.ask("SELECT count(*) FROM run").toInt(), 2 * kRunsPerThread);
        const auto report = fixture.verify();
        QVERIFY(!report.firstBad);
        QCOMPARE(report.entries, 1 + 3 * 2 * kRunsPerThread);
    }

    void ofTwoThreadsWithOneDeviceExactlyOneMakesTheRecord()
    {
        const JournalFixture fixture;
        std::atomic<int> committed{0};
        std::atomic<int> retests{0};
        {
            const auto commit = [&] {
                const auto journal = fixture.open();
                for (int device = 0; device < 20; ++device) {
                    const DeviceFigure figure{device};
                    const auto run = figure.passingRun();
                    const auto kind = require(journal->commit(run, figure.recordOf(run))).kind;
                    committed += kind == CommitResult::Kind::Committed ? 1 : 0;
                    retests += kind == CommitResult::Kind::Retest ? 1 : 0;
                }
            };
            const std::jthread first{commit};
            const std::jthread second{commit};
        }
        QCOMPARE(committed.load(), 20);
        QCOMPARE(retests.load(), 20);
        QVERIFY(!fixture.verify().firstBad);
    }

    void verifiesASnapshotWhileOthersCommit()
    {
        const JournalFixture fixture;
        fixture.pass(10'000);
        std::atomic<bool> done{false};
        {
            const std::jthread writer{[&] {
                commitDevices(fixture.options(), 0, 50);
                done = true;
            }};
            do {
                QVERIFY(!fixture.verify().firstBad);
            } while (!done);
        }
    }
};

QTEST_GUILESS_MAIN(TestJournalThreads)
#include "tst_journal_threads.moc"
