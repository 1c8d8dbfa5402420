#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"
#include "tests/ui/sound/recorded_device.h"
#include "ui/sound/sound_player.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

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

/// True while a thread of this process waits in open(2).
bool somebodyOpens()
{
    const QDir tasks(QStringLiteral("/proc/self/task"));
    const auto waiting = QByteArray::number(SYS_openat) + ' ';
    const auto numbers = tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    return std::any_of(numbers.begin(), numbers.end(), [&](const QString& number) {
        QFile call(tasks.filePath(number + QStringLiteral("/syscall")));
        return call.open(QIODevice::ReadOnly) && call.readAll().startsWith(waiting);
    });
}

bool playedAndHeard(SoundPlayer& player, const RecordedDevice& device)
{
    player.play(Sound::Knock);
    return device.heardAny();
}

} // namespace

class SoundPlayerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { qunsetenv("ALSA_CONFIG_PATH"); }

    void playsOneSoundAfterAnother()
    {
        const RecordedDevice device;
        SoundPlayer player(kVolume, noFault);
        std::vector<Sound> sounds;
        for (const auto sound : {Sound::Fail, Sound::Knock, Sound::Refusal, Sound::Fail}) {
            player.play(sound);
            sounds.push_back(sound);
            QTRY_VERIFY_WITH_TIMEOUT(device.heard(sounds, kVolume), kPatience);
        }
    }

    void aFailIsLostToNoOtherSound()
    {
        const RecordedDevice device;
        SoundPlayer player(kVolume, noFault);
        player.play(Sound::Refusal); // it may play before the others are asked for
        QTRY_VERIFY_WITH_TIMEOUT(device.heard({Sound::Refusal}, kVolume), kPatience);
        for (int i = 0; i < 100; ++i) {
            player.play(Sound::Fail);
            player.play(Sound::Refusal);
            player.play(Sound::Knock);
        }
        const std::vector<Sound> once{Sound::Refusal, Sound::Fail, Sound::Knock, Sound::Refusal};
        const std::vector<Sound> again{Sound::Refusal, Sound::Fail, Sound::Fail, Sound::Knock, Sound::Refusal};
        QTRY_VERIFY_WITH_TIMEOUT(device.heard(once, kVolume) || device.heard(again, kVolume), kPatience);
    }

    void volumeZeroIsNotHeard()
    {
        const RecordedDevice device;
        {
            SoundPlayer muted(0, noFault);
            muted.play(Sound::Fail);
        }
        SoundPlayer player(kVolume, noFault);
        player.play(Sound::Knock);
        QTRY_VERIFY_WITH_TIMEOUT(device.heard({Sound::Knock}, kVolume), kPatience);
    }

    void aStationWithoutADeviceSaysSoOnce()
    {
        qputenv("ALSA_CONFIG_PATH", "/nonexistent");
        std::atomic<int> faults = 0;
        SoundPlayer player(kVolume, [&faults](const Error& error) {
            QVERIFY(error.code == StationCode::FileUnusable);
            ++faults;
        });
        player.play(Sound::Fail);
        QTRY_COMPARE_WITH_TIMEOUT(faults.load(), 1, kPatience);
        player.play(Sound::Fail);
        const RecordedDevice device; // somebody plugs one in; the sound before may find none yet
        QTRY_VERIFY_WITH_TIMEOUT(playedAndHeard(player, device), kPatience);
        QCOMPARE(faults.load(), 1);
    }

    void aDeviceThatDoesNotComeBackKeepsNobody()
    {
        const QTemporaryDir root;
        const auto pipe = QFile::encodeName(root.filePath(QStringLiteral("nobody-reads")));
        QCOMPARE(::mkfifo(pipe.constData(), 0600), 0);
        QFile rules(root.filePath(QStringLiteral("asound.conf")));
        QVERIFY(rules.open(QIODevice::WriteOnly));
        rules.write("pcm.!default { type file format raw file \"" + pipe + "\" slave.pcm { type null } }\n");
        rules.close();
        qputenv("ALSA_CONFIG_PATH", QFile::encodeName(rules.fileName()));
        QElapsedTimer clock;
        {
            SoundPlayer player(kVolume, logFault);
            player.play(Sound::Fail);
            QTRY_VERIFY_WITH_TIMEOUT(somebodyOpens(), kPatience);
            clock.start();
        }
        QVERIFY2(clock.elapsed() < 2 * SoundPlayer::kEndsWithin.count(), qPrintable(QString::number(clock.elapsed())));
        const auto reader = ::open(pipe.constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC); // lets the thread go
        QTRY_VERIFY_WITH_TIMEOUT(!somebodyOpens(), kPatience);
        ::close(reader);
    }
};

QTEST_APPLESS_MAIN(SoundPlayerTest)
#include "tst_sound_player.moc"
