#include "core/base/device_code.h"
#include "tests/core/enrollment/enrollment_line.h"

#include <QTest>

using namespace enroll;
using namespace enroll::enrollment;
using attestation::AttestationStep;
using attestation::StepOutcome;
using test::Line;
using test::recordStepOf;

class TestEnrollDeviceStops : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stopBetweenAnyTwoStepsIsRecordedAsAborted_data()
    {
        QTest::addColumn<AttestationStep>("step");
        for (const auto step : attestation::kAllSteps) {
            if (step != AttestationStep::Record) {
                QTest::newRow(attestation::stepText(step).data()) << step;
            }
        }
    }
    void stopBetweenAnyTwoStepsIsRecordedAsAborted()
    {
        QFETCH(AttestationStep, step);
        Line line;
        line.steps = test::RecordingSteps{step};

        const auto run = line.enroll();

        QCOMPARE(run.outcome, Outcome::Aborted);
        QCOMPARE(run.code, DeviceCode::Cancelled);
        test::verifyStoredWithoutARecord(line, run);
    }

    void stopAfterTheVerdictTakesNoVerdictBack()
    {
        Line line;
        line.steps = test::RecordingSteps{AttestationStep::Record};

        const auto run = line.enroll();

        QVERIFY(line.steps.stop().stop_requested());
        QCOMPARE(run.outcome, Outcome::Pass);
        QCOMPARE(line.journal.records().size(), std::size_t{1});
        QCOMPARE(recordStepOf(run), StepOutcome::Ok);
    }

    void stopEndsAnAttestationWithoutARecordByTheSameRule()
    {
        Line early;
        early.steps = test::RecordingSteps{AttestationStep::CheckPolicy};
        QCOMPARE(attestOnly(early.order, early.tpm, early.steps, early.steps.stop()).outcome, Outcome::Aborted);
        Line late;
        late.steps = test::RecordingSteps{AttestationStep::Record};
        QCOMPARE(attestOnly(late.order, late.tpm, late.steps, late.steps.stop()).outcome, Outcome::Pass);
    }
};

QTEST_GUILESS_MAIN(TestEnrollDeviceStops)
#include "tst_enroll_device_stops.moc"
