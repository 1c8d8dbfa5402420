#include "app/wiring/interrupt.h"
#include "tests/support/bound_process.h"

#include <QTest>

#include <csignal>
#include <semaphore>
#include <string_view>
#include <unistd.h>

using namespace enroll;
using namespace enroll::app::wiring;

namespace {

constexpr const char* kStubborn = "stubborn";

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

} // namespace

class TestInterrupt : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksForAStop_data();
    void asksForAStop();
    void aSecondSignalEndsTheProcess();
    void endsQuietlyWithoutASignal();
};

void TestInterrupt::asksForAStop_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
}

void TestInterrupt::asksForAStop()
{
    QFETCH(int, signal);
    const InterruptWatch interrupts;
    QVERIFY(!interrupts.token().stop_requested());
    QCOMPARE(::kill(::getpid(), signal), 0);
    QTRY_VERIFY(interrupts.token().stop_requested());
}

void TestInterrupt::aSecondSignalEndsTheProcess()
{
    test::BoundProcess program;
    program.start(QStringLiteral("/proc/self/exe"), {QLatin1String{kStubborn}});
    QVERIFY(program.waitForFinished());
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 130);
}

void TestInterrupt::endsQuietlyWithoutASignal()
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
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    if (argc > 1 && std::string_view{argv[1]} == kStubborn) {
        return beStubborn();
    }
    TestInterrupt test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_interrupt.moc"
