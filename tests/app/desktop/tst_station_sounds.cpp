#include "app/desktop/station_sounds.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "tests/ui/sound/recorded_device.h"
#include "tests/ui/station_window.h"

using namespace enroll;
using app::desktop::StationSounds;
using config::SoundSettings;
using test::kPatience;
using test::RecordedDevice;
using test::stallingDevice;
using test::Station;
using ui::Alert;
using ui::TileLook;
using ui::sound::Sound;

namespace {

const SoundSettings kAll{};
constexpr std::chrono::milliseconds kNever{3'600'000};
constexpr std::chrono::milliseconds kSoon{20};

Result<test::Device> brokenDevice(const enrollment::EnrollmentOrder&, const std::stop_token&)
{
    return makeError(DeviceCode::NoTpmAnswers, "nobody is there");
}

void runFirst(Station& station)
{
    station.type(QStringLiteral("GX-000183"));
    station.press(Qt::Key_F4);
}

} // namespace

class StationSoundsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFailIsHeard()
    {
        const RecordedDevice device;
        Station station(2, brokenDevice);
        const StationSounds sounds(kAll, *station.runScreen, kNever);
        runFirst(station);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Fail, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(device.heard({Sound::Fail}, kAll.volume), kPatience);
    }

    void aPassIsSilent()
    {
        const RecordedDevice device;
        Station station(2);
        const StationSounds sounds(kAll, *station.runScreen, kNever);
        runFirst(station);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
        station.type(QStringLiteral("no serial"));
        QTRY_VERIFY_WITH_TIMEOUT(device.heard({Sound::Refusal}, kAll.volume), kPatience);
    }

    void aRefusedScanIsHeardEachTime()
    {
        const RecordedDevice device;
        Station station(2);
        const StationSounds sounds(kAll, *station.runScreen, kNever);
        std::vector<Sound> heard;
        for (const auto* text : {"no serial", "no serial", "SLOT 7"}) { // there is no slot 7
            station.type(QString::fromLatin1(text));
            heard.push_back(Sound::Refusal);
            QTRY_VERIFY_WITH_TIMEOUT(device.heard(heard, kAll.volume), kPatience);
        }
    }

    void aStoppedStationKnocksUntilSomebodyTouchesIt()
    {
        const RecordedDevice device;
        Station station(2);
        const StationSounds sounds(kAll, *station.runScreen, kSoon);
        station.controller->stopTesting(makeError(StationCode::JournalCannotSave, "no space"));
        QTRY_VERIFY_WITH_TIMEOUT(device.heardFirst(std::vector<Sound>(3, Sound::Knock), kAll.volume), kPatience);
        station.press(Qt::Key_Escape);
        const auto* again = sounds.findChild<QTimer*>();
        QVERIFY(again != nullptr && !again->isActive());
    }

    void whatFlickersKnocksOnce()
    {
        const RecordedDevice device;
        Station station(2);
        const StationSounds sounds(kAll, *station.runScreen, kNever);
        for (int i = 0; i < 5; ++i) {
            station.controller->stopTesting(makeError(StationCode::JournalCannotSave, "no space"));
            station.controller->allowTesting();
        }
        QTRY_VERIFY_WITH_TIMEOUT(device.heard({Sound::Knock}, kAll.volume), kPatience);
        station.type(QStringLiteral("no serial"));
        QTRY_VERIFY_WITH_TIMEOUT(device.heard({Sound::Knock, Sound::Refusal}, kAll.volume), kPatience);
    }

    void whatIsSwitchedOffIsNotHeard()
    {
        const RecordedDevice device;
        Station station(2);
        const StationSounds sounds({.fail = false, .attention = true, .volume = 60}, *station.runScreen, kNever);
        station.type(QStringLiteral("no serial"));
        station.controller->stopTesting(makeError(StationCode::JournalCannotSave, "no space"));
        QTRY_VERIFY_WITH_TIMEOUT(device.heard({Sound::Knock}, 60), kPatience);
    }

    void nobodyIsCalledBeforeTheWindowIsShown()
    {
        const RecordedDevice device;
        Station station(2);
        station.window->hide();
        const StationSounds sounds(kAll, *station.runScreen, kNever);
        Q_EMIT station.runScreen->alerted(Alert::NeedsPerson);
        station.window->show();
        Q_EMIT station.runScreen->alerted(Alert::Fail);
        QTRY_VERIFY_WITH_TIMEOUT(device.heard({Sound::Fail}, kAll.volume), kPatience);
    }
};

QTEST_MAIN(StationSoundsTest)
#include "tst_station_sounds.moc"
