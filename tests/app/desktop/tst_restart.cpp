#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "core/config/people_file.h"
#include "core/system/whole_file.h"
#include "core/system/write_signals.h"
#include "db/journal/acts.h"
#include "tests/app/desktop/station_files.h"
#include "tests/support/bound_process.h"
#include "tests/support/full_disk.h"
#include "ui/run/scan_messages.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTcpServer>

#include <cstdio>
#include <cstring>

using namespace enroll;
using namespace enroll::app::desktop;
using enroll::test::BoundProcess;
using enroll::test::must;
using enroll::test::StationFiles;
using enroll::test::tileOf;
using enroll::test::typeSerial;

namespace {

constexpr int kPatience = 60'000;
constexpr auto kAsStation = "--station";
constexpr auto kOnFullDisk = "--station-on-full-disk";
const QString kSerial = QStringLiteral("GX-000183");

void say(const char* word)
{
    std::puts(word);
    std::fflush(stdout);
}

/// That kSerial waits in a slot is on the disk, and that the station was started: nothing else is to be written.
bool isKept(const std::filesystem::path& data)
{
    const auto kept = system::readWholeText(data / "slots.json", 10'000);
    const auto acts = db::journal::storedActs(data);
    return kept.ok() && kept->find(kSerial.toStdString()) != std::string::npos && acts.ok() && !acts->empty();
}

/// The panel that says why nothing is tested tells whoever mends it where nothing can be written.
bool isNamed(StationApplication& station, const std::filesystem::path& data)
{
    const auto* panel = station.window().findChild<QWidget*>(QStringLiteral("stationStop"));
    return panel->isVisible() && panel->accessibleDescription().contains(QString::fromStdString(data.string()));
}

/// This program as a station that tests kSerial in its first slot and goes on until it is killed. Says "finished" when
/// the run is over. On a disk that is full from before the start, it says "named" as soon as the disk is.
int testUntilKilled(int argc, char** argv)
{
    system::ignoreSignalsOfWrites();
    const QApplication application(argc, argv);
    const config::ConfigSources sources{argv[2], std::nullopt, std::filesystem::path{"demo"}};
    StationApplication station(must(loadStationSetup(sources)), ui::ThemeChoice::Light);
    QObject::connect(&station.controller(), &ui::RunController::runFinished, &application, [] { say("finished"); });
    station.show(WindowStart::Normal);
    typeSerial(station.window(), kSerial);
    std::optional<test::FullDisk> full;
    const auto data = std::filesystem::path{argv[2]}.parent_path() / "data";
    const auto isAtWork = [&] { return isKept(data) && station.window().appBar().content().caption.counted; };
    if (std::strcmp(argv[1], kOnFullDisk) == 0 && QTest::qWaitFor(isAtWork, kPatience)) {
        full.emplace(0);
    }
    station.controller().startAllReady();
    if (full && QTest::qWaitFor([&] { return isNamed(station, data); }, kPatience)) {
        say("named");
    }
    return QApplication::exec();
}

/// A station in a process of its own, in the middle of its shift.
struct DoomedStation {
    explicit DoomedStation(const StationFiles& files, const char* as = kAsStation)
    {
        files.trustSomebody();
        process.start(QCoreApplication::applicationFilePath(),
                      {QLatin1String(as), QString::fromStdString(files.file("station.toml").string())});
    }
    void says(const char* word)
    {
        QByteArray said;
        while (!said.contains(word)) {
            QVERIFY2(process.canReadLine() || process.waitForReadyRead(kPatience), said.constData());
            said += process.readLine();
        }
    }
    void kill()
    {
        process.kill();
        QVERIFY(process.waitForFinished(kPatience));
    }

    BoundProcess process;
};

/// The station starts again on files that are there; \p act between.
template <class Act>
void again(const StationFiles& files, Act act)
{
    StationApplication station(must(loadStationSetup(files.sources())), ui::ThemeChoice::Light);
    station.show(WindowStart::Normal);
    QTRY_VERIFY_WITH_TIMEOUT(station.controller().unsearched().empty(), kPatience);
    act(station);
}

int devicesCounted(StationApplication& station)
{
    const auto& counted = station.window().appBar().content().caption.counted;
    return counted ? counted->number : -1;
}

} // namespace

/// What the tiles show when the station starts again, also after a kill.
class RestartTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles"); }

