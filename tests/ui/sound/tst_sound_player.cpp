#include "core/base/station_code.h"
#include "tests/ui/sound/recorded_device.h"
#include "ui/sound/sound_player.h"

#include <QTest>

#include <atomic>

using namespace enroll;
using namespace enroll::ui::sound;
using test::RecordedDevice;

namespace {

constexpr int kPatience = 20'000;
constexpr int kVolume = 40;

void noFault(const Error& error)
{
    QFAIL(error.what.c_str());
}

} // namespace

class SoundPlayerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void playsOneSoundAfterAnother()
    {
        const RecordedDevice device;
        SoundPlayer player(kVolume, noFault);
        for (const auto sound : {Sound::Fail, Sound::Knock, Sound::Refusal, Sound::Fail}) {
            device.forget();
            player.play(sound);
            QTRY_VERIFY_WITH_TIMEOUT(device.heard(sound, kVolume), kPatience);
        }
    }

    void theNewestOfManyIsHeardLast()
    {
        const RecordedDevice device;
        SoundPlayer player(kVolume, noFault);
        for (int i = 0; i < 1000; ++i) {
            player.play(Sound::Fail);
        }
        player.play(Sound::Knock);
        QTRY_VERIFY_WITH_TIMEOUT(device.heard(Sound::Knock, kVolume), kPatience);
    }

    void volumeZeroOpensNoDevice()
    {
        qputenv("ALSA_CONFIG_PATH", "/nonexistent");
        {
            SoundPlayer player(0, noFault);
            player.play(Sound::Fail);
        }
        qunsetenv("ALSA_CONFIG_PATH");
    }

    void aStationWithoutADeviceSaysSoOnce()
    {
        qputenv("ALSA_CONFIG_PATH", "/nonexistent");
        std::atomic<int> faults = 0;
        {
            SoundPlayer player(kVolume, [&faults](const Error& error) {
                QVERIFY(error.code == StationCode::FileUnusable);
                ++faults;
            });
            player.play(Sound::Fail);
            QTRY_COMPARE_WITH_TIMEOUT(faults.load(), 1, kPatience);
            player.play(Sound::Fail);
            player.play(Sound::Knock);
        }
        QCOMPARE(faults.load(), 1);
        qunsetenv("ALSA_CONFIG_PATH");
    }
};

QTEST_APPLESS_MAIN(SoundPlayerTest)
#include "tst_sound_player.moc"
