#include "core/station/slot_state.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using attestation::AttestationStep;
using enrollment::SerialNumber;

namespace {

const SerialNumber kSerial{"GX-000183"};
const SlotState kReady = SlotReady{kSerial};
const KeptTest kTest{kSerial, UtcTime{std::chrono::hours{1}}};
const SlotState kUnknown = SlotUnknown{kTest, true};
const SlotState kRunning = SlotRunning{kSerial, AttestationStep::Connect, {}, {}, false};

SlotState finishedState(Outcome outcome = Outcome::Pass)
{
    enrollment::AttestationRun run;
    run.serialNumber = kSerial;
    run.outcome = outcome;
    return SlotFinished{run};
}

RunFinished endOfRun()
{
    return {std::get<SlotFinished>(finishedState()).run};
}

} // namespace

class SlotStateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bindsASerialToAnEmptySlot() { QVERIFY(nextState(SlotEmpty{}, SerialBound{kSerial}) == kReady); }

    void aNewSerialClearsTheResult()
    {
        const SerialNumber other{"GX-000184"};
        QVERIFY(nextState(finishedState(), SerialBound{other}) == SlotState{SlotReady{other}});
    }

    void aSerialNeverDisturbsARunningSlot()
    {
        QVERIFY(nextState(kRunning, SerialBound{SerialNumber{"GX-000184"}}) == kRunning);
    }

    void onlyAWaitingSerialIsTakenBack()
    {
        QVERIFY(nextState(kReady, SerialTakenBack{}) == SlotState{SlotEmpty{}});
        QVERIFY(nextState(kRunning, SerialTakenBack{}) == kRunning);
        QVERIFY(nextState(finishedState(), SerialTakenBack{}) == finishedState());
    }

    void onlyAResultIsAcknowledged()
    {
        QVERIFY(nextState(finishedState(Outcome::Fail), ResultAcknowledged{}) == SlotState{SlotEmpty{}});
        QVERIFY(nextState(kRunning, ResultAcknowledged{}) == kRunning);
        QVERIFY(nextState(kReady, ResultAcknowledged{}) == kReady);
    }

    void startsOnlyWithASerial()
    {
        QVERIFY(std::holds_alternative<SlotRunning>(nextState(kReady, RunStarted{})));
        QVERIFY(nextState(SlotEmpty{}, RunStarted{}) == SlotState{SlotEmpty{}});
        QVERIFY(nextState(finishedState(), RunStarted{}) == finishedState());
    }

    void aStepKeepsTheStartOfTheRun()
    {
        const auto start = std::chrono::steady_clock::now();
        const auto later = start + std::chrono::seconds{3};
        const auto started = nextState(kReady, RunStarted{start});
        const auto stepped =
            std::get<SlotRunning>(nextState(started, StepBegan{AttestationStep::TestAttestation, later}));
        QVERIFY(stepped.step == AttestationStep::TestAttestation);
        QVERIFY(stepped.startedAt == start);
        QVERIFY(stepped.stepStartedAt == later);
    }

    void aStepOfAFinishedRunChangesNothing()
    {
        QVERIFY(nextState(finishedState(), StepBegan{AttestationStep::Record, {}}) == finishedState());
    }

    void aStopIsRememberedUntilTheRunEnds()
    {
        const auto stopping = nextState(kRunning, StopAsked{});
        QVERIFY(std::get<SlotRunning>(stopping).stopAsked);
        const auto stepped = nextState(stopping, StepBegan{AttestationStep::Record, {}});
        QVERIFY(std::get<SlotRunning>(stepped).stopAsked);
    }

    void aStopOfAWaitingSlotChangesNothing() { QVERIFY(nextState(kReady, StopAsked{}) == kReady); }

    void onlyARunningSlotFinishes()
    {
        QVERIFY(nextState(kRunning, endOfRun()) == finishedState());
        QVERIFY(nextState(kReady, endOfRun()) == kReady);
        QVERIFY(nextState(SlotEmpty{}, endOfRun()) == SlotState{SlotEmpty{}});
    }

    void whatWasKeptIsUnknownUntilTheJournalWasSearched()
    {
        const auto shown = nextState(SlotEmpty{}, TestKept{kTest});
        QVERIFY(shown == (SlotState{SlotUnknown{kTest, false}}));
        QVERIFY(nextState(shown, TestNotFound{}) == kUnknown);
        for (const auto outcome : {Outcome::Pass, Outcome::Fail, Outcome::Hold, Outcome::StationFault}) {
            const auto result = finishedState(outcome);
            const auto found = std::get<SlotFinished>(nextState(shown, TestFound{std::get<SlotFinished>(result).run}));
            QVERIFY(found.run == std::get<SlotFinished>(result).run && found.restored);
            QVERIFY(!std::get<SlotFinished>(result).restored);
        }
    }

    /// Also where a destination says something of its record.
    void aResultFromBeforeTheRestartStaysOne()
    {
        const auto shown = nextState(kUnknown, TestFound{std::get<SlotFinished>(finishedState()).run});
        QVERIFY(std::get<SlotFinished>(nextState(shown, RecordJudged{true})).restored);
        QVERIFY(nextState(shown, SerialBound{kSerial}) == kReady);
        QVERIFY(!std::get<SlotFinished>(nextState(kRunning, endOfRun())).restored);
    }

    /// No journal says more of a test of which not even the serial number is known.
    void aTestWithoutASerialNumberIsNotSearchedFor()
    {
        const KeptTest lost{std::nullopt, UtcTime{std::chrono::hours{1}}};
        QVERIFY(nextState(SlotEmpty{}, TestKept{lost}) == (SlotState{SlotUnknown{lost, true}}));
    }

    /// Its device may be another one by now: nothing starts it again without a scan.
    void aRunThatWasStoppedIsUnknown()
    {
        const auto stopped = std::get<SlotFinished>(finishedState(Outcome::Aborted)).run;
        QVERIFY(nextState(SlotUnknown{kTest, false}, TestFound{stopped}) == kUnknown);
    }

    void aRecordThatWasRejectedMeanwhileTakesThePassBack()
    {
        auto run = std::get<SlotFinished>(finishedState()).run;
        run.record.emplace().state = enrollment::RecordState::Rejected;
        QVERIFY(std::get<SlotFinished>(nextState(kUnknown, TestFound{run})).recordRejected);
        run.record->state = enrollment::RecordState::Accepted;
        QVERIFY(!std::get<SlotFinished>(nextState(kUnknown, TestFound{run})).recordRejected);
    }

    /// Somebody was faster than the journal.
    void aSlotInWhichSomebodyWentOnIsLeftAlone()
    {
        for (const auto& state : {SlotState{SlotEmpty{}}, kReady, kRunning, finishedState()}) {
            QVERIFY(nextState(state, TestFound{std::get<SlotFinished>(finishedState(Outcome::Fail)).run}) == state);
            QVERIFY(nextState(state, TestNotFound{}) == state);
        }
        QVERIFY(nextState(kReady, TestKept{kTest}) == kReady);
    }

    void anUnknownTestIsAcknowledgedOrTestedAgain()
    {
        QVERIFY(nextState(kUnknown, ResultAcknowledged{}) == SlotState{SlotEmpty{}});
        QVERIFY(nextState(kUnknown, SerialBound{kSerial}) == kReady);
        QVERIFY(nextState(kUnknown, SerialTakenBack{}) == kUnknown);
        QVERIFY(nextState(kUnknown, RunStarted{}) == kUnknown);
        QVERIFY(nextState(kUnknown, endOfRun()) == kUnknown);
        QVERIFY(nextState(kUnknown, RecordJudged{true}) == kUnknown);
    }
};

QTEST_APPLESS_MAIN(SlotStateTest)
#include "tst_slot_state.moc"
