#include "app/enrollctl/step_printer.h"
#include "app/enrollctl/wait_for_end.h"
#include "core/base/device_code.h"

#include <QTest>

#include <sstream>
#include <thread>

using namespace enroll;
using namespace enroll::app::enrollctl;

/// What the parts of a command do when they are asked to stop.
class TestStopping : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void waitingEndsWithTheStop();
    void noStepBeginsAfterTheStop();
};

void TestStopping::waitingEndsWithTheStop()
{
    std::stop_source stop;
    std::jthread other{[&stop] { stop.request_stop(); }};
    // The test's own time-out catches a waiting that never ends.
    QVERIFY(waitForEnd(stop.get_token(), InputEnd::Ignored).ok());
    QVERIFY(stop.stop_requested());
}

void TestStopping::noStepBeginsAfterTheStop()
{
    std::ostringstream out;
    Output output{out, out};
    std::stop_source stop;
    StepPrinter steps{output, stop.get_token()};
    QVERIFY(steps.begin(attestation::AttestationStep::Connect).ok());
    stop.request_stop();
    const auto begun = steps.begin(attestation::AttestationStep::IdentifyTpm);
    QVERIFY(!begun.ok());
    QCOMPARE(begun.error().code, DeviceCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestStopping)
#include "tst_stopping.moc"
