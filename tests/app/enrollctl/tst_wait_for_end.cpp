#include "app/enrollctl/wait_for_end.h"

#include <QTest>

#include <thread>

using namespace enroll::app::enrollctl;

class TestWaitForEnd : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void waitingEndsWithTheStop();
};

void TestWaitForEnd::waitingEndsWithTheStop()
{
    std::stop_source stop;
    std::jthread other{[&stop] { stop.request_stop(); }};
    QVERIFY(waitForEnd(stop.get_token(), InputEnd::Ignored).ok()); // a wait that never ends meets the test's time-out
    QVERIFY(stop.stop_requested());
}

QTEST_GUILESS_MAIN(TestWaitForEnd)
#include "tst_wait_for_end.moc"
