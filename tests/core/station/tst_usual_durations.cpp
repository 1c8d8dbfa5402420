#include "core/station/usual_durations.h"

#include <QTest>

using namespace enroll;
using namespace std::chrono_literals;
using attestation::AttestationStep;

namespace {

enrollment::AttestationRun runOf(std::chrono::milliseconds whole, Outcome outcome = Outcome::Pass)
{
    enrollment::AttestationRun run;
    run.outcome = outcome;
    run.duration = whole;
    run.steps.push_back({AttestationStep::TestAttestation, attestation::StepOutcome::Ok, whole / 2, {}});
    return run;
}

} // namespace

class UsualDurationsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysNothingBeforeThreeRuns()
    {
        station::UsualDurations usual;
        usual.learn(runOf(1000ms));
        usual.learn(runOf(1000ms));
        QVERIFY(!usual.whole());
        QVERIFY(!usual.step(AttestationStep::TestAttestation));
    }

    void isTheMedianAndNotTheMean()
    {
        station::UsualDurations usual;
        for (const auto whole : {1000ms, 2000ms, 90'000ms}) {
            usual.learn(runOf(whole));
        }
        QVERIFY(usual.whole() == 2000ms);
        QVERIFY(usual.step(AttestationStep::TestAttestation) == 1000ms);
    }

    void learnsFromPassesAlone()
    {
        station::UsualDurations usual;
        for (int i = 0; i < 5; ++i) {
            usual.learn(runOf(10ms, Outcome::Fail));
        }
        QVERIFY(!usual.whole());
    }

    void forgetsOldRuns()
    {
        station::UsualDurations usual;
        for (int i = 0; i < 15; ++i) {
            usual.learn(runOf(1000ms));
        }
        for (int i = 0; i < 15; ++i) {
            usual.learn(runOf(3000ms));
        }
        QVERIFY(usual.whole() == 3000ms);
    }
};

QTEST_APPLESS_MAIN(UsualDurationsTest)
#include "tst_usual_durations.moc"
