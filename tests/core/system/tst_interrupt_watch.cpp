#include "core/system/interrupt_watch.h"
#include "tests/support/bound_process.h"

#include <QTest>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <semaphore>
#include <string_view>
#include <thread>
#include <unistd.h>

using namespace enroll;
using namespace enroll::system;

namespace {

constexpr const char* kStubborn = "stubborn";
constexpr const char* kHungUp = "hung-up";

/// A program whose work does not heed the first signal: only the second one can end it.
int beStubborn()
{
    const InterruptWatch interrupts;
    std::binary_semaphore asked{0};
    const std::stop_callback onStop{interrupts.token(), [&asked] { asked.release(); }};
    ::kill(::getpid(), SIGINT);
    asked.acquire();
    ::kill(::getpid(), SIGTERM);
    asked.acquire();
    return 0;
}

bool pending(int signal)
{
    sigset_t set;
    ::sigpending(&set);
    return ::sigismember(&set, signal) == 1;
}

/// A program whose terminal is closed: the shell and the kernel both send SIGHUP.
int beHungUp()
{
    const InterruptWatch interrupts;
    std::binary_semaphore asked{0};
    const std::stop_callback onStop{interrupts.token(), [&asked] { asked.release(); }};
    ::kill(::getpid(), SIGHUP);
    asked.acquire();
    ::kill(::getpid(), SIGHUP);
    while (pending(SIGHUP)) {
        std::this_thread::yield();
    }
    return 0;
}

} // namespace

class TestInterruptWatch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksForAStop_data();
    void asksForAStop();
    void aSecondSignalEndsTheProcess();
    void aSecondHangUpDoesNotEndTheProcess();
    void aReaderThatGoesAwayDoesNotEndTheProcess();
    void endsQuietlyWithoutASignal();
};

void TestInterruptWatch::asksForAStop_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGHUP") << SIGHUP;
}

void TestInterruptWatch::asksForAStop()
{
    QFETCH(int, signal);
    const InterruptWatch interrupts;
    QVERIFY(!interrupts.token().stop_requested());
    QCOMPARE(::kill(::getpid(), signal), 0);
    QTRY_VERIFY(interrupts.token().stop_requested());
}

void TestInterruptWatch::aSecondSignalEndsTheProcess()
{
    test::BoundProcess program;
    program.start(QStringLiteral("/proc/self/exe"), {QLatin1String{kStubborn}});
    QVERIFY(program.waitForFinished());
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 130);
}

void TestInterruptWatch::aSecondHangUpDoesNotEndTheProcess()
{
    test::BoundProcess program;
    program.start(QStringLiteral("/proc/self/exe"), {QLatin1String{kHungUp}});
    QVERIFY(program.waitForFinished());
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 0);
}

void TestInterruptWatch::aReaderThatGoesAwayDoesNotEndTheProcess()
{
    const InterruptWatch interrupts;
    std::array<int, 2> ends{};
    QCOMPARE(::pipe2(ends.data(), O_CLOEXEC), 0);
    ::close(ends[0]);
    const auto written = ::write(ends[1], "x", 1); // ends this test program if the signal is not ignored
    QCOMPARE(errno, EPIPE);
    QCOMPARE(written, -1);
    ::close(ends[1]);
}

void TestInterruptWatch::endsQuietlyWithoutASignal()
{
    std::stop_token token;
    {
        const InterruptWatch interrupts;
        token = interrupts.token();
    }
    QVERIFY(!token.stop_requested());
}

int main(int argc, char* argv[])
{
    sigset_t signals; // blocked as early as in the program: QTest starts a thread that would take them
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    if (argc > 1 && std::string_view{argv[1]} == kStubborn) {
        return beStubborn();
    }
    if (argc > 1 && std::string_view{argv[1]} == kHungUp) {
        return beHungUp();
    }
    TestInterruptWatch test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_interrupt_watch.moc"
