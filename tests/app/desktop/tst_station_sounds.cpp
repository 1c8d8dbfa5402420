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
        QTRY_VERIFY_WITH_TIMEOUT(device.heard(Sound::Fail, kAll.volume), kPatience);
    }

    void aPassIsSilent()
    {
        const RecordedDevice device;
        Station station(2);
        const StationSounds sounds(kAll, *station.runScreen, kNever);
        runFirst(station);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
        QVERIFY(device.silent());
    }

    void aRefusedScanIsHeardEachTime()
    {
        const RecordedDevice device;
        Station station(2);
        const StationSounds sounds(kAll, *station.runScreen, kNever);
        for (int round = 0; round < 2; ++round) {
            device.forget();
            station.type(QStringLiteral("no serial"));
            QVERIFY(station.tells(ui::ScanNews::Refused));
            QTRY_VERIFY_WITH_TIMEOUT(device.heard(Sound::Refusal, kAll.volume), kPatience);
        }
    }

    void aStoppedStationKnocksUntilSomebodyTouchesIt()
    {
        const RecordedDevice device;
        Station station(2);
        const StationSounds sounds(kAll, *station.runScreen, kSoon);
        station.controller->stopTesting(makeError(StationCode::JournalCannotSave, "no space"));
        for (int round = 0; round < 3; ++round) { // again and again
            QTRY_VERIFY_WITH_TIMEOUT(device.heard(Sound::Knock, kAll.volume), kPatience);
            device.forget();
        }
        station.press(Qt::Key_Escape);
        const auto* again = sounds.findChild<QTimer*>();
        QVERIFY(again != nullptr && !again->isActive());
    }

    void whatIsSwitchedOffIsNotHeard_data()
    {
        QTest::addColumn<bool>("fail");
        QTest::addColumn<int>("volume");
        QTest::newRow("switched off") << false << 60;
        QTest::newRow("muted") << true << 0;
    }
    void whatIsSwitchedOffIsNotHeard()
    {
        QFETCH(const bool, fail);
        QFETCH(const int, volume);
        const RecordedDevice device;
        Station station(2);
        {
            const StationSounds sounds({.fail = fail, .attention = true, .volume = volume}, *station.runScreen, kNever);
            station.type(QStringLiteral("no serial"));
        } // the player's thread has ended
        QVERIFY(device.silent());
    }

    void whatStandsThereBeforeTheWindowIsShownCallsNobody()
    {
        const RecordedDevice device;
        Station station(2);
        station.window->hide();
        {
            const StationSounds sounds(kAll, *station.runScreen, kNever);
            Q_EMIT station.runScreen->alerted(Alert::NeedsPerson);
        }
        QVERIFY(device.silent());
    }
};

QTEST_MAIN(StationSoundsTest)
#include "tst_station_sounds.moc"
