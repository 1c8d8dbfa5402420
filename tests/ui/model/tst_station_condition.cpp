#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "ui/model/station_condition.h"

#include <QTest>

using namespace enroll;
using namespace enroll::ui;
using namespace std::chrono_literals;
using delivery::UploadProgress;

namespace {

const QDateTime kNine(QDate(2026, 11, 19), QTime(9, 14));
const QDateTime kTen(QDate(2026, 11, 19), QTime(10, 0));

UploadState refusedAtNine()
{
    UploadState upload;
    upload.take({.total = 3, .left = 3, .lastError = makeError(CloudCode::RefusedSignIn, "401")}, kNine);
    return upload;
}

} // namespace

class StationConditionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theNextTryDoesNotEndATrouble()
    {
        auto upload = refusedAtNine();
        upload.take({.total = 3, .left = 3, .lastError = {}}, kTen); // a drain begins
        QVERIFY(upload.trouble && upload.trouble->code == CloudCode::RefusedSignIn);
        upload.take({.total = 3, .left = 3, .lastError = makeError(CloudCode::RefusedSignIn, "401")}, kTen);
        QCOMPARE(upload.troubleSince, kNine);
    }

    void anAnswerEndsATrouble()
    {
        auto upload = refusedAtNine();
        upload.take({.total = 3, .accepted = 1, .left = 2, .lastError = {}}, kTen);
        QVERIFY(!upload.trouble);
    }

    void aScannerThatDoesNotAnswerIsSaid()
    {
        const station::SlotBoard board(std::vector{enrollment::SlotNumber{1}});
        const auto lost = makeError(StationCode::ScannerLost, "/dev/ttyACM0 was disconnected");
        const auto condition = stationCondition(board, std::nullopt, {}, {}, lost);
        QCOMPARE(condition.state, StationCondition::State::Degraded);
        QVERIFY(condition.reason.contains(QStringLiteral("S-342")));
        QCOMPARE(stationCondition(board, makeError(StationCode::JournalCannotSave, "full"), {}, {}, lost).state,
                 StationCondition::State::Stopped);
    }

    void nothingLeftToSendEndsATrouble()
    {
        auto upload = refusedAtNine();
        upload.take({}, kTen);
        QVERIFY(!upload.trouble);
    }

    void anotherProgramThatSendsIsNoTrouble()
    {
        UploadState upload;
        const auto elsewhere = makeError(StationCode::JournalBusy, "another program is sending to this destination");
        upload.take({.total = 3, .left = 3, .waiting = 2s, .lastError = elsewhere}, kNine);
        QVERIFY(!upload.trouble);
    }

    void aLongWaitSaysWhenItEnds()
    {
        const station::SlotBoard board(std::vector{enrollment::SlotNumber{1}});
        UploadState upload;
        const auto busy = makeError(CloudCode::Busy, "429");
        upload.take({.total = 3, .left = 3, .waiting = 60min, .lastError = busy}, kNine);
        QVERIFY(stationCondition(board, {}, {upload}).reason.contains(QLatin1String("10:14")));
        upload.take({.total = 3, .left = 3, .waiting = 8s, .lastError = busy}, kTen);
        QVERIFY(!stationCondition(board, {}, {upload}).reason.contains(QLatin1String("10:00")));
    }

    /// Makers add authorities within weeks: whoever looks at the station sees how old its own are.
    void aReadyStationSaysHowOldItsTrustIs()
    {
        const station::SlotBoard board(std::vector{enrollment::SlotNumber{1}});
        const auto ready = stationCondition(board, {}, {}, {.days = 41});
        QVERIFY(ready.state == StationCondition::State::Ready);
        QVERIFY(ready.reason.contains(QLatin1String("41")) && ready.reason.contains(QLatin1String("authorities")));
        QVERIFY(!stationCondition(board, {}, {}, {.days = 0}).reason.isEmpty());
        QVERIFY(stationCondition(board, {}, {}).reason.isEmpty());
        QVERIFY(!stationCondition(board, {}, {refusedAtNine()}, {.days = 41}).reason.contains(QLatin1String("41")));
    }

    /// Nobody vouches for any chip: the station can test, and nothing that it tests will pass.
    void aStationThatTrustsNobodyIsNotReady()
    {
        const station::SlotBoard board(std::vector{enrollment::SlotNumber{1}});
        const TrustState nobody{.missing = true};
        const auto condition = stationCondition(board, {}, {}, nobody);
        QVERIFY(condition.state == StationCondition::State::Degraded);
        QVERIFY(stationCondition(board, {}, {refusedAtNine()}, nobody) == condition); // the graver one
        const auto fault = makeError(StationCode::JournalCannotSave, "disk full");
        QVERIFY(stationCondition(board, fault, {}, nobody).state == StationCondition::State::Stopped);
    }

    void aStationThatCannotReadItsTrustIsNotReady()
    {
        const station::SlotBoard board(std::vector{enrollment::SlotNumber{1}});
        auto unread = makeError(StationCode::TrustUnreadable, "nonsense");
        unread.subject = "makers/odd.pem";
        const auto condition = stationCondition(board, {}, {}, {.fault = unread, .days = 3});
        QVERIFY(condition.state == StationCondition::State::Stopped);
        QVERIFY(condition.reason.startsWith(QLatin1String("S-347")));
        QVERIFY(condition.reason.contains(QLatin1String("makers/odd.pem")));
    }

    void devicesThatWereLostTogetherAreTheStationsTrouble()
    {
        station::SlotBoard board({{1}, {2}, {3}});
        for (const auto slot : board.slots()) {
            QVERIFY(stationCondition(board, {}, {}).state == StationCondition::State::Ready);
            enrollment::AttestationRun run;
            run.outcome = Outcome::Fail;
            run.code = DeviceCode::TpmTimedOut;
            run.tpm.emplace();
            board.apply(slot, station::SerialBound{enrollment::SerialNumber{std::to_string(slot.value)}});
            board.apply(slot, station::RunStarted{});
            board.apply(slot, station::RunFinished{run});
        }
        const auto condition = stationCondition(board, {}, {});
        QVERIFY(condition.state == StationCondition::State::Degraded);
        QVERIFY2(condition.reason.contains(QLatin1String("1, 2, 3")), qPrintable(condition.reason));
    }

    /// Until somebody dealt with each of them.
    void slotsOfWhichNothingIsKnownAreATrouble()
    {
        station::SlotBoard board({{1}, {2}});
        board.apply({2}, station::TestKept{{std::nullopt, UtcTime{1h}}});
        QVERIFY(stationCondition(board, std::nullopt, {}).state == StationCondition::State::Degraded);
        QVERIFY(*board.acknowledge({2}));
        QVERIFY(stationCondition(board, std::nullopt, {}).state == StationCondition::State::Ready);
    }

    void aJournalThatStaysBusyIsATrouble()
    {
        UploadState upload;
        upload.take({.total = 3, .left = 3, .lastError = makeError(StationCode::JournalBusy, "locked")}, kNine);
        QVERIFY(upload.trouble);
        QCOMPARE(upload.troubleSince, kNine);
    }
};

QTEST_GUILESS_MAIN(StationConditionTest)
#include "tst_station_condition.moc"
