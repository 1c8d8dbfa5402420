#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/delivery/claimed_elsewhere.h"
#include "core/delivery/uploader.h"
#include "tests/core/delivery/uploader_bench.h"
#include "tests/support/code_text.h"

#include <QtTest>

#include <algorithm>
#include <iterator>

using namespace enroll;
using namespace enroll::delivery;
using namespace enroll::test;
using enrollment::RecordState;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

using Log = std::vector<std::string>;

} // namespace

class TestUploader : public QObject, UploaderBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { beginAnew(); }
    void sendsTwentyThreeRecordsInThreeCalls();
    void closesEachEntryByItsOwnOutcome();
    void countsWhatWasRejectedEarlier();
    void readsBackInsteadOfSendingAgainAfterALostAnswer();
    void sendsAgainWhatDidNotArrive();
    void readsBackWhatAnInterruptedRunHadSent();
    void sendsNothingWhileTheReadBackFails();
    void stopsWhenSignInIsRefused();
    void givesUpAfterSoManyFailuresInARow();
    void countsFailuresInARowOnly();
    void oneRecordWithTroubleDoesNotHoldUpTheOthers();
    void oneRecordThatSpoilsEveryCallDoesNotHoldUpTheOthers();
    void oneRecordThatCannotBeReadBackDoesNotHoldUpTheOthers_data();
    void oneRecordThatCannotBeReadBackDoesNotHoldUpTheOthers();
    void closesNothingWhereEveryRecordIsRefused();
    void goesOnPastChunksThatWereRefusedAlike();
    void leavesACancelledCallInDoubt();
    void reportsAJournalThatCannotClose();
    void waitsForAnotherUploaderToFinish();
    void endsWithATrueReportWhileAnotherUploaderSends();
    void letsOthersSendWhileNothingIsOpen();
    void followsUntilStopped();
    void tellsHowFarItIs();
    void countsWhatIsLeftOnceAPass();
};

void TestUploader::sendsTwentyThreeRecordsInThreeCalls()
{
    fill(23);

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"send 10", "send 10", "send 3"}));
    QCOMPARE(report.accepted, std::size_t{23});
    QCOMPARE(report.left, std::size_t{0});
    QVERIFY(!report.stoppedBy);
    QCOMPARE(m_outbox->count(RecordState::Accepted), 23);
}

void TestUploader::closesEachEntryByItsOwnOutcome()
{
    fill(3);
    m_destination->always("dev-002",
                          Trouble{TroubleKind::RefusedRecord, makeError(CloudCode::HasOtherKey, "another key"), {}});

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{2});
    QCOMPARE(report.rejected.size(), std::size_t{1});
    QCOMPARE(report.rejected[0].registrationId, idNumber(2));
    QCOMPARE(report.rejected[0].code, CloudCode::HasOtherKey);
    QCOMPARE(report.rejected[0].reason, std::string{"another key"});
    QVERIFY(!report.rejected[0].headline.empty() && !report.rejected[0].nextStep.empty());
    QCOMPARE(m_outbox->closing(1), (OutboxClosing{2, RecordState::Rejected, "U-409", "another key"}));
    QCOMPARE(m_outbox->closing(2), (OutboxClosing{3, RecordState::Accepted, "", ""}));
}

void TestUploader::countsWhatWasRejectedEarlier()
{
    fill(3);
    m_destination->always("dev-002", Trouble{TroubleKind::RefusedRecord, makeError(CloudCode::HasOtherKey, "no"), {}});

    QCOMPARE(drain().rejectedEarlier, std::size_t{0});
    QCOMPARE(drain().rejectedEarlier, std::size_t{1});
}

void TestUploader::readsBackInsteadOfSendingAgainAfterALostAnswer()
{
    fill(10);
    m_destination->then(met(TroubleKind::InDoubt, CloudCode::Unreachable), ScriptedDestination::Arrives::Yes);

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"send 10", "read 10"}));
    QCOMPARE(m_destination->mostDeliveries(), 1);
    QCOMPARE(report.accepted, std::size_t{10});
}

void TestUploader::sendsAgainWhatDidNotArrive()
{
    fill(10);
    m_destination->then(met(TroubleKind::InDoubt, CloudCode::TimedOut));

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"send 10", "read 10", "send 10"}));
    QCOMPARE(m_destination->mostDeliveries(), 1);
    QCOMPARE(report.accepted, std::size_t{10});
}

void TestUploader::readsBackWhatAnInterruptedRunHadSent()
{
    m_outbox->add(recordNumber(1), RecordState::Sent);
    m_outbox->add(recordNumber(2), RecordState::Sent);
    m_outbox->add(recordNumber(3));
    m_destination->holds(idNumber(1)); // its answer was lost with the process; number 2 never left the station

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"read 2", "send 2"}));
    QCOMPARE(m_destination->mostDeliveries(), 1);
    QCOMPARE(report.accepted, std::size_t{3});
}

void TestUploader::sendsNothingWhileTheReadBackFails()
{
    m_outbox->add(recordNumber(1), RecordState::Sent);
    m_outbox->add(recordNumber(2));
    m_destination->readBackFails(met(TroubleKind::Unreachable, CloudCode::Unreachable));

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"read 1", "read 1", "send 2"}));
    QCOMPARE(report.accepted, std::size_t{2});
}

