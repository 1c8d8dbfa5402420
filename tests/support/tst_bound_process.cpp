#include "core/system/descriptor.h"
#include "tests/support/bound_process.h"

#include <QTest>

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace enroll::test;

namespace {

constexpr int kPatienceMs = 30'000;

} // namespace

class TestBoundProcess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void endsWithAProgramThatHadNoTimeToStopIt()
    {
        BoundProcess holder;
        holder.start(QStringLiteral(ENROLL_PROCESS_HOLDER), QStringList{});
        while (!holder.canReadLine()) {
            QVERIFY2(holder.waitForReadyRead(kPatienceMs), holder.readAllStandardError().constData());
        }
        const auto held = holder.readLine().trimmed().toInt();
        const enroll::system::Descriptor ended{static_cast<int>(::syscall(SYS_pidfd_open, held, 0))};
        QVERIFY(ended.fd() >= 0);
        pollfd wait{ended.fd(), POLLIN, 0};
        QCOMPARE(::poll(&wait, 1, 0), 0); // alive until then

        holder.kill();

        QCOMPARE(::poll(&wait, 1, kPatienceMs), 1);
    }

    void isKilledByItsDestructor()
    {
        int pid = 0;
        {
            BoundProcess process;
            process.start(QStringLiteral("tail"), {QStringLiteral("-f"), QStringLiteral("/dev/null")});
            QVERIFY(process.waitForStarted(kPatienceMs));
            pid = static_cast<int>(process.processId());
        }
        QCOMPARE(::kill(pid, 0), -1);
        QCOMPARE(errno, ESRCH);
    }
};

QTEST_GUILESS_MAIN(TestBoundProcess)
#include "tst_bound_process.moc"
