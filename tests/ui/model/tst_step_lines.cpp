#include "tests/ui/run/tile_samples.h"
#include "ui/model/step_lines.h"

#include <QTest>

using namespace enroll;
using namespace enroll::ui;
using namespace std::chrono_literals;
using attestation::AttestationStep;
using attestation::Severity;
using attestation::StepOutcome;
using test::sampleRun;

namespace {

/// A passing run in which one step named a finding.
enrollment::AttestationRun runWithFinding(AttestationStep step, Severity severity)
{
    auto run = sampleRun(Outcome::Pass, std::nullopt, "GX-000183");
    for (const auto each : attestation::kAllSteps) {
        run.steps.push_back({each, StepOutcome::Ok, 300ms, {}});
    }
    auto& record = run.steps.at(static_cast<std::size_t>(step));
    record.outcome = StepOutcome::Finding;
    record.detail = "ek-certificate-expired";
    run.findings.push_back({"ek-certificate-expired", severity, "The EK certificate has expired.", std::nullopt});
    return run;
}

StepLine lineOf(const enrollment::AttestationRun& run, const QString& name)
{
    for (const auto& line : stepLines(station::SlotFinished{run})) {
        if (line.name == name) {
            return line;
        }
    }
    return {};
}

} // namespace

class StepLinesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aStepThatOnlyWarnedHasPassed()
    {
        const auto run = runWithFinding(AttestationStep::VerifyEkCertificate, Severity::Warning);
        QVERIFY(lineOf(run, QStringLiteral("Check EK certificate")).look == StepLook::Done);
    }

    void aStepThatHeldTheDeviceDecided()
    {
        const auto run = runWithFinding(AttestationStep::VerifyEkCertificate, Severity::Hold);
        QVERIFY(lineOf(run, QStringLiteral("Check EK certificate")).look == StepLook::Deciding);
        QVERIFY(lineOf(run, QStringLiteral("Check policy")).look == StepLook::Done);
    }

    void aWarningBesideAHoldDoesNotHideIt()
    {
        auto run = runWithFinding(AttestationStep::VerifyEkCertificate, Severity::Warning);
        run.steps.at(static_cast<std::size_t>(AttestationStep::VerifyEkCertificate)).detail += ", ek-mismatch";
        run.findings.push_back({"ek-mismatch", Severity::Hold, "The certificate names another key.", std::nullopt});
        QVERIFY(lineOf(run, QStringLiteral("Check EK certificate")).look == StepLook::Deciding);
    }

    void connectAndIdentifyAreOneLine()
    {
        auto run = runWithFinding(AttestationStep::CheckPolicy, Severity::Warning);
        QCOMPARE(stepLines(station::SlotFinished{run}).size(), std::size_t{7});
        QCOMPARE(lineOf(run, QStringLiteral("Identify TPM")).time, QStringLiteral("0.6 s"));
        run.steps.front().outcome = StepOutcome::Failed;
        run.steps.at(1).outcome = StepOutcome::Skipped;
        QVERIFY(lineOf(run, QStringLiteral("Identify TPM")).look == StepLook::Deciding);
    }

    void onlyTheFirstStepThatDecidesHasTheLook()
    {
        auto run = runWithFinding(AttestationStep::VerifyEkCertificate, Severity::Hold);
        auto& policy = run.steps.at(static_cast<std::size_t>(AttestationStep::CheckPolicy));
        policy.outcome = StepOutcome::Finding;
        policy.detail = "ek-certificate-expired";
        QVERIFY(lineOf(run, QStringLiteral("Check EK certificate")).look == StepLook::Deciding);
        QVERIFY(lineOf(run, QStringLiteral("Check policy")).look == StepLook::Agreeing);
    }

    void saysNoTimeThatWasNotMeasured()
    {
        auto run = runWithFinding(AttestationStep::CheckPolicy, Severity::Warning);
        run.steps.back().duration = 0ms;
        QCOMPARE(lineOf(run, QStringLiteral("Save record")).time, QString());
    }

    void saysThatAStepTookNextToNothing()
    {
        auto run = runWithFinding(AttestationStep::CheckPolicy, Severity::Warning);
        run.steps.at(static_cast<std::size_t>(AttestationStep::CheckPolicy)).duration = 40ms;
        QCOMPARE(lineOf(run, QStringLiteral("Check policy")).time, QStringLiteral("< 0.1 s"));
    }

    void aStepThatWasNotReachedSaysSo()
    {
        auto run = runWithFinding(AttestationStep::CheckPolicy, Severity::Warning);
        run.steps.at(static_cast<std::size_t>(AttestationStep::TestAttestation)) = {
            AttestationStep::TestAttestation, StepOutcome::Skipped, 0ms, {}};
        const auto line = lineOf(run, QStringLiteral("Test attestation"));
        QVERIFY(line.look == StepLook::Skipped);
        QCOMPARE(line.time, QStringLiteral("not run"));
    }

    void aRunningSlotDividesWhatIsDoneFromWhatWaits()
    {
        const auto now = std::chrono::steady_clock::now();
        const station::SlotRunning running{enrollment::SerialNumber{"GX-1"}, AttestationStep::ReadEndorsementKey, now,
                                           now, false};
        const auto lines = stepLines(running);
        QVERIFY(lines.at(0).look == StepLook::Done);
        QVERIFY(lines.at(1).look == StepLook::Running);
        QVERIFY(lines.at(2).look == StepLook::Waiting);
    }

    void readsAloudWhatThenState()
    {
        const auto run = runWithFinding(AttestationStep::CheckPolicy, Severity::Hold);
        QCOMPARE(accessibleText(lineOf(run, QStringLiteral("Check policy"))),
                 QStringLiteral("Check policy, decided the verdict, 0.3 s"));
    }
};

QTEST_GUILESS_MAIN(StepLinesTest)
#include "tst_step_lines.moc"
