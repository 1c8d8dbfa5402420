#include "ui/sound/tones.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace enroll::ui::sound;

namespace {

constexpr std::array kSounds{Sound::Fail, Sound::Knock, Sound::Refusal};

int loudest(const std::vector<std::int16_t>& samples)
{
    return std::abs(std::ranges::max(samples, {}, [](std::int16_t sample) { return std::abs(sample); }));
}

/// How often the wave rises through zero in its first \p count samples.
int risesIn(const std::vector<std::int16_t>& samples, std::size_t count)
{
    int rises = 0;
    for (std::size_t i = 1; i < count; ++i) {
        rises += samples[i - 1] < 0 && samples[i] >= 0 ? 1 : 0;
    }
    return rises;
}

} // namespace

class TonesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void areShortAndEndInSilence()
    {
        for (const auto sound : kSounds) {
            const auto samples = samplesOf(sound, 100);
            QVERIFY(samples.size() > kSampleRate / 10 && samples.size() < kSampleRate);
            QCOMPARE(samples.front(), std::int16_t{0});
            QCOMPARE(samples.back(), std::int16_t{0});
        }
    }

    void makeNoClick()
    {
        for (const auto sound : kSounds) {
            const auto samples = samplesOf(sound, 100);
            int step = 0;
            for (std::size_t i = 1; i < samples.size(); ++i) {
                step = std::max(step, std::abs(samples[i] - samples[i - 1]));
            }
            QVERIFY2(step < loudest(samples) / 5, qPrintable(QString::number(step)));
        }
    }

    void followTheVolume()
    {
        for (const auto sound : kSounds) {
            const auto full = loudest(samplesOf(sound, 100));
            QVERIFY(full <= std::numeric_limits<std::int16_t>::max() / 2);
            QVERIFY(std::abs(loudest(samplesOf(sound, 50)) * 2 - full) < full / 50);
            QCOMPARE(loudest(samplesOf(sound, 0)), 0);
            QCOMPARE(loudest(samplesOf(sound, -5)), 0);
            QCOMPARE(loudest(samplesOf(sound, 300)), full);
        }
    }

    void areToldApart()
    {
        const auto tenth = kSampleRate / 10;
        std::set<int> pitches;
        for (const auto sound : kSounds) {
            pitches.insert(risesIn(samplesOf(sound, 100), tenth));
        }
        QCOMPARE(pitches.size(), kSounds.size());
        QVERIFY(std::abs(risesIn(samplesOf(Sound::Fail, 100), tenth) - 88) <= 1);
        QVERIFY(std::abs(risesIn(samplesOf(Sound::Refusal, 100), tenth) - 22) <= 1);
    }
};

QTEST_APPLESS_MAIN(TonesTest)
#include "tst_tones.moc"
