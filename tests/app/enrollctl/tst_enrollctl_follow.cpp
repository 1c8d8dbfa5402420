#include "tests/app/enrollctl/upload_room.h"
#include "tests/support/journal_fixture.h"

#include <QTest>

#include <csignal>
#include <sys/types.h>

using namespace enroll;
using namespace enroll::test;

/// `upload --follow` as a process.
class TestEnrollctlFollow : public QObject, private UploadRoom {
    Q_OBJECT

private Q_SLOTS:
    void init() { openRoom(); }

    /// Each entry fits its neighbours, but the chain is not the one that was proven when the program began.
    void aJournalThatWasWrittenAnewMeanwhileSendsNothingMore()
    {
        record(1, 1);
        const auto follower = m_ctl->start(uploadArguments({QStringLiteral("--follow")}));
        QTRY_COMPARE_WITH_TIMEOUT(acceptedIn(), 1, 30'000);
        const auto process = static_cast<pid_t>(follower->processId());
        QCOMPARE(::kill(process, SIGSTOP), 0); // it does not look between the next two lines
        record(2, 2);
        commitOtherwise(data(), 2, bodyOf(2).replace("\"stationId\":\"", "\"stationId\":\"other-"));
        QCOMPARE(::kill(process, SIGCONT), 0);

        QVERIFY(follower->waitForFinished(30'000));

        QCOMPARE(follower->exitCode(), 14);
        const auto errors = follower->readAllStandardError();
        QVERIFY2(errors.contains("S-303"), errors.constData());
        QCOMPARE(m_service->held(), std::size_t{1});
    }

    void whatIsRecordedMeanwhileIsSent()
    {
        record(1, 1);
        const auto follower = m_ctl->start(uploadArguments({QStringLiteral("--follow")}));
        QTRY_COMPARE_WITH_TIMEOUT(acceptedIn(), 1, 30'000);
        record(2, 2);
        QTRY_COMPARE_WITH_TIMEOUT(acceptedIn(), 2, 30'000);
        follower->terminate();
        QVERIFY(follower->waitForFinished(30'000));
        QCOMPARE(follower->exitCode(), 0);
    }

private:
    [[nodiscard]] int acceptedIn() const
    {
        db::journal::JournalOptions options;
        options.dataDirectory = data();
        return require(require(db::journal::SqliteOutbox::open(options, kCloud))->counts()).accepted;
    }
};

QTEST_GUILESS_MAIN(TestEnrollctlFollow)
#include "tst_enrollctl_follow.moc"
