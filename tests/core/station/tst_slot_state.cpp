#include "core/station/slot_state.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using attestation::AttestationStep;
using enrollment::SerialNumber;

namespace {

const SerialNumber kSerial{"GX-000183"};
const SlotState kReady = SlotReady{kSerial};
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
};

QTEST_APPLESS_MAIN(SlotStateTest)
#include "tst_slot_state.moc"
