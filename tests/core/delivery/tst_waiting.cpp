#include "core/delivery/waiting.h"

#include <QElapsedTimer>
#include <QtTest>

#include <thread>

using namespace enroll::delivery;
using std::chrono::hours;
using std::chrono::milliseconds;

class TestWaiting : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void waitsAtLeastTheTimeAsked()
    {
        RealWaiting waiting;
        const auto before = waiting.now();

        waiting.waitFor(milliseconds{20}, {});

        QVERIFY(waiting.now() - before >= milliseconds{20});
    }

    void returnsWhenAnotherThreadAsksForAStop()
    {
        RealWaiting waiting;
        std::jthread waiter([&waiting](const std::stop_token& stop) { waiting.waitFor(hours{1}, stop); });

        QElapsedTimer timer;
        timer.start();
        waiter.request_stop();
        waiter.join();

        QVERIFY(timer.elapsed() < 5000);
    }

    void doesNotWaitAfterAStop()
    {
        RealWaiting waiting;
        std::stop_source source;
        source.request_stop();

        const auto before = waiting.now();
        waiting.waitFor(hours{1}, source.get_token());

        QVERIFY(waiting.now() - before < std::chrono::seconds{5});
    }
};

QTEST_APPLESS_MAIN(TestWaiting)
#include "tst_waiting.moc"
