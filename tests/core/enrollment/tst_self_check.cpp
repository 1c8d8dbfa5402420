#include "core/base/station_code.h"
#include "core/enrollment/self_check.h"

#include <QTest>

using namespace enroll;
using namespace enroll::enrollment;
using std::chrono::hours;

namespace {

const UtcTime kNow{std::chrono::seconds{1'764'000'000}};
const SoftwareStamp kProgram{"1.0.0", "abc"};

ProductProfile profileOf(std::optional<hours> maxAge)
{
    ProductProfile profile;
    profile.stamp.sha256 = "p1";
    profile.selfCheckMaxAge = maxAge;
    return profile;
}

SelfCheckStamp passedAgo(std::chrono::milliseconds ago)
{
    return {kNow - ago, true, kProgram, "p1"};
}

/// The code of the refusal; none: the station may test.
std::optional<ErrorCode> refusal(const std::optional<SelfCheckStamp>& latest, std::optional<hours> maxAge = hours{12})
{
    const auto allowed = requireSelfCheck(profileOf(maxAge), latest, kProgram, kNow);
    return allowed.ok() ? std::optional<ErrorCode>{} : allowed.error().code;
}

} // namespace

class TestSelfCheck : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aProfileThatAsksForNoneNeedsNone()
    {
        QVERIFY(!refusal({}, std::nullopt));
        auto failed = passedAgo(hours{1});
        failed.passed = false;
        QVERIFY(!refusal(failed, std::nullopt));
    }

    void countsUntilItIsTooOld()
    {
        const ErrorCode overdue = StationCode::SelfCheckOverdue;
        QVERIFY(refusal({}) == overdue);
        QVERIFY(!refusal(passedAgo({})));
        QVERIFY(!refusal(passedAgo(hours{12} - std::chrono::milliseconds{1})));
        QVERIFY(refusal(passedAgo(hours{12})) == overdue);
        QVERIFY(refusal(passedAgo(hours{13})) == overdue);
        QVERIFY(!refusal(passedAgo(hours{13}), hours{14}));
    }

    void oneThatDidNotPassStopsTheStation()
    {
        auto failed = passedAgo(hours{1});
        failed.passed = false;
        QVERIFY(refusal(failed) == ErrorCode{StationCode::SelfCheckFailed});
    }

    void aCheckOfSomethingElseNeverCounts()
    {
        const ErrorCode overdue = StationCode::SelfCheckOverdue;
        auto other = passedAgo(hours{1});
        other.software.version = "1.0.1";
        QVERIFY(refusal(other) == overdue);
        other = passedAgo(hours{1});
        other.software.build = "abd";
        QVERIFY(refusal(other) == overdue);
        other = passedAgo(hours{1});
        other.profileSha256 = "p2";
        QVERIFY(refusal(other) == overdue);
        QVERIFY(refusal(passedAgo(-std::chrono::milliseconds{1})) == overdue); // the clock was set back
    }
};

QTEST_GUILESS_MAIN(TestSelfCheck)
#include "tst_self_check.moc"
