#include "app/desktop/station_plugs.h"
#include "tests/app/desktop/station_files.h"
#include "tests/support/played_usb.h"
#include "tests/support/tpm_relay.h"

#include <QAbstractEventDispatcher>
#include <QSignalSpy>
#include <QSocketNotifier>
#include <QTimer>

using namespace enroll;
using namespace enroll::app::desktop;
using enroll::test::must;
using enroll::test::PlayedUsb;

namespace {

constexpr int kPatience = 60'000;
constexpr std::uint32_t kGetCapability = 0x0000017A;

} // namespace

/// What is plugged into the station, on USB ports that umockdev plays.
class StationPlugsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles"); }

    void whatIsPluggedInOrOutIsSaid()
    {
        PlayedUsb usb;
        const StationPlugs plugs;
        QSignalSpy said(&plugs, &StationPlugs::plugged);
        QVERIFY(said.isEmpty());
        usb.plug("1-1", {"/dev/ttyACM0"});
        QTRY_VERIFY_WITH_TIMEOUT(!said.isEmpty(), kPatience);
        QCoreApplication::processEvents(); // one more may be on its way
        said.clear();
        usb.unplug("1-1");
        QTRY_VERIFY_WITH_TIMEOUT(!said.isEmpty(), kPatience);
    }

    void nothingIsAskedByTheClock()
    {
        const PlayedUsb usb;
        const StationPlugs plugs;
        QVERIFY(QAbstractEventDispatcher::instance()->registeredTimers(const_cast<StationPlugs*>(&plugs)).isEmpty());
        QVERIFY(plugs.findChildren<QTimer*>().isEmpty());
        QCOMPARE(plugs.findChildren<QSocketNotifier*>().size(), qsizetype{1});
    }

    /// A device that is there is asked once a second, and whenever something is plugged in or out: so many times that the seconds of
    /// one a look would not do.
    void eachPlugIsFollowedByAQuestion()
    {
        constexpr int kPlugs = 30;
        const test::SwtpmFixture tpm;
        const test::TpmRelay relay(tpm.address(), {});
        const test::StationFiles files;
        files.trust(tpm);
        std::ofstream{files.file("station.toml")}
            << "schema = 1\n[station]\nid = \"ST-07\"\npairing = \"insert\"\ndata_dir = \""
            << files.file("data").string() << "\"\n[[slot]]\nnumber = 1\ndevice = \"" << relay.address() << "\"\n";
        PlayedUsb usb;
        StationApplication station(must(loadStationSetup(files.sources())), ui::ThemeChoice::Light);
        QTRY_VERIFY_WITH_TIMEOUT(relay.commands(kGetCapability) > 0, kPatience);
        int seconds = 0; // in which the station would look by itself
        QTimer clock;
        connect(&clock, &QTimer::timeout, &clock, [&seconds] { ++seconds; });
        clock.start(std::chrono::seconds{1});
        for (int plug = 0; plug < kPlugs; ++plug) {
            const auto before = relay.commands(kGetCapability);
            if (plug % 2 == 0) {
                usb.plug("1-1", {"/dev/ttyACM0"});
            } else {
                usb.unplug("1-1");
            }
            QTRY_VERIFY_WITH_TIMEOUT(relay.commands(kGetCapability) > before, kPatience);
        }
        QVERIFY2(seconds < kPlugs / 2, qPrintable(QString::number(seconds)));
    }
};

QTEST_MAIN(StationPlugsTest)
#include "tst_station_plugs.moc"
