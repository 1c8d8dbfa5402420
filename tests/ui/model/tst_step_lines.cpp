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
    run.findings.push_back({"ek-certificate-expired", severity, "The EK certificate has expired.", std::nullopt, step});
    return run;
}

StepLine lineOf(const enrollment::AttestationRun& run, AttestationStep step)
{
    for (const auto& line : stepLines(station::SlotFinished{run})) {
        if (line.step == step) {
            return line;
        }
    }
    return {};
}

/// As a program that did not say in which step it found something recorded the run.
enrollment::AttestationRun withoutSteps(enrollment::AttestationRun run)
{
    for (auto& finding : run.findings) {
        finding.step.reset();
    }
    return run;
}

} // namespace

class StepLinesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aStepThatOnlyWarnedHasPassed()
    {
        const auto run = runWithFinding(AttestationStep::VerifyEkCertificate, Severity::Warning);
        QVERIFY(lineOf(run, AttestationStep::VerifyEkCertificate).look == StepLook::Done);
    }

    void aStepThatHeldTheDeviceDecided()
    {
        const auto run = runWithFinding(AttestationStep::VerifyEkCertificate, Severity::Hold);
        QVERIFY(lineOf(run, AttestationStep::VerifyEkCertificate).look == StepLook::Deciding);
        QVERIFY(lineOf(run, AttestationStep::CheckPolicy).look == StepLook::Done);
    }

    void aWarningBesideAHoldDoesNotHideIt()
    {
        auto run = runWithFinding(AttestationStep::VerifyEkCertificate, Severity::Warning);
        run.findings.push_back({"ek-mismatch", Severity::Hold, "The certificate names another key.", std::nullopt,
                                AttestationStep::VerifyEkCertificate});
        QVERIFY(lineOf(run, AttestationStep::VerifyEkCertificate).look == StepLook::Deciding);
    }

    void aWarningOfAnotherStepDecidesNothing()
    {
        auto run = runWithFinding(AttestationStep::IdentifyTpm, Severity::Warning);
        run.steps.at(static_cast<std::size_t>(AttestationStep::VerifyEkCertificate)).outcome = StepOutcome::Finding;
        run.findings.push_back({"ek-mismatch", Severity::Hold, "The certificate names another key.", std::nullopt,
                                AttestationStep::VerifyEkCertificate});
        QVERIFY(lineOf(run, AttestationStep::IdentifyTpm).look == StepLook::Done);
        QVERIFY(lineOf(run, AttestationStep::VerifyEkCertificate).look == StepLook::Deciding);
    }

    void whatTheDetailSaysDecidesNothing()
    {
        auto run = runWithFinding(AttestationStep::VerifyEkCertificate, Severity::Warning);
        run.findings.push_back(
            {"ek-mismatch", Severity::Hold, "Found elsewhere.", std::nullopt, AttestationStep::CheckPolicy});
        run.steps.at(static_cast<std::size_t>(AttestationStep::VerifyEkCertificate)).detail = "ek-mismatch";
        QVERIFY(lineOf(run, AttestationStep::VerifyEkCertificate).look == StepLook::Done);
    }

    void anOlderRunThatOnlyWarnedHasPassed()
    {
        const auto run = withoutSteps(runWithFinding(AttestationStep::VerifyEkCertificate, Severity::Warning));
        QVERIFY(lineOf(run, AttestationStep::VerifyEkCertificate).look == StepLook::Done);
    }

    void anOlderRunThatWasHeldShowsWhereSomethingWasFound()
    {
        const auto run = withoutSteps(runWithFinding(AttestationStep::VerifyEkCertificate, Severity::Hold));
        QVERIFY(lineOf(run, AttestationStep::VerifyEkCertificate).look == StepLook::Deciding);
        QVERIFY(lineOf(run, AttestationStep::CheckPolicy).look == StepLook::Done);
    }

    void connectAndIdentifyAreOneLine()
    {
        auto run = runWithFinding(AttestationStep::CheckPolicy, Severity::Warning);
        QCOMPARE(stepLines(station::SlotFinished{run}).size(), std::size_t{7});
        QVERIFY(lineOf(run, AttestationStep::IdentifyTpm).took == 600ms);
        run.steps.front().outcome = StepOutcome::Failed;
        run.steps.at(1).outcome = StepOutcome::Skipped;
        QVERIFY(lineOf(run, AttestationStep::IdentifyTpm).look == StepLook::Deciding);
    }

    void onlyTheFirstStepThatDecidesHasTheLook()
    {
        auto run = runWithFinding(AttestationStep::VerifyEkCertificate, Severity::Hold);
        auto& policy = run.steps.at(static_cast<std::size_t>(AttestationStep::CheckPolicy));
        policy.outcome = StepOutcome::Finding; // the verdict is told there
        QVERIFY(lineOf(run, AttestationStep::VerifyEkCertificate).look == StepLook::Deciding);
        QVERIFY(lineOf(run, AttestationStep::CheckPolicy).look == StepLook::Agreeing);
    }

    void saysNoTimeThatWasNotMeasured()
    {
        auto run = runWithFinding(AttestationStep::CheckPolicy, Severity::Warning);
        run.steps.back().duration = 0ms;
        QVERIFY(!lineOf(run, AttestationStep::Record).took);
        QCOMPARE(lineOf(run, AttestationStep::Record).time, QString());
    }

    void saysThatAStepTookNextToNothing()
    {
        auto run = runWithFinding(AttestationStep::CheckPolicy, Severity::Warning);
        run.steps.at(static_cast<std::size_t>(AttestationStep::CheckPolicy)).duration = 40ms;
        QCOMPARE(lineOf(run, AttestationStep::CheckPolicy).time, QStringLiteral("< 0.1 s"));
    }

    void aStepThatWasNotReachedSaysSo()
    {
        auto run = runWithFinding(AttestationStep::CheckPolicy, Severity::Warning);
        run.steps.at(static_cast<std::size_t>(AttestationStep::TestAttestation)) = {
            AttestationStep::TestAttestation, StepOutcome::Skipped, 0ms, {}};
        const auto line = lineOf(run, AttestationStep::TestAttestation);
        QVERIFY(line.look == StepLook::Skipped);
        QVERIFY(!line.took);
        QVERIFY(!line.time.isEmpty());
    }

    void aStepThatIsNotKnownIsShownInOneLine()
    {
        auto run = runWithFinding(AttestationStep::CheckPolicy, Severity::Warning);
        run.steps.back().step = Word<AttestationStep>::unknown("measure\n\u202Eit");
        const auto lines = stepLines(station::SlotFinished{run});
        QCOMPARE(lines.back().name, QStringLiteral("measure\uFFFD\uFFFDit"));
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
        QCOMPARE(accessibleText(lineOf(run, AttestationStep::CheckPolicy)),
                 QStringLiteral("Check policy, decided the verdict, 0.3 s"));
    }
};

QTEST_GUILESS_MAIN(StepLinesTest)
#include "tst_step_lines.moc"
