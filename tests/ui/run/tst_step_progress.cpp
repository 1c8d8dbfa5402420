#include "tests/ui/run/tile_samples.h"
#include "ui/run/step_progress.h"

#include <QTest>

using namespace enroll;
using namespace enroll::ui;
using namespace std::chrono_literals;
using attestation::AttestationStep;
using test::sampleRun;

namespace {

const auto kNow = std::chrono::steady_clock::time_point{1h};

TileContext contextWith(const station::UsualDurations* usual)
{
    return {{3}, "tcp://10.7.3.18:2321", kNow, usual};
}

station::SlotRunning running(AttestationStep step, std::chrono::milliseconds inStep)
{
    return {enrollment::SerialNumber{"GX-000184"}, step, kNow - 14s, kNow - inStep, false};
}

StepProgress progressIn(const station::SlotRunning& state, const station::UsualDurations* usual = nullptr)
{
    return progressOf(state, contextWith(usual));
}

/// A station where the whole takes 20 s and the storage key 9 s.
station::UsualDurations usualDurations(std::chrono::milliseconds storageKey = 9s)
{
    station::UsualDurations usual;
    for (int i = 0; i < 3; ++i) {
        auto run = sampleRun(Outcome::Pass, std::nullopt, "GX-1");
        run.duration = 20s;
        run.steps.push_back({AttestationStep::ProvisionStorageRootKey, attestation::StepOutcome::Ok, storageKey, {}});
        usual.learn(run);
    }
    return usual;
}

} // namespace

class StepProgressTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void claimsNoProgressItDoesNotKnow()
    {
        const auto progress = progressIn(running(AttestationStep::ProvisionStorageRootKey, 6s));
        QVERIFY(!progress.fraction);
        QCOMPARE(progress.whole(), 3.0 / 7);
    }

    void measuresAStepByItsUsualTime()
    {
        const auto usual = usualDurations();
        const auto progress = progressIn(running(AttestationStep::ProvisionStorageRootKey, 6s), &usual);
        QVERIFY(progress.pace == StepPace::Usual);
        QVERIFY(progress.elapsed == 6s && progress.usual == 9s);
        QCOMPARE(runTimeText(running(AttestationStep::Connect, 1s), contextWith(&usual)),
                 QStringLiteral("0:14 of 0:20"));
        QCOMPARE(*progress.fraction, 6.0 / 9);
    }

    void aStepBelowASecondFillsNoBar()
    {
        const auto usual = usualDurations(300ms);
        const auto progress = progressIn(running(AttestationStep::ProvisionStorageRootKey, 200ms), &usual);
        QVERIFY(!progress.fraction);
        QVERIFY(progress.pace == StepPace::Unmeasured);
    }

    void saysThatAStepTakesLonger()
    {
        const auto usual = usualDurations();
        const auto progress = progressIn(running(AttestationStep::ProvisionStorageRootKey, 28s), &usual);
        QVERIFY(progress.pace == StepPace::Slow);
        QVERIFY(progress.elapsed == 28s && progress.usual == 9s);
        QVERIFY(*progress.fraction < 1);
    }

    void saysThatItStops()
    {
        auto state = running(AttestationStep::TestAttestation, 28s);
        state.stopAsked = true;
        QVERIFY(progressIn(state).pace == StepPace::Stopping);
    }

    void aPaceIsToldInWords()
    {
        const auto usual = usualDurations();
        QStringList words;
        for (const auto inStep : {6s, 28s}) {
            words << paceText(progressIn(running(AttestationStep::ProvisionStorageRootKey, inStep), &usual));
        }
        words << paceText(progressIn(running(AttestationStep::ProvisionStorageRootKey, 6s)));
        QCOMPARE(words.removeDuplicates(), 0);
    }
};

QTEST_APPLESS_MAIN(StepProgressTest)
#include "tst_step_progress.moc"
