#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/delivery/uploader.h"
#include "tests/core/delivery/uploader_bench.h"

#include <QtTest>

#include <algorithm>

using namespace enroll;
using namespace enroll::delivery;
using namespace enroll::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

using Log = std::vector<std::string>;

} // namespace

/// How long the uploader stays away, and from what on it would rather end.
class TestUploaderWaits : public QObject, UploaderBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { beginAnew(); }
    void waitsAsLongAsTheServiceAsks();
    void waitsEvenIfOnlyOneRecordWasTurnedAway();
    void doesNotWaitAnHourForAPerson_data();
    void doesNotWaitAnHourForAPerson();
    void waitsAnHourWhereItFollows();
    void sendsAgainAfterBeingTurnedAway();
    void stopsDuringTheBackOff();
    void sendsNothingOfAJournalThatWasAlteredDuringAPause();
};

void TestUploaderWaits::waitsAsLongAsTheServiceAsks()
{
    fill(2);
    m_destination->then(met(TroubleKind::Busy, CloudCode::Busy, seconds{42}));

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{2});
    QCOMPARE(m_waiting->waits(), std::vector{milliseconds{42000}});
}

void TestUploaderWaits::waitsEvenIfOnlyOneRecordWasTurnedAway()
{
    fill(20);
    m_destination->always("dev-010", met(TroubleKind::Busy, CloudCode::Busy, seconds{42}));
    std::vector<std::vector<milliseconds>> waitsBefore;
    m_destination->onSend = [&](auto) {
        waitsBefore.push_back(m_waiting->waits());
        if (waitsBefore.size() == 3) {
            m_destination->forget("dev-010");
        }
    };

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"send 10", "send 10", "send 1"}));
    QCOMPARE(waitsBefore.at(1), std::vector{milliseconds{42000}});
    QCOMPARE(waitsBefore.at(2), std::vector{milliseconds{42000}});
    QCOMPARE(report.accepted, std::size_t{20});
}

void TestUploaderWaits::doesNotWaitAnHourForAPerson_data()
{
    QTest::addColumn<bool>("onlyOne");
    QTest::newRow("all were turned away") << false;
    QTest::newRow("one was turned away") << true;
}

void TestUploaderWaits::doesNotWaitAnHourForAPerson()
{
    QFETCH(bool, onlyOne);
    fill(20);
    const auto busy = met(TroubleKind::Busy, CloudCode::Busy, seconds{3600});
    if (onlyOne) {
        m_destination->always("dev-010", busy);
    } else {
        m_destination->then(busy);
    }

    const auto report = drain();

    QCOMPARE(m_destination->log, Log{"send 10"});
    QVERIFY(m_waiting->waits().empty());
    QCOMPARE(report.left, onlyOne ? std::size_t{11} : std::size_t{20});
    QCOMPARE(report.stoppedBy->code, CloudCode::AsksForLongWait);
    QVERIFY(report.stoppedBy->what.find("left alone until 20") != std::string::npos);
}

void TestUploaderWaits::waitsAnHourWhereItFollows()
{
    fill(2);
    m_options.mode = FollowUntilStopped{};
    m_destination->then(met(TroubleKind::Busy, CloudCode::Busy, seconds{3600}));
    m_waiting->onWait([this] { m_stop->request_stop(); });

    drain();

    QCOMPARE(m_waiting->waits(), std::vector<milliseconds>{seconds{3600}});
    QVERIFY(std::ranges::any_of(m_sink->seen, [](const auto& told) { return told.waiting == seconds{3600}; }));
}

void TestUploaderWaits::sendsAgainAfterBeingTurnedAway()
{
    fill(2);
    m_destination->then(met(TroubleKind::Busy, CloudCode::Fault));
    m_destination->then(met(TroubleKind::Busy, CloudCode::Fault));

    drain();

    QCOMPARE(m_destination->log, (Log{"send 2", "send 2", "send 2"}));
    QCOMPARE(m_waiting->waits(), (std::vector{milliseconds{1000}, milliseconds{2000}}));
    QCOMPARE(m_outbox->entry(0).attempts, 3);
}

void TestUploaderWaits::sendsNothingOfAJournalThatWasAlteredDuringAPause()
{
    fill(2);
    m_destination->then(met(TroubleKind::Unreachable, CloudCode::Unreachable));
    m_waiting->onWait([this] { m_outbox->failOn("claim", makeError(StationCode::JournalAltered, "altered")); });

    const auto report = drain();

    QCOMPARE(m_destination->log, Log{"send 2"});
    QCOMPARE(report.stoppedBy->code, StationCode::JournalAltered);
    QCOMPARE(report.left, std::size_t{2});
}

void TestUploaderWaits::stopsDuringTheBackOff()
{
    fill(2);
    m_destination->then(met(TroubleKind::Busy, CloudCode::Busy, seconds{30}));
    m_waiting->onWait([this] { m_stop->request_stop(); });

    const auto report = drain();

    QCOMPARE(m_destination->log, Log{"send 2"});
    QCOMPARE(report.stoppedBy->code, DeviceCode::Cancelled);
    QCOMPARE(report.left, std::size_t{2});
}

QTEST_APPLESS_MAIN(TestUploaderWaits)
#include "tst_uploader_waits.moc"
