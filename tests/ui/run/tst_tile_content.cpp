#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "core/base/station_code.h"
#include "tests/ui/run/tile_samples.h"
#include "ui/model/catalog_text.h"
#include "ui/model/step_names.h"
#include "ui/run/page_tab.h"
#include "ui/run/tile_content.h"

#include <QTest>

using namespace enroll;
using namespace enroll::ui;
using namespace std::chrono_literals;
using attestation::AttestationStep;
using enrollment::SerialNumber;
using test::recordIn;
using test::sampleRun;

namespace {

const auto kNow = std::chrono::steady_clock::time_point{1h};

TileContent contentOf(const station::SlotState& state)
{
    return tileContent(state, {{3}, "tcp://10.7.3.18:2321", kNow});
}

TileContext contextOf(Turn turn)
{
    TileContext context{{3}, "tcp://10.7.3.18:2321", kNow};
    context.turn = turn;
    return context;
}

station::SlotState running(AttestationStep step, std::chrono::milliseconds inStep)
{
    return station::SlotRunning{SerialNumber{"GX-000184"}, step, kNow - 14s, kNow - inStep, false};
}

} // namespace

class TileContentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEmptySlotAsksForASerial()
    {
        const auto tile = contentOf(station::SlotEmpty{});
        QVERIFY(tile.look == TileLook::Ready);
        QVERIFY(tile.serialRole == SerialRole::Placeholder);
        QCOMPARE(tile.device, QStringLiteral("10.7.3.18:2321"));
        QVERIFY(tile.marks.front().symbol == RecordSymbol::None);
    }

    void onlyTheNextSlotAsksForASerialWhereThereAreMore()
    {
        auto context = contextOf(Turn::Next);
        const auto next = tileContent(station::SlotEmpty{}, context);
        QVERIFY(next.next);
        QCOMPARE(next.word, nextWord());
        context.turn = Turn::Later;
        const auto later = tileContent(station::SlotEmpty{}, context);
        QVERIFY(!later.next);
        QVERIFY(later.word != next.word);
        QVERIFY(later.instruction != next.instruction);
    }

    /// A profile may fail what is held else, and hold what fails else.
    void handsFollowTheOutcomeAndNotTheCode()
    {
        for (const ErrorCode code : {ErrorCode{DeviceCode::EkCertificateMissing}, ErrorCode{HoldCode::SerialHasOtherEk},
                                     ErrorCode{DeviceCode::SoftwareTpmRefused}}) {
            for (const auto outcome : {Outcome::Fail, Outcome::Hold}) {
                const auto tile = contentOf(station::SlotFinished{sampleRun(outcome, code, "GX-000186")});
                QCOMPARE(tile.code, std::optional{code});
                QVERIFY(tile.instruction.endsWith(instructionText(code, outcome)));
                QCOMPARE(tile.instruction.endsWith(instructionText(code)), describe(code).verdict == outcome);
            }
        }
    }

    void aTestThatNobodySawEndIsUnknownAndNotCounted()
    {
        const station::KeptTest test{SerialNumber{"GX-000185"}, utcNow()};
        const auto tile = contentOf(station::SlotUnknown{test, true});
        QVERIFY(tile.look == TileLook::Unknown);
        QCOMPARE(tile.word, QStringLiteral("UNKNOWN"));
        QCOMPARE(tile.serial, QStringLiteral("GX-000185"));
        QVERIFY(tile.noRecord == NoRecord::NotCounted && tile.marks.empty() && !tile.code);
        QVERIFY(tile.instruction.startsWith(QStringLiteral("Test again")));
        QCOMPARE(tile.corner.size(), QStringLiteral("14:32").size());
        QCOMPARE(accessibleText(tile),
                 QStringLiteral("Slot 3, UNKNOWN, GX-000185. Test again: F2, then scan its label. "
                                "No verdict, not counted."));
    }

    /// The journal may hold a verdict: nobody is sent to test it again.
    void untilTheJournalWasSearchedNobodyIsAskedToTestAgain()
    {
        const station::KeptTest test{SerialNumber{"GX-000185"}, UtcTime{}};
        const auto waits = contentOf(station::SlotUnknown{test, false});
        const auto known = contentOf(station::SlotUnknown{test, true});
        QVERIFY(waits.look == TileLook::Unknown);
        QVERIFY(waits.instruction != known.instruction);
        QCOMPARE(known.corner.size(), QStringLiteral("2026-11-29").size());
    }

    /// Whoever waits for it would wait for ever.
    void aJournalThatCannotBeSearchedIsNamedWithWhatToDo()
    {
        const station::SlotState state = station::SlotUnknown{{SerialNumber{"GX-000185"}, utcNow()}, false};
        auto context = contextOf(Turn::Later);
        const auto waits = tileContent(state, context);
        QVERIFY(!waits.code);
        for (const auto testing : {Testing::Allowed, Testing::Stopped}) {
            context.testing = testing;
            context.searchFault = makeError(StationCode::JournalAltered, "of this test");
            const auto says = tileContent(state, context);
            QVERIFY(says.look == TileLook::Unknown);
            QVERIFY(says.code == ErrorCode{StationCode::JournalAltered});
            QCOMPARE(says.instruction, instructionText(StationCode::JournalAltered));
            QVERIFY(says.reason.contains(headlineText(StationCode::JournalAltered)));
        }
        const station::SlotState known = station::SlotUnknown{{SerialNumber{"GX-000185"}, utcNow()}, true};
        QVERIFY(!tileContent(known, context).code); // it was searched before
    }

    void aSlotOfWhichNothingIsKnownAsksForATest()
    {
        const station::SlotState state = station::SlotUnknown{{std::nullopt, utcNow()}, true};
        auto context = contextOf(Turn::Later);
        context.searchFault = makeError(StationCode::JournalAltered, "of this test"); // it has no say in this
        const auto tile = tileContent(state, context);
        QVERIFY(tile.look == TileLook::Unknown && tile.serialRole == SerialRole::Placeholder && !tile.code);
        QVERIFY(tile.noRecord == NoRecord::NotCounted);
        QVERIFY(!tile.instruction.isEmpty() && !tile.reason.isEmpty());
        const station::SlotState other = station::SlotUnknown{{SerialNumber{"GX-000185"}, utcNow()}, true};
        QVERIFY(tile.instruction != tileContent(other, context).instruction);
        QVERIFY(tileContent(state, contextOf(Turn::Next)).next);
    }

    /// Nobody saw whether its device stayed, and how old it is counts from the end of its run.
    void aResultFromBeforeTheRestartSaysSo()
    {
        for (const auto outcome : {Outcome::Pass, Outcome::Fail, Outcome::Hold, Outcome::StationFault}) {
            auto run = sampleRun(outcome, std::nullopt, "GX-000183");
            run.startedAt = utcNow() - 3h;
            run.duration = 90s;
            const auto before = contentOf(station::SlotFinished{run, false, true});
            const auto now = contentOf(station::SlotFinished{run});
            QVERIFY(before.endedBefore == run.startedAt + run.duration && !before.before.isEmpty());
            QVERIFY(!now.endedBefore && now.before.isEmpty());
            QCOMPARE(before.look, now.look);
            QVERIFY(accessibleText(before).contains(before.before));
            QCOMPARE(before.instruction != now.instruction, outcome == Outcome::Pass); // it may be another's device
        }
    }

    void aPassFromBeforeTheRestartKnowsWhetherADeviceIsIn()
    {
        const auto state = test::restored(sampleRun(Outcome::Pass, std::nullopt, "GX-000183"));
        auto context = contextOf(Turn::Insert);
        context.presence = station::Presence::Present;
        const auto in = tileContent(state, context).instruction;
        context.presence = station::Presence::Absent;
        QVERIFY(tileContent(state, context).instruction != in);
    }

    void anUnknownDeviceThatIsChosenAsksForItsLabel()
    {
        const station::SlotState state = station::SlotUnknown{{SerialNumber{"GX-000185"}, utcNow()}, true};
        const auto chosen = tileContent(state, contextOf(Turn::Next));
        QVERIFY(chosen.next);
        QCOMPARE(chosen.word, QStringLiteral("UNKNOWN"));
        QVERIFY(chosen.instruction != contentOf(state).instruction);
    }

    /// Each says what the hands do, and none sends them to a key that is not needed.
    void aSerialThatWaitsSaysWhatStartsIt()
    {
        using enum station::StartBy;
        const station::SlotState state = station::SlotReady{enrollment::SerialNumber{"GX-000181"}};
        QSet<QString> instructions;
        for (const auto presence : {station::Presence::Absent, station::Presence::Present}) {
            auto context = contextOf(Turn::Later);
            context.presence = presence;
            for (const auto by : {Key, Itself}) {
                context.startBy = by;
                instructions.insert(tileContent(state, context).instruction);
            }
        }
        QCOMPARE(instructions.size(), 4);
        auto context = contextOf(Turn::Later);
        context.presence = station::Presence::Present;
        context.startBy = Answer;
        const auto asked = tileContent(state, context);
        QVERIFY(!instructions.contains(asked.instruction));
        QCOMPARE(noteOf({&asked}).waiting, 1); // seen on the tab of another page, too
        context.startBy = Key;
        const auto ready = tileContent(state, context);
        QCOMPARE(noteOf({&ready}).waiting, 0);
    }

    void aDeviceWithoutASerialIsNotReady()
    {
        auto context = contextOf(Turn::Insert);
        const auto free = tileContent(station::SlotEmpty{}, context);
        context.presence = station::Presence::Present;
        context.unnamed = true;
        const auto asked = tileContent(station::SlotEmpty{}, context);
        QCOMPARE(asked.word, whoseWord());
        QVERIFY(asked.word != free.word);
        QVERIFY(asked.look != free.look); // told apart at two metres
        QVERIFY(accessibleText(asked).contains(whoseWord()));
        context.turn = Turn::Next; // somebody chose it
        context.scanMeansDeviceIn = true;
        const auto chosen = tileContent(station::SlotEmpty{}, context);
        QCOMPARE(chosen.word, whoseWord());
        QVERIFY(chosen.next);
        QVERIFY(chosen.instruction != asked.instruction);
    }

    void everyFreeSlotNamesTheSerialInHand()
    {
        auto context = contextOf(Turn::Insert);
        context.inHand = SerialNumber{"GX-000184"};
        QVERIFY(tileContent(station::SlotEmpty{}, context).instruction.contains(QLatin1String("GX-000184")));
        context.unnamed = true; // its device may be the one, and may not
        QVERIFY(!tileContent(station::SlotEmpty{}, context).instruction.contains(QLatin1String("GX-000184")));
    }

    void aPassSaysWhetherItsDeviceIsOut()
    {
        const auto state = station::SlotFinished{sampleRun(Outcome::Pass, std::nullopt, "GX-000183")};
        auto context = contextOf(Turn::Insert);
        const auto inside = tileContent(state, context);
        context.resultLeft = true;
        const auto out = tileContent(state, context);
        QCOMPARE(out.word, inside.word);
        QVERIFY(out.instruction != inside.instruction);
        context.inHand = SerialNumber{"GX-000184"};
        QVERIFY(tileContent(state, context).instruction.contains(QLatin1String("GX-000184")));
        const auto fail = station::SlotFinished{sampleRun(Outcome::Fail, DeviceCode::AttestationWrong, "GX-000183")};
        QCOMPARE(tileContent(fail, context).instruction, contentOf(fail).instruction); // where it goes stays to be read
    }

    void aStoppedTestSaysWhetherItNeedsAScan()
    {
        const auto state = station::SlotFinished{sampleRun(Outcome::Aborted, DeviceCode::Cancelled, "GX-000183")};
        auto context = contextOf(Turn::Later);
        const auto again = tileContent(state, context);
        context.startsAgain = false;
        const auto scanned = tileContent(state, context);
        QVERIFY(scanned.look == TileLook::Stopped && scanned.instruction != again.instruction);
        const station::SlotUnknown unknown{{SerialNumber{"GX-000183"}, utcNow()}, true};
        QCOMPARE(scanned.instruction, tileContent(unknown, context).instruction);
        context.turn = Turn::Next; // it is chosen already
        QCOMPARE(tileContent(state, context).instruction, tileContent(unknown, context).instruction);
    }

    /// The device that is in is another one: nobody may take it for the one that passed.
    void aResultGivesWayToTheQuestionWhoseDeviceIsIn()
    {
        auto context = contextOf(Turn::Insert);
        context.presence = station::Presence::Present;
        context.resultLeft = true;
        context.unnamed = true;
        for (const auto outcome : {Outcome::Pass, Outcome::Aborted}) {
            station::SlotFinished state{sampleRun(outcome, std::nullopt, "GX-000183")};
            const auto asked = tileContent(state, context);
            QVERIFY(asked.look == TileLook::Whose);
            QVERIFY(shownState(state, context) == station::SlotState{station::SlotEmpty{}});
            QVERIFY(!asked.serial.contains(QLatin1String("GX-000183")));
            QVERIFY(asked.marks == contentOf(station::SlotEmpty{}).marks);
        }
        for (const auto outcome : {Outcome::Fail, Outcome::Hold, Outcome::StationFault}) { // it waits for a person
            station::SlotFinished state{sampleRun(outcome, DeviceCode::AttestationWrong, "GX-000183")};
            const auto kept = tileContent(state, context);
            QCOMPARE(kept.word, contentOf(state).word);
            QCOMPARE(kept.instruction, contentOf(state).instruction);
            QVERIFY(kept.reason != contentOf(state).reason); // and asks whose device is in
            QVERIFY(shownState(state, context) == station::SlotState{state});
        }
        const auto state = station::SlotFinished{sampleRun(Outcome::Pass, std::nullopt, "GX-000183")};
        context.testing = Testing::Stopped; // nobody can answer now
        QVERIFY(tileContent(state, context).look == TileLook::Pass);
        context.testing = Testing::Allowed;
        context.unnamed = false;
        QVERIFY(tileContent(state, context).look == TileLook::Pass);
        context.unnamed = true;
        QVERIFY(tileContent(station::SlotFinished{state.run, true}, context).look != TileLook::Whose);
    }

    void aPassThatIsNextKeepsItsWord()
    {
        const auto state = station::SlotFinished{test::sampleRun(Outcome::Pass, std::nullopt, "GX-000183")};
        const auto tile = tileContent(state, contextOf(Turn::Next));
        QVERIFY(tile.next);
        QCOMPARE(tile.word, contentOf(state).word);
        QVERIFY(accessibleText(tile).contains(nextWord()));
    }

    void neitherARunNorAStoppedStationIsNext()
    {
        auto context = contextOf(Turn::Next);
        QVERIFY(!tileContent(running(AttestationStep::Connect, 1s), context).next);
        context.testing = Testing::Stopped;
        QVERIFY(!tileContent(station::SlotEmpty{}, context).next);
    }

    void aBoundSlotPromisesOnlyKeysThatStartIt()
    {
        const auto tile = contentOf(station::SlotReady{SerialNumber{"GX-000184"}});
        QVERIFY(tile.instruction.contains(QLatin1String("F4")));
        QVERIFY(!tile.instruction.contains(QLatin1String("Enter")));
    }

    void connectAndIdentifyAreOneStep()
    {
        QCOMPARE(shownStep(AttestationStep::Connect), 1);
        QCOMPARE(shownStep(AttestationStep::IdentifyTpm), 1);
        QCOMPARE(shownStep(AttestationStep::Record), kShownSteps);
        QCOMPARE(kShownSteps, 7);
    }

    void aRunningSlotNamesItsStep()
    {
        const auto tile = contentOf(running(AttestationStep::ProvisionStorageRootKey, 6s));
        QVERIFY(tile.look == TileLook::Running);
        QCOMPARE(tile.progress->current, 4);
        QCOMPARE(tile.instruction, stepName(AttestationStep::ProvisionStorageRootKey));
        QCOMPARE(tile.corner, QStringLiteral("0:14"));
        QVERIFY(tile.progress->pace == StepPace::Unmeasured);
        QVERIFY(tile.progress->elapsed == 6s);
    }

    void aPassAsksForTheDevice()
    {
        const auto tile = contentOf(station::SlotFinished{sampleRun(Outcome::Pass, std::nullopt, "GX-000183")});
        QVERIFY(tile.look == TileLook::Pass);
        QVERIFY(!tile.code);
        const auto bound = contentOf(station::SlotReady{SerialNumber{"GX-000183"}});
        QVERIFY(!tile.instruction.isEmpty() && tile.instruction != bound.instruction);
        QCOMPARE(tile.corner, QStringLiteral("0.8 s"));
        QCOMPARE(tile.device, QStringLiteral("IFX SLB9670"));
    }

    void everyCodeShowsItsOwnInstruction_data()
    {
        QTest::addColumn<QString>("code");
        for (const auto& row : allCodes()) {
            if (row.verdict) {
                QTest::newRow(std::string(row.text).c_str()) << QString::fromStdString(std::string(row.text));
            }
        }
    }
    void everyCodeShowsItsOwnInstruction()
    {
        QFETCH(QString, code);
        const auto& row = describe(*errorCodeFromText(code.toStdString()));
        const auto tile = contentOf(station::SlotFinished{sampleRun(*row.verdict, row.code, "GX-000185")});
        QCOMPARE(tile.corner.toStdString(), std::string(row.text));
        QVERIFY(tile.code == row.code);
        QVERIFY(tile.instruction.endsWith(QString::fromStdString(std::string(row.instruction))));
        QVERIFY(!tile.reason.contains(QLatin1Char('%')));
    }

    void aStationFaultIsNeverAFailOfTheDevice()
    {
        const auto run = sampleRun(Outcome::StationFault, StationCode::StationCannotReachPort, "GX-000187");
        const auto tile = contentOf(station::SlotFinished{run});
        QVERIFY(tile.look == TileLook::Station);
        QVERIFY(tile.noRecord == NoRecord::NotCounted);
        QVERIFY(!tile.record.isEmpty() && tile.marks.empty());
    }

    void saysThatNothingWasRecorded()
    {
        const auto run = sampleRun(Outcome::StationFault, StationCode::JournalCannotSave, "GX-000187");
        QVERIFY(contentOf(station::SlotFinished{run}).noRecord == NoRecord::NotRecorded);
    }

    void aHoldNamesTheOtherSerial()
    {
        const auto run = sampleRun(Outcome::Hold, HoldCode::EkEnrolledElsewhere, "GX-000186");
        const auto reason = contentOf(station::SlotFinished{run}).reason;
        QCOMPARE(reason, headlineText(HoldCode::EkEnrolledElsewhere, QStringLiteral("GX-000118")));
        QVERIFY(reason.contains(QLatin1String("GX-000118")));
    }

    void theSubjectIsNotReadOutOfTheHeadline()
    {
        auto run = sampleRun(Outcome::Hold, HoldCode::EkEnrolledElsewhere, "GX-000186");
        run.headline = "A headline that a later catalog words in another way.";
        QCOMPARE(contentOf(station::SlotFinished{run}).reason,
                 headlineText(HoldCode::EkEnrolledElsewhere, QStringLiteral("GX-000118")));
    }

    void aSubjectThatNobodyKnewIsAnotherDevice()
    {
        auto run = sampleRun(Outcome::Hold, HoldCode::EkEnrolledElsewhere, "GX-000186");
        run.subject.emplace();
        QCOMPARE(contentOf(station::SlotFinished{run}).reason, headlineText(HoldCode::EkEnrolledElsewhere));
    }

    void aRunWithoutASubjectKeepsItsHeadline()
    {
        auto run = sampleRun(Outcome::Hold, HoldCode::EkEnrolledElsewhere, "GX-000186");
        run.subject.reset(); // as an older program recorded it
        QCOMPARE(contentOf(station::SlotFinished{run}).reason.toStdString(), run.headline);
    }

    void theOutboxOutranksWhatTheRunSaid()
    {
        const auto run = sampleRun(Outcome::Pass, std::nullopt, "GX-000183");
        TileContext context{{3}, run.device, kNow};
        context.record = run.record;
        context.record->state = enrollment::RecordState::Accepted;
        const auto tile = tileContent(station::SlotFinished{run}, context);
        QVERIFY(tile.marks.at(1).symbol == RecordSymbol::Accepted);
    }

    void aRejectedRecordShowsItsCode()
    {
        const auto mark = recordMarks(recordIn(enrollment::RecordState::Rejected, "U-409")).at(1);
        QVERIFY(mark.symbol == RecordSymbol::Rejected);
        QCOMPARE(mark.code, QStringLiteral("U-409"));
        QVERIFY(mark.word.contains(mark.code));
    }

    void aRecordWithoutAnAnswerDoesNotClaimThatItArrived()
    {
        const auto mark = recordMarks(recordIn(enrollment::RecordState::Sent)).at(1);
        QVERIFY(mark.symbol == RecordSymbol::Queued);
        for (const auto other : {enrollment::RecordState::Queued, enrollment::RecordState::Accepted}) {
            QVERIFY(mark.word != recordMarks(recordIn(other)).at(1).word);
        }
    }

    void aRejectedRecordTakesThePassBack()
    {
        const auto run = sampleRun(Outcome::Pass, std::nullopt, "GX-000183");
        TileContext context{{3}, run.device, kNow};
        context.record = recordIn(enrollment::RecordState::Rejected, "U-409");
        const auto tile = tileContent(station::SlotFinished{run}, context);
        QVERIFY(tile.look == TileLook::Rejected);
        QVERIFY(tile.code == CloudCode::HasOtherKey);
        QCOMPARE(tile.instruction, instructionText(CloudCode::HasOtherKey));
        QCOMPARE(tile.reason, headlineText(CloudCode::HasOtherKey));

        context.record = recordIn(enrollment::RecordState::Queued); // somebody has it sent again
        QVERIFY(tileContent(station::SlotFinished{run}, context).look == TileLook::Pass);
    }

    void settingARecordAsideDoesNotGiveThePassBack()
    {
        const auto run = sampleRun(Outcome::Pass, std::nullopt, "GX-000183");
        TileContext context{{3}, run.device, kNow};
        context.record = recordIn(enrollment::RecordState::SetAside, "U-410");
        const auto tile = tileContent(station::SlotFinished{run}, context);
        QVERIFY(tile.look == TileLook::Rejected);
        QVERIFY(tile.code == CloudCode::HoldsOtherSettings);
        const auto mark = recordMarks(*context.record).at(1);
        QVERIFY(mark.symbol == RecordSymbol::Rejected);
        QCOMPARE(mark.code, QStringLiteral("U-410"));
    }

    void aRejectionByACodeOfANewerProgramIsNoPassEither()
    {
        const auto run = sampleRun(Outcome::Pass, std::nullopt, "GX-000183");
        TileContext context{{3}, run.device, kNow};
        context.record = recordIn(enrollment::RecordState::Rejected, "U-999");
        const auto tile = tileContent(station::SlotFinished{run}, context);
        QVERIFY(tile.look == TileLook::Rejected);
        QCOMPARE(tile.corner, QStringLiteral("U-999"));
        QVERIFY(!tile.instruction.isEmpty() && !tile.reason.isEmpty());
    }

    void aVerdictWithoutAKnownCodeDoesNotClaimThatAllPassed()
    {
        auto run = sampleRun(Outcome::Fail, std::nullopt, "GX-000185");
        run.headline = "What only a newer program can find.";
        const auto tile = contentOf(station::SlotFinished{run});
        QVERIFY(tile.look == TileLook::Fail);
        QCOMPARE(tile.reason, QStringLiteral("What only a newer program can find."));
        QVERIFY(tile.instruction.isEmpty());
    }

    void readsAloudWhatThenState()
    {
        const auto run = sampleRun(Outcome::Fail, DeviceCode::TpmSelfTestFailed, "GX-000185");
        QCOMPARE(accessibleText(contentOf(station::SlotFinished{run})),
                 QStringLiteral("Slot 3, FAIL, D-104, GX-000185. RED bin. Saved."));
    }
};

QTEST_GUILESS_MAIN(TileContentTest)
#include "tst_tile_content.moc"
