#include "core/delivery/rate_limiter.h"

#include <QtTest>

#include <deque>

using namespace enroll::delivery;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class TestRateLimiter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void letsASixthGoAtOnce();
    void neverMakesMoreThanItsRateInAnyMinute_data();
    void neverMakesMoreThanItsRateInAnyMinute();
    void comesCloseToItsRateInTheLongRun();
    void fillsUpAgainWhileNobodyCalls();
    void takesAnImpossibleRateForOne();

private:
    /// The moments at which \p count operations are made by a caller who always waits as told.
    static std::vector<RateLimiter::Time> run(RateLimiter& limiter, int count)
    {
        std::vector<RateLimiter::Time> made;
        RateLimiter::Time now{std::chrono::hours{1}};
        for (int i = 0; i < count; ++i) {
            now += limiter.book(now);
            made.push_back(now);
        }
        return made;
    }
};

void TestRateLimiter::letsASixthGoAtOnce()
{
    RateLimiter limiter{900};
    const auto made = run(limiter, 151);

    QCOMPARE(made[149] - made[0], RateLimiter::Time::duration{0});
    QVERIFY(made[150] > made[149]);
}

void TestRateLimiter::neverMakesMoreThanItsRateInAnyMinute_data()
{
    QTest::addColumn<int>("perMinute");
    for (const int rate : {1, 2, 5, 7, 60, 900, 1000}) {
        QTest::addRow("%d a minute", rate) << rate;
    }
}

void TestRateLimiter::neverMakesMoreThanItsRateInAnyMinute()
{
    QFETCH(int, perMinute);
    RateLimiter limiter{perMinute};
    std::deque<RateLimiter::Time> lastMinute;
    for (const auto time : run(limiter, perMinute * 4)) {
        lastMinute.push_back(time);
        while (time - lastMinute.front() >= minutes{1}) {
            lastMinute.pop_front();
        }
        QVERIFY(lastMinute.size() <= static_cast<std::size_t>(perMinute));
    }
}

void TestRateLimiter::comesCloseToItsRateInTheLongRun()
{
    RateLimiter limiter{60};
    const auto made = run(limiter, 600);

    QVERIFY(made.back() - made.front() < minutes{13});
}

void TestRateLimiter::fillsUpAgainWhileNobodyCalls()
{
    RateLimiter limiter{60};
    const auto last = run(limiter, 100).back();

    QVERIFY(limiter.book(last) > milliseconds{0});
    QCOMPARE(limiter.book(last + seconds{120}), milliseconds{0});
}

void TestRateLimiter::takesAnImpossibleRateForOne()
{
    RateLimiter limiter{0};
    const auto made = run(limiter, 2);

    QCOMPARE(std::chrono::duration_cast<seconds>(made[1] - made[0]), seconds{60});
}

QTEST_APPLESS_MAIN(TestRateLimiter)
#include "tst_rate_limiter.moc"