void TestUploader::stopsWhenSignInIsRefused()
{
    fill(12);
    m_destination->then(met(TroubleKind::NeedsPerson, CloudCode::RefusedSignIn));

    const auto report = drain();

    QCOMPARE(m_destination->log, Log{"send 10"});
    QCOMPARE(report.stoppedBy->code, CloudCode::RefusedSignIn);
    QCOMPARE(report.left, std::size_t{12});
    QVERIFY(report.rejected.empty());
    QVERIFY(m_waiting->waits().empty());
}

void TestUploader::givesUpAfterSoManyFailuresInARow()
{
    fill(2);
    m_options.mode = DrainOnce{.mostFailuresInARow = 3};
    for (int i = 0; i < 9; ++i) {
        m_destination->then(met(TroubleKind::Unreachable, CloudCode::Unreachable));
    }

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"send 2", "send 2", "send 2"}));
    QCOMPARE(report.stoppedBy->code, CloudCode::Unreachable);
    QVERIFY(report.stoppedBy->what.ends_with("start the upload again later"));
    QCOMPARE(report.left, std::size_t{2});
}

void TestUploader::countsFailuresInARowOnly()
{
    fill(30);
    m_options.mode = DrainOnce{.mostFailuresInARow = 2};
    for (int i = 0; i < 3; ++i) {
        m_destination->then(met(TroubleKind::Busy, CloudCode::Busy));
        m_destination->then(Accepted{}, ScriptedDestination::Arrives::Yes);
    }

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{30});
    QVERIFY(!report.stoppedBy);
}

void TestUploader::oneRecordWithTroubleDoesNotHoldUpTheOthers()
{
    fill(25);
    m_options.mode = DrainOnce{.mostFailuresInARow = 2};
    m_destination->always("dev-003", met(TroubleKind::Busy, CloudCode::Fault));

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{24});
    QCOMPARE(report.left, std::size_t{1});
    QCOMPARE(report.stoppedBy->code, CloudCode::Fault);
    QCOMPARE(m_destination->mostDeliveries(), 1);
}

void TestUploader::oneRecordThatSpoilsEveryCallDoesNotHoldUpTheOthers()
{
    fill(25);
    m_destination->spoils("dev-004", met(TroubleKind::InDoubt, CloudCode::Fault));

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{24});
    QCOMPARE(report.left, std::size_t{1});
    QCOMPARE(report.stoppedBy->code, CloudCode::Fault);
    QCOMPARE(m_destination->mostDeliveries(), 1);
}

void TestUploader::oneRecordThatCannotBeReadBackDoesNotHoldUpTheOthers_data()
{
    QTest::addColumn<QString>("code");
    QTest::newRow("refused") << test::textOf(CloudCode::RefusedRequest);
    QTest::newRow("no answer to it") << test::textOf(CloudCode::AnswerMalformed);
    QTest::newRow("a fault") << test::textOf(CloudCode::Fault);
}

void TestUploader::oneRecordThatCannotBeReadBackDoesNotHoldUpTheOthers()
{
    QFETCH(QString, code);
    m_outbox->add(recordNumber(1), RecordState::Sent);
    m_outbox->add(recordNumber(2), RecordState::Sent);
    for (int i = 3; i <= 25; ++i) {
        m_outbox->add(recordNumber(i));
    }
    m_destination->readBackFailsFor("dev-001", met(TroubleKind::InDoubt, test::codeNamed(code)));

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{24});
    QCOMPARE(report.left, std::size_t{1});
    QCOMPARE(report.stoppedBy->code, test::codeNamed(code));
    QCOMPARE(m_destination->mostDeliveries(), 1);
}

void TestUploader::closesNothingWhereEveryRecordIsRefused()
{
    fill(125);
    for (int i = 0; i < 10; ++i) {
        m_destination->then(met(TroubleKind::RefusedAll, CloudCode::RefusesAll));
    }

    const auto refused = drain();

    QCOMPARE(m_destination->log, Log(10, "send 10"));
    QCOMPARE(refused.stoppedBy->code, CloudCode::RefusesAll);
    QVERIFY(refused.rejected.empty());
    QCOMPARE(refused.left, std::size_t{125});

    const auto mended = drain(); // the destination takes records again

    QCOMPARE(mended.accepted, std::size_t{125});
    QVERIFY(!mended.stoppedBy);
    QCOMPARE(m_destination->mostDeliveries(), 1);
}

void TestUploader::goesOnPastChunksThatWereRefusedAlike()
{
    fill(35);
    m_destination->then(met(TroubleKind::RefusedAll, CloudCode::RefusesAll));
    m_destination->then(met(TroubleKind::RefusedAll, CloudCode::RefusesAll, seconds{42}));

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"send 10", "send 10", "send 10", "send 5"}));
    QCOMPARE(m_waiting->waits(), std::vector{milliseconds{42000}}); // as it asked
    QCOMPARE(report.accepted, std::size_t{15});
    QCOMPARE(report.left, std::size_t{20});
    QCOMPARE(report.stoppedBy->code, CloudCode::RefusesAll);
    QVERIFY(report.stoppedBy->what.find("; 20 of 35 records were refused") != std::string::npos);
    QVERIFY(report.stoppedBy->what.ends_with("; 15 others were accepted"));
    QCOMPARE(report.refusedAlike.size(), std::size_t{20});
    QCOMPARE(report.refusedAlike.front().registrationId, m_outbox->entry(0).record.registrationId);
}

