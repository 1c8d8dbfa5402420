#include "core/system/wake_up.h"

#include <QtTest>

#include <fcntl.h>
#include <poll.h>
#include <thread>

using namespace enroll::system;

namespace {

bool raised(const WakeUp& wakeUp)
{
    pollfd entry{wakeUp.fd(), POLLIN, 0};
    return ::poll(&entry, 1, 0) == 1;
}

} // namespace

class TstWakeUp : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isRaisedUntilItIsCleared();
    void endsAWaitOfAnotherThread();
    void ownsItsDescriptor();
};

void TstWakeUp::isRaisedUntilItIsCleared()
{
    const auto wakeUp = WakeUp::create().value();
    QVERIFY(!raised(wakeUp));
    wakeUp.raise();
    wakeUp.raise();
    QVERIFY(raised(wakeUp));
    wakeUp.clear();
    QVERIFY(!raised(wakeUp));
    wakeUp.clear(); // never blocks
}

void TstWakeUp::endsAWaitOfAnotherThread()
{
    const auto wakeUp = WakeUp::create().value();
    const std::jthread waker{[&wakeUp] { wakeUp.raise(); }};
    pollfd entry{wakeUp.fd(), POLLIN, 0};
    QCOMPARE(::poll(&entry, 1, -1), 1); // the test's own time-out catches a wait that never ends
}

void TstWakeUp::ownsItsDescriptor()
{
    int number = -1;
    {
        auto first = WakeUp::create().value();
        const auto moved = std::move(first);
        number = moved.fd();
        QVERIFY(::fcntl(number, F_GETFD) >= 0);
    }
    QCOMPARE(::fcntl(number, F_GETFD), -1);
}

QTEST_APPLESS_MAIN(TstWakeUp)
#include "tst_wake_up.moc"
