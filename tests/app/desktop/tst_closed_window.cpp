#include "core/tpm/command_table.h"
#include "tests/app/desktop/station_files.h"
#include "tests/support/bound_process.h"
#include "tests/support/tpm_relay.h"

#include <QApplication>
#include <QSocketNotifier>
#include <QTimer>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <unistd.h>

using namespace enroll;
using namespace enroll::app::desktop;
using enroll::test::BoundProcess;
using enroll::test::must;
using enroll::test::RelayReply;
using enroll::test::StationFiles;
using enroll::test::SwtpmFixture;
using enroll::test::TpmRelay;
using enroll::test::typeSerial;

namespace {

constexpr int kPatience = 60'000;
constexpr int kSlots = 2;
constexpr auto kAsStation = "--station";

void say(const char* what)
{
    std::puts(what);
    std::fflush(stdout);
}

/// A person who wants the window to close: asks, hears that slots test, and asks again until it does.
class Person {
public:
    explicit Person(StationApplication& station) : m_station(station)
    {
        QObject::connect(&m_clicks, &QTimer::timeout, &m_station, [this] { click(); });
    }
    void wantsToClose() { m_clicks.start(kBetweenClicks); }

private:
    static constexpr std::chrono::milliseconds kBetweenClicks{100};

    void click()
    {
        const bool closed = m_station.window().close();
        const auto news = m_station.runScreen().scanBar().message().news;
        if (news == ui::ScanNews::CloseQuestion && !m_asked) {
            m_asked = true;
            say("asked");
        }
        if (closed || news == ui::ScanNews::Closing) {
            m_clicks.stop();
        }
    }

    StationApplication& m_station;
    QTimer m_clicks;
    bool m_asked = false;
};

/// This program as a station that tests a device in each of its slots, until a line on standard input wants its window
/// closed.
int testUntilClosed(int argc, char** argv)
{
    const QApplication application(argc, argv);
    const config::ConfigSources sources{argv[2], std::nullopt, std::filesystem::path{"demo"}};
    StationApplication station(must(loadStationSetup(sources)), ui::ThemeChoice::Light);
    station.show(WindowStart::Normal);
    Person person(station);
    QSocketNotifier wish(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&wish, &QSocketNotifier::activated, &application, [&] {
        wish.setEnabled(false);
        person.wantsToClose();
    });
    for (int slot = 1; slot <= kSlots; ++slot) {
        typeSerial(station.window(), QStringLiteral("GX-00000%1").arg(slot));
    }
    station.controller().startAllReady();
    return QApplication::exec();
}

/// A device whose TPM makes the key that it is asked for while \p silent, and whose line never says so.
struct Device {
    SwtpmFixture tpm;
    std::atomic<bool> silent{true};
    std::atomic<int> made{0};
    TpmRelay line{
        tpm.address(),
        {.instead = {}, .reply = [this](std::uint32_t code, Bytes response) {
             const bool key = code == tpm::command_code::kCreatePrimary && response.size() > 10;
             made += key ? 1 : 0;
             return key && silent ? RelayReply{{}, {}, RelayReply::Then::Stall} : RelayReply{std::move(response)};
         }}};
};

} // namespace

/// The window of a station is closed while the TPMs in its slots make a key, as often as fills a TPM: it has room for three
/// objects.
class ClosedWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles"); }

    void leavesNothingInATpm_data()
    {
        QTest::addColumn<int>("round");
        for (int round = 1; round <= 3; ++round) {
            QTest::addRow("round %d", round) << round;
        }
    }
    void leavesNothingInATpm()
    {
        QFETCH(int, round);
        const StationFiles files;
        configure(files);
        BoundProcess program;
        program.start(QCoreApplication::applicationFilePath(),
                      {QLatin1String(kAsStation), QString::fromStdString(files.file("station.toml").string())});
        for (const auto& device : m_devices) {
            QTRY_COMPARE_WITH_TIMEOUT(device.made, round, kPatience);
        }
        QVERIFY(program.write("close\n") > 0);
        QVERIFY(program.waitForFinished(kPatience));
        QCOMPARE(program.exitStatus(), QProcess::NormalExit);
        QCOMPARE(program.exitCode(), 0);
        QVERIFY(program.readAllStandardOutput().contains("asked"));
        for (const auto& device : m_devices) {
            QCOMPARE(device.tpm.loadedHandles(), std::string{});
        }
    }

    void theNextTestsPass()
    {
        for (auto& device : m_devices) {
            device.silent = false;
        }
        const StationFiles files;
        configure(files);
        StationApplication station(must(loadStationSetup(files.sources())), ui::ThemeChoice::Light);
        station.show(WindowStart::Normal);
        for (int slot = 1; slot <= kSlots; ++slot) {
            typeSerial(station.window(), QStringLiteral("GX-00000%1").arg(slot));
        }
        QCOMPARE(station.controller().startAllReady(), kSlots);
        for (int slot = 1; slot <= kSlots; ++slot) {
            QTRY_VERIFY_WITH_TIMEOUT(test::tileOf(station, slot).look == ui::TileLook::Pass, kPatience);
        }
        QTRY_VERIFY_WITH_TIMEOUT(station.controller().idle(), kPatience);
        for (const auto& device : m_devices) {
            QCOMPARE(device.tpm.loadedHandles(), std::string{});
        }
    }

private:
    void configure(const StationFiles& files) const
    {
        for (const auto& device : m_devices) {
            files.trust(device.tpm);
        }
        files.configure({m_devices[0].line.address(), m_devices[1].line.address()});
    }

    std::array<Device, kSlots> m_devices;
};

int main(int argc, char** argv)
{
    if (argc == 3 && std::strcmp(argv[1], kAsStation) == 0) {
        return testUntilClosed(argc, argv);
    }
    const QApplication application(argc, argv);
    ClosedWindowTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_closed_window.moc"