    /// Killed at the first contact with the device: that it is under test is on the disk by then.
    void whatRanWhenTheStationDiedIsUnknown()
    {
        QTcpServer device;
        QVERIFY(device.listen(QHostAddress::LocalHost));
        const StationFiles files;
        files.configure({"tcp://127.0.0.1:" + std::to_string(device.serverPort()), "tcp://127.0.0.1:9"});
        DoomedStation station(files);
        QVERIFY(device.waitForNewConnection(kPatience));
        station.kill();

        for (int start = 0; start < 2; ++start) {
            again(files, [](StationApplication& next) {
                QVERIFY(tileOf(next, 1).look == ui::TileLook::Unknown);
                QCOMPARE(tileOf(next, 1).serial, kSerial);
                QVERIFY(!tileOf(next, 1).reason.isEmpty()); // the journal was searched
                QVERIFY(tileOf(next, 2).look == ui::TileLook::Ready);
                QTRY_COMPARE_WITH_TIMEOUT(devicesCounted(next), 0, kPatience);
            });
        }
        again(files, [](StationApplication& next) { QVERIFY(*next.controller().acknowledge({1})); });
        again(files, [](StationApplication& next) { QVERIFY(tileOf(next, 1).look == ui::TileLook::Ready); });
    }

    /// On a full disk nothing could keep that the device was under test: it is not touched, and no run is begun.
    void whatCannotBeKeptIsNotBegun()
    {
        QTcpServer device;
        QVERIFY(device.listen(QHostAddress::LocalHost));
        const StationFiles files;
        files.configure({"tcp://127.0.0.1:" + std::to_string(device.serverPort())});
        DoomedStation station(files, kOnFullDisk);
        station.says("finished");
        station.says("named");
        QVERIFY(!device.waitForNewConnection(0));
        station.kill();

        again(files, [](StationApplication& next) {
            QVERIFY(tileOf(next, 1).look == ui::TileLook::Unknown);
            QCOMPARE(tileOf(next, 1).serial, kSerial);
            QVERIFY2(tileOf(next, 1).reason.contains(QLatin1String("saved")), qPrintable(tileOf(next, 1).reason));
            QTRY_COMPARE_WITH_TIMEOUT(devicesCounted(next), 0, kPatience);
        });
    }

    void aResultIsShownAgain()
    {
        const StationFiles files;
        files.configure({"tcp://127.0.0.1:9"});
        DoomedStation station(files);
        station.says("finished");
        station.kill();

        again(files, [](StationApplication& next) {
            QVERIFY(tileOf(next, 1).look == ui::TileLook::Fail);
            QVERIFY(tileOf(next, 1).code == DeviceCode::NoTpmAnswers);
            QVERIFY(tileOf(next, 1).endedBefore && *tileOf(next, 1).endedBefore < utcNow());
            QCOMPARE(tileOf(next, 1).serial, kSerial);
            QTRY_COMPARE_WITH_TIMEOUT(devicesCounted(next), 1, kPatience);
            typeSerial(next.window(), kSerial); // a second test needs a choice, as ever
            QVERIFY(tileOf(next, 1).look == ui::TileLook::Fail);
        });
    }

    void aPassIsShownAgainWithItsRecord()
    {
        const test::SwtpmFixture tpm;
        const StationFiles files;
        files.trust(tpm);
        files.configure({tpm.address()});
        again(files, [](StationApplication& station) {
            typeSerial(station.window(), kSerial);
            station.controller().startAllReady();
            QTRY_VERIFY_WITH_TIMEOUT(tileOf(station, 1).look == ui::TileLook::Pass, kPatience);
        });
        again(files, [](StationApplication& station) {
            QVERIFY(tileOf(station, 1).look == ui::TileLook::Pass);
            QVERIFY(tileOf(station, 1).endedBefore);
            QVERIFY(station.runScreen().scanBar().message() == ui::idleMessage(station.controller().board()));
            QVERIFY(tileOf(station, 1).marks.front().symbol == ui::RecordSymbol::Saved);
            typeSerial(station.window(), QStringLiteral("GX-000184")); // it gives way
            QCOMPARE(tileOf(station, 1).serial, QStringLiteral("GX-000184"));
        });
        again(files, [](StationApplication& station) { // its device may be in, and nobody tested it
            QVERIFY(tileOf(station, 1).look == ui::TileLook::Unknown);
            QCOMPARE(tileOf(station, 1).serial, QStringLiteral("GX-000184"));
        });
    }

