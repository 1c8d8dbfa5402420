#include "app/desktop/journal_watcher.h"
#include "app/desktop/station_self_check.h"
#include "core/base/station_code.h"
#include "db/self_check/self_check_file.h"
#include "tests/support/must.h"

#include <QTemporaryDir>
#include <QTest>

#include <latch>

using namespace enroll;
using app::desktop::StationSelfCheck;
using enroll::test::must;
using enrollment::SelfCheckStamp;

namespace {

constexpr int kPatience = 20'000;
const enrollment::SoftwareStamp kProgram{"1.0.0", "abc"};

enrollment::ProductProfile profileOf(std::optional<std::chrono::hours> maxAge)
{
    enrollment::ProductProfile profile;
    profile.stamp.sha256 = "p1";
    profile.selfCheckMaxAge = maxAge;
    return profile;
}

SelfCheckStamp madeNow(bool passed)
{
    return {utcNow(), passed, kProgram, "p1"};
}

SelfCheckStamp madeBefore(std::chrono::milliseconds ago, bool passed)
{
    auto stamp = madeNow(passed);
    stamp.at -= ago;
    return stamp;
}

/// Looks at what is kept once more, and waits until that is taken.
bool look(StationSelfCheck& check, ui::BackgroundReader& reader)
{
    bool isTaken = false;
    check.lookAgain(reader);
    const auto behind = reader.ask<int>([](auto&, const auto&) -> Result<int> { return 0; },
                                        [&](const Result<int>&) { isTaken = true; });
    return QTest::qWaitFor([&] { return isTaken; }, kPatience);
}

/// Checks that come to what the test says, one after another; the last again and again.
struct Checks {
    std::vector<Result<SelfCheckStamp>> results;
    std::shared_ptr<std::atomic<int>> made = std::make_shared<std::atomic<int>>(0);

    StationSelfCheck::Check operator()() const
    {
        return [results = results, made = made](const std::stop_token&) {
            const auto number = static_cast<std::size_t>((*made)++);
            return results.at(std::min(number, results.size() - 1));
        };
    }
};

std::optional<ErrorCode> faultOf(const StationSelfCheck& check)
{
    const auto fault = check.fault();
    return fault ? std::optional<ErrorCode>{fault->code} : std::nullopt;
}

} // namespace

class StationSelfCheckTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_root = std::make_unique<QTemporaryDir>();
        m_data = m_root->path().toStdString();
    }

    void oneThatIsOverdueIsMadeByItself()
    {
        const Checks checks{{madeNow(true)}};
        const StationSelfCheck check(m_data, profileOf(std::chrono::hours{12}), kProgram, checks());
        QVERIFY(faultOf(check) == ErrorCode{StationCode::SelfCheckOverdue}); // no test before it
        QTRY_VERIFY_WITH_TIMEOUT(!check.fault(), kPatience);
        QCOMPARE(checks.made->load(), 1);
    }

    void oneThatIsFreshIsNotMadeAgain()
    {
        QVERIFY(db::self_check::writeSelfCheck(m_data, madeNow(true)).ok());
        const Checks checks{{madeNow(false)}};
        StationSelfCheck check(m_data, profileOf(std::chrono::hours{12}), kProgram, checks());
        bool looked = false;
        connect(&check, &StationSelfCheck::changed, &check, [&] { looked = true; });
        QTRY_VERIFY_WITH_TIMEOUT(looked, kPatience);
        QVERIFY(!check.fault() && !check.isRunning());
        QCOMPARE(checks.made->load(), 0);
    }

    void eachShiftBeginsWithOne()
    {
        QVERIFY(db::self_check::writeSelfCheck(m_data, madeNow(true)).ok());
        const auto shift = utcNow() + std::chrono::milliseconds{1};
        auto first = madeNow(true);
        first.at = shift;
        const Checks checks{{first, madeNow(false)}};
        StationSelfCheck check(m_data, profileOf(std::chrono::hours{12}), kProgram, checks());
        check.beginFor(shift);
        QVERIFY(!check.fault()); // the latest counts until this one is made
        QTRY_COMPARE_WITH_TIMEOUT(checks.made->load(), 1, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!check.isRunning(), kPatience);
        check.beginFor(shift); // whose badge takes the place of another's goes on with it
        QVERIFY(!check.isRunning());
        check.beginFor(shift + std::chrono::hours{8});
        QTRY_VERIFY_WITH_TIMEOUT(faultOf(check) == ErrorCode{StationCode::SelfCheckFailed}, kPatience);
        QCOMPARE(checks.made->load(), 2);
    }

    /// The one before still counts; the shift owes its own all the same.
    void thatOfAShiftIsTriedAgainWhileItCannotBeMade()
    {
        QVERIFY(db::self_check::writeSelfCheck(m_data, madeBefore(std::chrono::minutes{1}, true)).ok());
        const auto shift = utcNow();
        const auto missing = makeError(StationCode::InternalFault, "swtpm is not installed");
        auto late = madeNow(false);
        late.at = shift + std::chrono::milliseconds{1};
        const Checks checks{{missing, missing, late}};
        StationSelfCheck check(m_data, profileOf(std::chrono::hours{12}), kProgram, checks(),
                               std::chrono::milliseconds{10});
        check.beginFor(shift);
        QTRY_VERIFY_WITH_TIMEOUT(faultOf(check) == ErrorCode{StationCode::SelfCheckFailed}, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!check.isRunning(), kPatience);
        QCOMPARE(checks.made->load(), 3);
    }

    void withoutAProfileThatAsksNoShiftDoes()
    {
        const Checks checks{{madeNow(false)}};
        StationSelfCheck check(m_data, profileOf(std::nullopt), kProgram, checks());
        check.beginFor(utcNow());
        QVERIFY(!check.isRunning());
        QCOMPARE(checks.made->load(), 0);
    }

    void whatDoesNotPassStopsTheStationUntilItDoes()
    {
        const Checks checks{{madeNow(false), madeNow(true)}};
        StationSelfCheck check(m_data, profileOf(std::chrono::hours{12}), kProgram, checks());
        QTRY_VERIFY_WITH_TIMEOUT(faultOf(check) == ErrorCode{StationCode::SelfCheckFailed}, kPatience);
        QVERIFY(!check.isRunning()); // nobody passes by trying often
        check.begin();
        QVERIFY(faultOf(check) == ErrorCode{StationCode::SelfCheckFailed}); // until it has passed
        QTRY_VERIFY_WITH_TIMEOUT(!check.fault(), kPatience);
    }

    void whatCannotBeMadeSaysWhy()
    {
        const Checks checks{{makeError(StationCode::InternalFault, "swtpm is not installed")}};
        StationSelfCheck check(m_data, profileOf(std::chrono::hours{12}), kProgram, checks());
        std::optional<Result<void>> told;
        connect(&check, &StationSelfCheck::ended, &check, [&](const Result<void>& result) { told = result; });
        QTRY_VERIFY_WITH_TIMEOUT(told, kPatience);
        QVERIFY(!told->ok() && told->error().what.find("swtpm") != std::string::npos);
        QVERIFY(faultOf(check) == ErrorCode{StationCode::SelfCheckOverdue});
        QVERIFY(check.fault()->what.find("swtpm is not installed") != std::string::npos);
    }

    void oneThatAgesIsMadeAsSoonAsItIsDue()
    {
        constexpr std::chrono::hours kMaxAge{12};
        auto kept = madeNow(true);
        kept.at += std::chrono::seconds{2} - kMaxAge;
        QVERIFY(db::self_check::writeSelfCheck(m_data, kept).ok());
        const Checks checks{{madeNow(true)}};
        const StationSelfCheck check(m_data, profileOf(kMaxAge), kProgram, checks());
        QTRY_COMPARE_WITH_TIMEOUT(checks.made->load(), 1, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!check.fault(), kPatience);
    }

    void oneThatCannotBeMadeIsTriedAgainAndToldOnce()
    {
        const auto missing = makeError(StationCode::InternalFault, "swtpm is not installed");
        const Checks checks{{missing, missing, missing, madeNow(true)}};
        StationSelfCheck check(m_data, profileOf(std::chrono::hours{12}), kProgram, checks(),
                               std::chrono::milliseconds{10});
        int began = 0;
        std::vector<bool> ended;
        connect(&check, &StationSelfCheck::began, &check, [&] { ++began; });
        connect(&check, &StationSelfCheck::ended, &check, [&](const Result<void>& one) { ended.push_back(one.ok()); });
        QTRY_VERIFY_WITH_TIMEOUT(!check.fault(), kPatience);
        QCOMPARE(checks.made->load(), 4);
        QCOMPARE(began, 1);
        QVERIFY((ended == std::vector<bool>{false, true}));
    }

    void whoAsksForOneThatIsTriedAgainIsTold()
    {
        auto goOn = std::make_shared<std::latch>(1);
        auto made = std::make_shared<std::atomic<int>>(0);
        StationSelfCheck check(
            m_data, profileOf(std::chrono::hours{12}), kProgram,
            [goOn, made](const std::stop_token&) -> Result<SelfCheckStamp> {
                if (++*made == 2) {
                    goOn->wait();
                }
                return makeError(StationCode::InternalFault, "swtpm is not installed");
            },
            std::chrono::milliseconds{10});
        int began = 0;
        int ended = 0;
        connect(&check, &StationSelfCheck::began, &check, [&] { ++began; });
        connect(&check, &StationSelfCheck::ended, &check, [&] { ++ended; });
        QTRY_COMPARE_WITH_TIMEOUT(made->load(), 2, kPatience);
        check.begin();
        goOn->count_down();
        QCOMPARE(began, 2);
        QTRY_COMPARE_WITH_TIMEOUT(ended, 2, kPatience);
    }

    void whatAnotherProgramCheckedLaterCounts()
    {
        ui::BackgroundReader reader(app::desktop::journalConnection({.dataDirectory = m_data, .destinations = {}}));
        QVERIFY(db::self_check::writeSelfCheck(m_data, madeBefore(std::chrono::minutes{2}, true)).ok());
        const Checks checks{{madeNow(false), madeNow(true)}};
        StationSelfCheck check(m_data, profileOf(std::chrono::hours{12}), kProgram, checks());
        QVERIFY(look(check, reader));
        QVERIFY(!check.fault());

        QVERIFY(db::self_check::writeSelfCheck(m_data, madeBefore(std::chrono::minutes{1}, false)).ok());
        bool isTold = false;
        connect(&check, &StationSelfCheck::changed, &check, [&] { isTold = true; });
        QVERIFY(look(check, reader));
        QVERIFY(faultOf(check) == ErrorCode{StationCode::SelfCheckFailed});
        QVERIFY(isTold);
        QCOMPARE(checks.made->load(), 0);

        // A file opens no station that did not pass: anybody can write one.
        QVERIFY(db::self_check::writeSelfCheck(m_data, madeBefore(std::chrono::seconds{30}, true)).ok());
        QVERIFY(look(check, reader));
        QVERIFY(faultOf(check) == ErrorCode{StationCode::SelfCheckFailed});
        QTRY_COMPARE_WITH_TIMEOUT(checks.made->load(), 1, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!check.isRunning(), kPatience);
        QVERIFY(faultOf(check) == ErrorCode{StationCode::SelfCheckFailed});
        QVERIFY(db::self_check::writeSelfCheck(m_data, madeNow(true)).ok());
        QVERIFY(look(check, reader));
        QTRY_VERIFY_WITH_TIMEOUT(!check.fault(), kPatience);
        QCOMPARE(checks.made->load(), 2);
    }

    void whatAnotherProgramCheckedAtAnotherTimeDoesNotCount_data()
    {
        QTest::addColumn<int>("hours");
        QTest::newRow("before ours") << -1;
        QTest::newRow("still to come, as after the clock was set back") << 1;
    }

    void whatAnotherProgramCheckedAtAnotherTimeDoesNotCount()
    {
        QFETCH(const int, hours);
        ui::BackgroundReader reader(app::desktop::journalConnection({.dataDirectory = m_data, .destinations = {}}));
        const Checks checks{{madeNow(true)}};
        StationSelfCheck check(m_data, profileOf(std::chrono::hours{12}), kProgram, checks());
        QTRY_VERIFY_WITH_TIMEOUT(!check.fault(), kPatience);
        QVERIFY(db::self_check::writeSelfCheck(m_data, madeBefore(std::chrono::hours{-hours}, false)).ok());
        QVERIFY(look(check, reader));
        QVERIFY(!check.fault());
        QCOMPARE(checks.made->load(), 1);
    }

    void aLaterOneOfAnotherProfileIsFollowedByOneOfOurs()
    {
        ui::BackgroundReader reader(app::desktop::journalConnection({.dataDirectory = m_data, .destinations = {}}));
        QVERIFY(db::self_check::writeSelfCheck(m_data, madeBefore(std::chrono::minutes{2}, true)).ok());
        const Checks checks{{madeNow(true)}};
        StationSelfCheck check(m_data, profileOf(std::chrono::hours{12}), kProgram, checks());
        auto another = madeBefore(std::chrono::minutes{1}, true);
        another.profileSha256 = "p2";
        QVERIFY(db::self_check::writeSelfCheck(m_data, another).ok());
        QVERIFY(look(check, reader));
        QTRY_COMPARE_WITH_TIMEOUT(checks.made->load(), 1, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!check.fault(), kPatience);
    }

    void aProfileThatAsksForNoneChecksOnlyOnDemand()
    {
        const Checks checks{{madeNow(true)}};
        StationSelfCheck check(m_data, profileOf(std::nullopt), kProgram, checks());
        QCoreApplication::processEvents();
        QVERIFY(!check.fault() && !check.isRunning());
        bool passed = false;
        connect(&check, &StationSelfCheck::ended, &check, [&](const Result<void>& result) { passed = result.ok(); });
        check.begin();
        check.begin(); // one is under way
        QTRY_VERIFY_WITH_TIMEOUT(passed, kPatience);
        QCOMPARE(checks.made->load(), 1);
    }

    void aFileThatCannotBeReadIsReplacedByTheNextCheck()
    {
        std::filesystem::create_directory(db::self_check::selfCheckFile(m_data));
        const Checks checks{{madeNow(true)}};
        const StationSelfCheck check(m_data, profileOf(std::chrono::hours{12}), kProgram, checks());
        QVERIFY(faultOf(check) == ErrorCode{StationCode::SelfCheckOverdue});
        QTRY_VERIFY_WITH_TIMEOUT(!check.fault(), kPatience);
    }

    void aCheckUnderWayEndsWithTheStation()
    {
        auto began = std::make_shared<std::latch>(1);
        {
            StationSelfCheck check(m_data, profileOf(std::nullopt), kProgram,
                                   [began](const std::stop_token& stop) -> Result<SelfCheckStamp> {
                                       std::latch stopped(1);
                                       const std::stop_callback end(stop, [&] { stopped.count_down(); });
                                       began->count_down();
                                       stopped.wait();
                                       return makeError(StationCode::InternalFault, "stopped");
                                   });
            check.begin();
            began->wait();
            QVERIFY(check.isRunning());
        }
        QCoreApplication::processEvents(); // what the thread said is told to nobody
    }

private:
    std::unique_ptr<QTemporaryDir> m_root;
    std::filesystem::path m_data;
};

QTEST_GUILESS_MAIN(StationSelfCheckTest)
#include "tst_station_self_check.moc"
