#include "core/attestation/step_trail.h"
#include "core/base/device_code.h"
#include "tests/support/recording_steps.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;

class tst_step_trail : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void beginningAStepEndsTheOneBefore()
    {
        test::RecordingSteps reporter;
        StepTrail trail{reporter, reporter.stop()};
        QVERIFY(trail.begin(AttestationStep::Connect).ok());
        QVERIFY(reporter.finished.empty());
        QVERIFY(trail.begin(AttestationStep::IdentifyTpm).ok());
        QCOMPARE(reporter.finished.size(), std::size_t{1});
        QCOMPARE(reporter.finished.front().step, AttestationStep::Connect);
        QCOMPARE(reporter.finished.front().outcome, StepOutcome::Ok);
    }

    void keepsWhatWasNoted()
    {
        test::RecordingSteps reporter;
        StepTrail trail{reporter, reporter.stop()};
        QVERIFY(trail.begin(AttestationStep::Connect).ok());
        trail.note(StepOutcome::Finding, "odd");
        trail.close();
        QCOMPARE(reporter.finished.front().outcome, StepOutcome::Finding);
        QCOMPARE(reporter.finished.front().detail, std::string{"odd"});
    }

    void failingEndsTheOpenStepWithTheErrorsWords()
    {
        test::RecordingSteps reporter;
        StepTrail trail{reporter, reporter.stop()};
        QVERIFY(trail.begin(AttestationStep::Connect).ok());
        trail.fail(makeError(DeviceCode::NoTpmAnswers, "nobody there"));
        QCOMPARE(reporter.finished.front().outcome, StepOutcome::Failed);
        QCOMPARE(reporter.finished.front().detail, std::string{"D-101: nobody there"});
    }

    void aRefusedStepNeverBeganAndTheOneBeforeEnded()
    {
        test::RecordingSteps reporter{AttestationStep::IdentifyTpm};
        StepTrail trail{reporter, reporter.stop()};
        QVERIFY(trail.begin(AttestationStep::Connect).ok());
        const auto refused = trail.begin(AttestationStep::IdentifyTpm);
        QCOMPARE(refused.error().code, DeviceCode::Cancelled);
        trail.fail(refused.error());
        QCOMPARE(reporter.finished.size(), std::size_t{1});
        QCOMPARE(reporter.finished.front().outcome, StepOutcome::Ok);
    }

    void aStepThatMustNotBeLeftOutBeginsAfterAStop()
    {
        test::RecordingSteps reporter{AttestationStep::Record};
        StepTrail trail{reporter, reporter.stop()};
        QVERIFY(trail.begin(AttestationStep::CheckPolicy).ok());
        trail.beginInAnyCase(AttestationStep::Record);
        QVERIFY(reporter.stop().stop_requested());
        QCOMPARE(reporter.begun.back(), AttestationStep::Record);
        QCOMPARE(reporter.finished.size(), std::size_t{1});
    }

    void stepsThatNeverBeganAreSkipped()
    {
        test::RecordingSteps reporter;
        StepTrail trail{reporter, reporter.stop()};
        QVERIFY(trail.begin(AttestationStep::Connect).ok());
        trail.close();
        const auto steps = trail.upTo(AttestationStep::CheckPolicy);
        QCOMPARE(steps.size(), std::size_t{7});
        QCOMPARE(steps[0].outcome, StepOutcome::Ok);
        QCOMPARE(steps[1].step, AttestationStep::IdentifyTpm);
        QCOMPARE(steps[1].outcome, StepOutcome::Skipped);
        QCOMPARE(steps[6].step, AttestationStep::CheckPolicy);
    }

    void stepsReadAsInTheRunDocument()
    {
        std::string words;
        for (const auto step : kAllSteps) {
            words += std::string{stepText(step)} + " ";
        }
        QCOMPARE(words, std::string{"connect identify-tpm read-endorsement-key verify-ek-certificate "
                                    "provision-storage-root-key test-attestation check-policy record "});
        QCOMPARE(stepOutcomeText(StepOutcome::Skipped), std::string_view{"skipped"});
        QCOMPARE(stepOutcomeText(StepOutcome::Finding), std::string_view{"finding"});
    }
};

QTEST_GUILESS_MAIN(tst_step_trail)
#include "tst_step_trail.moc"