void TestUploader::leavesACancelledCallInDoubt()
{
    fill(2);
    m_destination->onSend = [this](auto) { m_stop->request_stop(); };

    const auto report = drain();

    QCOMPARE(report.stoppedBy->code, DeviceCode::Cancelled);
    QCOMPARE(m_outbox->count(RecordState::Sent), 2);
}

void TestUploader::reportsAJournalThatCannotClose()
{
    fill(2);
    m_outbox->failOn("close", makeError(StationCode::JournalBusy, "locked"));

    const auto report = drain();

    QCOMPARE(report.stoppedBy->code, StationCode::JournalBusy);
    QVERIFY(!isClaimedElsewhere(*report.stoppedBy)); // somebody has to end what locks it
    QCOMPARE(report.accepted, std::size_t{0});
    QCOMPARE(m_outbox->count(RecordState::Sent), 2);
}

void TestUploader::waitsForAnotherUploaderToFinish()
{
    fill(2);
    m_outbox->claimedByOthers(3);
    bool claimed = false;
    m_destination->onSend = [&](auto) { claimed = m_outbox->claimed(); };

    const auto report = drain();

    QVERIFY(claimed);
    QCOMPARE(m_waiting->waits(), std::vector(3, milliseconds{1000}));
    QCOMPARE(report.accepted, std::size_t{2});
    QVERIFY(!m_outbox->claimed());
}

void TestUploader::endsWithATrueReportWhileAnotherUploaderSends()
{
    fill(2);
    m_outbox->claimedByOthers(1000);

    const auto report = drain();

    QVERIFY(m_destination->log.empty());
    QCOMPARE(report.stoppedBy->code, StationCode::JournalBusy);
    QVERIFY(isClaimedElsewhere(*report.stoppedBy));
    QCOMPARE(report.left, std::size_t{2});
    QCOMPARE(m_waiting->waits().size(), std::size_t{5});
}

void TestUploader::letsOthersSendWhileNothingIsOpen()
{
    fill(1);
    m_options.mode = FollowUntilStopped{milliseconds{2000}};
    std::vector<bool> claimed;
    m_waiting->onWait([&] {
        claimed.push_back(m_outbox->claimed());
        m_outbox->claimedByOthers(1);
        if (claimed.size() == 2) {
            m_stop->request_stop();
        }
    });

    const auto report = drain();

    QCOMPARE(claimed, (std::vector{false, false}));
    QCOMPARE(m_destination->log, Log{"send 1"});
    QCOMPARE(report.stoppedBy->code, DeviceCode::Cancelled);
}

void TestUploader::followsUntilStopped()
{
    fill(1);
    m_options.mode = FollowUntilStopped{milliseconds{2000}};
    m_waiting->onWait([this] {
        if (m_waiting->waits().size() == 3) {
            m_stop->request_stop();
        } else {
            m_outbox->add(recordNumber(1 + static_cast<int>(m_waiting->waits().size())));
        }
    });

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"send 1", "send 1", "send 1"}));
    QCOMPARE(report.accepted, std::size_t{3});
    QCOMPARE(report.stoppedBy->code, DeviceCode::Cancelled);
    QCOMPARE(m_outbox->enqueued(), 3);
}

void TestUploader::tellsHowFarItIs()
{
    fill(12);
    m_destination->then(met(TroubleKind::Busy, CloudCode::Busy, seconds{5}));

    drain();

    QCOMPARE(m_sink->seen.front().total, std::size_t{12});
    const auto waiting = std::ranges::find_if(m_sink->seen, [](const auto& p) { return p.waiting > milliseconds{0}; });
    QVERIFY(waiting != m_sink->seen.end());
    QCOMPARE(waiting->waiting, milliseconds{5000});
    QCOMPARE(waiting->lastError->code, CloudCode::Busy);
    QCOMPARE(m_sink->seen.back().accepted, std::size_t{12});
    QCOMPARE(m_sink->seen.back().left, std::size_t{0});
}

void TestUploader::countsWhatIsLeftOnceAPass()
{
    for (int number = 1; number <= 45; ++number) {
        m_outbox->add(recordNumber(number));
    }
    QCOMPARE(drain().left, std::size_t{0});
    QCOMPARE(m_outbox->counted(), 3); // at the beginning, for the pass, at the end; five chunks were sent
    std::vector<std::size_t> left;
    std::ranges::transform(m_sink->seen, std::back_inserter(left), &UploadProgress::left);
    QVERIFY((left == std::vector<std::size_t>{45, 35, 25, 15, 5, 0, 0}));
}

QTEST_APPLESS_MAIN(TestUploader)
#include "tst_uploader.moc"