    /// The line may be at another one by now, so it says that it is of before.
    void theWorkOrderGoesOnAndSaysSo()
    {
        const StationFiles files;
        const char* batches = "[scanner]\npatterns = { batch = \"^WO-[0-9]{4}$\" }\n";
        files.configure({"tcp://127.0.0.1:9"}, batches);
        files.trustSomebody();
        const auto header = [](StationApplication& station) { return station.window().appBar().content().caption; };
        again(files, [&](StationApplication& station) {
            QVERIFY(header(station).order.isEmpty());
            typeSerial(station.window(), QStringLiteral("WO-4711"));
            QCOMPARE(header(station).order, QStringLiteral("WO-4711"));
            QVERIFY(header(station).orderRemark.isEmpty());
        });
        again(files, [&](StationApplication& station) {
            QVERIFY(station.runScreen().scanBar().message().news == ui::ScanNews::OrderFromBefore);
            QCOMPARE(header(station).order, QStringLiteral("WO-4711"));
            QVERIFY(!header(station).orderRemark.isEmpty());
            QSignalSpy finished(&station.controller(), &ui::RunController::runFinished);
            typeSerial(station.window(), kSerial);
            station.controller().startAllReady();
            QVERIFY(finished.wait(kPatience));
            const auto run = finished.front().front().value<enrollment::AttestationRun>();
            QCOMPARE(run.batch.text(), std::string{"WO-4711"});
        });
        files.configure({"tcp://127.0.0.1:9"}); // now no code could end it
        again(files, [&](StationApplication& station) { QVERIFY(header(station).order.isEmpty()); });
    }

    /// With the people of its data directory. Who works there after a restart nobody knows.
    void aBadgeSignsInUntilTheRestart()
    {
        const StationFiles files;
        files.configure({"tcp://127.0.0.1:9"}, "[scanner]\npatterns = { operator = \"^B[0-9]{5}$\" }\n");
        std::filesystem::create_directory(files.file("data"));
        QVERIFY(config::changePeople(files.file("data"), [](enrollment::People& people) -> Result<void> {
                    const auto badge = SecretBytes::copyOf(asBytes(std::string_view{"B00001"}));
                    TRY_ASSIGN(auto hash, enrollment::hashForBadge(badge, people));
                    people.push_back(
                        {enrollment::OperatorId{"ana"}, "Ana M.", enrollment::Role::Technician, std::move(hash)});
                    return {};
                }).ok());
        files.trustSomebody();
        const auto person = [](StationApplication& station) {
            return station.window().appBar().content().caption.person;
        };
        again(files, [&](StationApplication& station) {
            typeSerial(station.window(), QStringLiteral("B00002"));
            QTRY_VERIFY_WITH_TIMEOUT(station.runScreen().scanBar().message().code == ScanCode::BadgeUnknown, kPatience);
            typeSerial(station.window(), QStringLiteral("B00001"));
            QTRY_COMPARE_WITH_TIMEOUT(person(station), QStringLiteral("Ana M."), kPatience);
            QSignalSpy finished(&station.controller(), &ui::RunController::runFinished);
            typeSerial(station.window(), kSerial);
            station.controller().startAllReady();
            QVERIFY(finished.wait(kPatience));
            const auto run = finished.front().front().value<enrollment::AttestationRun>();
            QCOMPARE(run.operatorId.text(), std::string{"ana"});
            const auto counted = [&] { return station.window().appBar().content().caption.counted; };
            QTRY_VERIFY_WITH_TIMEOUT(counted() && counted()->number == 1, kPatience);
            station.runScreen().signOut();
            typeSerial(station.window(), QStringLiteral("B00001")); // the next shift has tested nothing yet
            QTRY_COMPARE_WITH_TIMEOUT(person(station), QStringLiteral("Ana M."), kPatience);
            QTRY_VERIFY_WITH_TIMEOUT(counted() && counted()->number == 0, kPatience);
        });
        again(files, [&](StationApplication& station) { QVERIFY(person(station).isEmpty()); });
    }

    void aStationThatRequiresAPersonAndHasNobodyDoesNotStart()
    {
        const StationFiles files;
        std::ofstream{files.file("station.toml")}
            << "schema = 1\n[station]\ndata_dir = \"data\"\nrequire_operator = true\n"
            << "[scanner]\npatterns = { operator = \"^B[0-9]{5}$\" }\n[[slot]]\nnumber = 1\n"
            << "device = \"tcp://127.0.0.1:9\"\n";
        const auto setup = loadStationSetup(files.sources());
        QVERIFY(!setup.ok() && setup.error().code == StationCode::ConfigurationInvalid);
        QVERIFY(setup.error().what.find("station.toml:4") != std::string::npos);
    }

    void aSlotThatIsNotConfiguredAnyMoreIsForgotten()
    {
        const StationFiles files;
        keep(files, waiting(1, "tcp://127.0.0.1:9") + "," + waiting(7, "tcp://127.0.0.1:9"));
        again(files, [](StationApplication& station) { QVERIFY(tileOf(station, 1).look == ui::TileLook::Unknown); });
        QVERIFY(must(loadStationSetup(files.sources())).memory->kept().size() == 1);
    }

    void aSlotAtAnotherAddressIsForgotten()
    {
        const StationFiles files;
        keep(files, waiting(1, "tcp://127.0.0.1:10"));
        again(files, [](StationApplication& station) { QVERIFY(tileOf(station, 1).look == ui::TileLook::Ready); });
        QVERIFY(must(loadStationSetup(files.sources())).memory->kept().empty());
    }

    void aFileThatCannotBeReadIsSaidAndKeptAside()
    {
        const StationFiles files;
        keep(files, R"({"slot":1,"serialNumber":"GX-000183")");
        for (int start = 0; start < 2; ++start) {
            again(files, [](StationApplication& station) {
                QVERIFY(station.runScreen().scanBar().message().news == ui::ScanNews::Forgotten);
                QVERIFY(tileOf(station, 1).look == ui::TileLook::Unknown);
                QVERIFY(tileOf(station, 1).serialRole == ui::SerialRole::Placeholder);
            });
        }
        QVERIFY(std::filesystem::exists(files.file("data") / "slots.json.unreadable-1"));
        again(files, [](StationApplication& station) { QVERIFY(*station.controller().acknowledge({1})); });
        again(files, [](StationApplication& station) {
            QVERIFY(station.runScreen().scanBar().message().news != ui::ScanNews::Forgotten);
            QVERIFY(tileOf(station, 1).look == ui::TileLook::Ready);
        });
    }

    void aJournalThatCannotBeReadIsNamedOnTheTile()
    {
        const StationFiles files;
        keep(files, waiting(1, "tcp://127.0.0.1:9"));
        std::ofstream{files.file("data") / "journal.sqlite"} << std::string(4096, 'x');
        StationApplication station(must(loadStationSetup(files.sources())), ui::ThemeChoice::Light);
        station.show(WindowStart::Normal);
        QTRY_VERIFY_WITH_TIMEOUT(tileOf(station, 1).code, kPatience);
        QVERIFY(tileOf(station, 1).look == ui::TileLook::Unknown);
        QVERIFY(tileOf(station, 1).code == station.controller().stopReason()->code);
        QVERIFY(!tileOf(station, 1).instruction.isEmpty());
    }

    void aSecondStationDoesNotStartOnTheSameFiles()
    {
        const StationFiles files;
        files.configure({"tcp://127.0.0.1:9"});
        const auto first = must(loadStationSetup(files.sources()));
        const auto second = loadStationSetup(files.sources());
        QVERIFY(!second.ok());
        QCOMPARE(second.error().code, StationCode::JournalBusy);
    }

private:
    /// The entry of a serial number that waited in \p slot.
    static std::string waiting(int slot, const std::string& device)
    {
        return "{\"slot\":" + std::to_string(slot) +
               ",\"serialNumber\":\"GX-000183\",\"startedAt\":\"2026-11-29T09:00:00.000Z\",\"device\":\"" + device +
               "\"}";
    }

    /// A station of one slot whose file of kept tests lists \p entries.
    static void keep(const StationFiles& files, const std::string& entries)
    {
        files.configure({"tcp://127.0.0.1:9"});
        std::filesystem::create_directories(files.file("data"));
        std::ofstream{files.file("data") / "slots.json"} << R"({"schema":"enrollment-station/slots/1","slots":[)"
                                                         << entries << "]}";
    }
};

int main(int argc, char** argv)
{
    if (argc == 3 && (std::strcmp(argv[1], kAsStation) == 0 || std::strcmp(argv[1], kOnFullDisk) == 0)) {
        return testUntilKilled(argc, argv);
    }
    const QApplication application(argc, argv);
    RestartTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_restart.moc"
