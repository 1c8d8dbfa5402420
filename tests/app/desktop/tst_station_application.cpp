#include "app/wiring/software_stamp.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "db/self_check/self_check_file.h"
#include "tests/app/desktop/station_files.h"
#include "ui/shell/window_place.h"

#include <cstdio>
#include <fcntl.h>

using namespace enroll;
using namespace enroll::app::desktop;
using enroll::test::must;
using enroll::test::tileOf;
using enroll::test::typeSerial;

namespace {

constexpr int kPatience = 60'000;

/// A station that is started several times.
struct StationFiles : test::StationFiles {
    /// One start of the program until its window is closed; \p act between. Returns the size it began with.
    template <class Act>
    QSize session(Act act) const
    {
        StationApplication station(must(loadStationSetup(sources({"tcp://127.0.0.1:9"}))), ui::ThemeChoice::Light);
        QSettings settings(QString::fromStdString(file("window.ini").string()), QSettings::IniFormat);
        const ui::WindowPlace place(station.window(), settings);
        station.show(WindowStart::Normal, place.last());
        const auto began = station.window().size();
        act(station.window());
        station.window().close();
        return began;
    }
};

int devicesTested(StationApplication& station)
{
    const auto& counted = station.window().appBar().content().caption.counted;
    return counted ? counted->number : 0;
}

} // namespace

class StationApplicationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles"); }

    void enrollsTwoDevicesAtOnceAndHoldsASwappedOne()
    {
        const test::SwtpmFixture first;
        const test::SwtpmFixture second;
        const StationFiles files;
        files.trust(first);
        files.trust(second);
        StationApplication station(must(loadStationSetup(files.sources({first.address(), second.address()}))),
                                   ui::ThemeChoice::Light);
        station.show(WindowStart::Normal);

        typeSerial(station.window(), QStringLiteral("GX-000183"));
        typeSerial(station.window(), QStringLiteral("GX-000184"));
        QCOMPARE(station.controller().startAllReady(), 2);
        QTRY_VERIFY_WITH_TIMEOUT(tileOf(station, 1).look == ui::TileLook::Pass, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(tileOf(station, 2).look == ui::TileLook::Pass, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(devicesTested(station), 2, kPatience);
        QCOMPARE(station.window().appBar().content().queued.value_or(-1), 0); // there is nowhere to send

        typeSerial(station.window(), QStringLiteral("GX-000999"));
        QCOMPARE(station.controller().startAllReady(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(
            tileOf(station, 1).look == ui::TileLook::Hold || tileOf(station, 2).look == ui::TileLook::Hold, kPatience);
    }

    void aSilentAddressFailsWithItsCode()
    {
        test::SwtpmFixture tpm;
        const auto address = tpm.address();
        tpm.stop();
        const StationFiles files;
        files.trustSomebody();
        StationApplication station(must(loadStationSetup(files.sources({address}))), ui::ThemeChoice::Dark);
        typeSerial(station.window(), QStringLiteral("GX-000183"));
        QVERIFY(station.controller().start({1}) == ui::RunController::Start::Started);
        QTRY_VERIFY_WITH_TIMEOUT(tileOf(station, 1).code == DeviceCode::NoTpmAnswers, kPatience);
        QVERIFY(tileOf(station, 1).look == ui::TileLook::Fail);
    }

    void aReadyStationSaysHowOldItsTrustIs()
    {
        const test::SwtpmFixture tpm;
        const StationFiles files;
        files.trust(tpm);
        StationApplication station(must(loadStationSetup(files.sources({tpm.address()}))), ui::ThemeChoice::Light);
        const auto& condition = station.window().appBar().content().condition;
        QTRY_VERIFY_WITH_TIMEOUT(!condition.reason.isEmpty(), kPatience);
        QVERIFY(condition.state == ui::StationCondition::State::Ready);
    }

    void aStationThatTrustsNobodyIsNotReady()
    {
        const StationFiles files;
        StationApplication station(must(loadStationSetup(files.sources({"tcp://127.0.0.1:9"}))),
                                   ui::ThemeChoice::Light);
        const auto& condition = station.window().appBar().content().condition;
        QTRY_VERIFY_WITH_TIMEOUT(condition.state == ui::StationCondition::State::Degraded, kPatience);
    }

    /// Nobody starts the station again because somebody else imports what it lacks.
    void whatIsImportedWhileItRunsCounts()
    {
        const test::SwtpmFixture tpm;
        const StationFiles files;
        StationApplication station(must(loadStationSetup(files.sources({tpm.address()}))), ui::ThemeChoice::Light);
        const auto& condition = station.window().appBar().content().condition;
        QTRY_VERIFY_WITH_TIMEOUT(condition.state == ui::StationCondition::State::Degraded, kPatience);
        typeSerial(station.window(), QStringLiteral("GX-000183"));
        QCOMPARE(station.controller().startAllReady(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(tileOf(station, 1).code == StationCode::NothingFound, kPatience); // no HOLD for that

        files.trust(tpm);
        QVERIFY(must(station.controller().acknowledge({1})));
        QTRY_VERIFY_WITH_TIMEOUT(condition.state == ui::StationCondition::State::Ready, kPatience);
        typeSerial(station.window(), QStringLiteral("GX-000183"));
        QCOMPARE(station.controller().startAllReady(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(tileOf(station, 1).look == ui::TileLook::Pass, kPatience);
    }

    /// A file that is none stops the station, which names it, until somebody takes it out.
    void aTrustThatCannotBeReadStopsTheStation()
    {
        const StationFiles files;
        files.trustSomebody();
        StationApplication station(must(loadStationSetup(files.sources({"tcp://127.0.0.1:9"}))),
                                   ui::ThemeChoice::Light);
        const auto& condition = station.window().appBar().content().condition;
        QTRY_VERIFY_WITH_TIMEOUT(condition.state == ui::StationCondition::State::Ready, kPatience);
        const auto odd = files.file("data") / "trust" / "demo" / "odd.pem";
        std::ofstream{odd} << "nonsense";
        QTRY_VERIFY_WITH_TIMEOUT(condition.state == ui::StationCondition::State::Stopped, kPatience);
        QVERIFY2(condition.reason.startsWith(QLatin1String("S-347")), qPrintable(condition.reason));
        QVERIFY2(condition.reason.contains(QLatin1String("demo/odd.pem")), qPrintable(condition.reason));
        QVERIFY(station.controller().start({1}) == ui::RunController::Start::Refused);

        std::filesystem::remove(odd);
        QTRY_VERIFY_WITH_TIMEOUT(condition.state == ui::StationCondition::State::Ready, kPatience);
        typeSerial(station.window(), QStringLiteral("GX-000183"));
        QVERIFY(station.controller().start({1}) == ui::RunController::Start::Started);
    }

    void anUploadWithoutItsKeyDegradesTheStation()
    {
        const StationFiles files;
        files.trustSomebody();
        const auto destination = "[[destination]]\nname = \"cloud\"\nkind = \"dps\"\nconnection_string_file = \"" +
                                 files.file("missing").string() + "\"\n";
        StationApplication station(must(loadStationSetup(files.sources({"tcp://127.0.0.1:9"}, destination))),
                                   ui::ThemeChoice::Light);
        auto& bar = station.window().appBar();
        QTRY_VERIFY_WITH_TIMEOUT(bar.content().condition.state == ui::StationCondition::State::Degraded, kPatience);
        QVERIFY(bar.content().condition.reason.startsWith(QLatin1String("S-330")));
    }

    void aJournalThatCannotBeMadeStopsTheStation()
    {
        const StationFiles files;
        files.trustSomebody();
        std::filesystem::create_directories(files.file("data") / "journal.sqlite"); // where the file should be
        const auto setup = loadStationSetup(files.sources({"tcp://127.0.0.1:9"}));
        QVERIFY(setup.ok());
        StationApplication station(*setup, ui::ThemeChoice::Light);
        auto& bar = station.window().appBar();
        QTRY_VERIFY_WITH_TIMEOUT(bar.content().condition.state == ui::StationCondition::State::Stopped, kPatience);
        QCOMPARE(station.controller().startAllReady(), 0);
        QVERIFY(station.controller().start({1}) == ui::RunController::Start::Refused);

        std::filesystem::remove(files.file("data") / "journal.sqlite"); // somebody mends it
        QTRY_VERIFY_WITH_TIMEOUT(bar.content().condition.state == ui::StationCondition::State::Ready, kPatience);
        typeSerial(station.window(), QStringLiteral("GX-000183"));
        QCOMPARE(station.controller().startAllReady(), 1);
    }

    void aJournalThatCannotBeReadAnyMoreIsNotCounted()
    {
        const StationFiles files;
        StationApplication station(must(loadStationSetup(files.sources({"tcp://127.0.0.1:9"}))),
                                   ui::ThemeChoice::Light);
        const auto& shown = station.window().appBar().content();
        QTRY_COMPARE_WITH_TIMEOUT(shown.queued.value_or(-1), 0, kPatience);
        const auto file = files.file("other");
        std::ofstream(file) << "a file where the directory was";
        // In one step: a station that is at work makes a directory anew as soon as there is none.
        QCOMPARE(::renameat2(AT_FDCWD, file.c_str(), AT_FDCWD, files.file("data").c_str(), RENAME_EXCHANGE), 0);
        station.window().refresh();
        QTRY_VERIFY_WITH_TIMEOUT(shown.condition.state == ui::StationCondition::State::Stopped, kPatience);
        QVERIFY(!shown.queued);
    }

    /// `enrollctl self-check` runs from a script while the station tests.
    void aCheckThatDidNotPassBesideTheWindowStopsTheStation()
    {
        const StationFiles files;
        files.trustSomebody();
        auto setup = must(loadStationSetup(files.sources({"tcp://127.0.0.1:9"})));
        setup.profile.selfCheckMaxAge = std::chrono::hours{12};
        setup.selfCheck = [](const std::stop_token&) -> Result<enrollment::SelfCheckStamp> {
            return makeError(StationCode::InternalFault, "nobody asked for one");
        };
        enrollment::SelfCheckStamp check{utcNow() - std::chrono::minutes{1}, true, app::wiring::softwareStamp(),
                                         setup.profile.stamp.sha256};
        QVERIFY(db::self_check::writeSelfCheck(setup.config.dataDirectory, check).ok());
        StationApplication station(setup, ui::ThemeChoice::Light);
        const auto& condition = station.window().appBar().content().condition;
        QTRY_VERIFY_WITH_TIMEOUT(condition.state == ui::StationCondition::State::Ready, kPatience);

        check.at = utcNow();
        check.passed = false;
        QVERIFY(db::self_check::writeSelfCheck(setup.config.dataDirectory, check).ok());
        QTRY_VERIFY_WITH_TIMEOUT(condition.state == ui::StationCondition::State::Stopped, kPatience);
        QVERIFY(station.controller().start({1}) == ui::RunController::Start::Refused);
    }

    /// No event is handled in between, as while the machine sleeps.
    void aCheckThatIsOverdueByNowIsMadeBeforeTheNextTest()
    {
        constexpr std::chrono::hours kMaxAge{12};
        const StationFiles files;
        files.trustSomebody();
        auto setup = must(loadStationSetup(files.sources({"tcp://127.0.0.1:9"})));
        setup.profile.selfCheckMaxAge = kMaxAge;
        setup.selfCheck = [](const std::stop_token&) -> Result<enrollment::SelfCheckStamp> {
            return makeError(StationCode::InternalFault, "none is made in this test");
        };
        const auto due = utcNow() + std::chrono::seconds{3};
        const enrollment::SelfCheckStamp check{due - kMaxAge, true, app::wiring::softwareStamp(),
                                               setup.profile.stamp.sha256};
        QVERIFY(db::self_check::writeSelfCheck(setup.config.dataDirectory, check).ok());
        StationApplication station(setup, ui::ThemeChoice::Light);
        auto& controller = station.controller();
        QVERIFY(!controller.stopReason() && controller.bindSerial("GX-000183", {}).ok());
        while (utcNow() <= due) {
        }
        QVERIFY(!controller.stopReason()); // nobody knows it yet
        QVERIFY(controller.start({1}) == ui::RunController::Start::Refused);
        QVERIFY(controller.whyNothingStarts()->code == StationCode::SelfCheckOverdue);
        const auto isTried = [&controller] {
            const auto& reason = controller.stopReason();
            return reason && reason->what.find("none is made") != std::string::npos;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isTried(), kPatience);
    }

    void theWindowComesBackWhereItWas()
    {
        const StationFiles files;
        constexpr QSize kChosen{960, 640};
        const auto first = files.session([&](ui::MainWindow& window) { window.resize(kChosen); });
        QVERIFY(first != kChosen);
        QCOMPARE(files.session([](ui::MainWindow&) {}), kChosen);
    }

    void fillingTheScreenForgetsNoPlace()
    {
        const StationFiles files;
        constexpr QSize kChosen{960, 640};
        files.session([&](ui::MainWindow& window) { window.resize(kChosen); });
        files.session([](ui::MainWindow& window) { window.fillDisplay(); });
        QCOMPARE(files.session([](ui::MainWindow&) {}), kChosen);
    }

    void aMeasuredScreenHoldsAtOnceAndAtTheNextStart()
    {
        const StationFiles files;
        const auto sources = files.sources({"tcp://127.0.0.1:9"});
        const auto dotsOf = [&](const auto& act) {
            StationApplication station(must(loadStationSetup(sources)), ui::ThemeChoice::Light);
            station.show(WindowStart::Normal);
            act(station);
            return station.theme().viewing().dotsPerInch;
        };
        const auto nothing = [](StationApplication&) {};
        const auto before = dotsOf(nothing);
        const auto measured = dotsOf([](StationApplication& station) {
            station.window().activateWindow();
            QTRY_VERIFY_WITH_TIMEOUT(station.window().isActiveWindow(), kPatience);
            QTest::keyClick(&station.window(), Qt::Key_F12);
            auto& page = station.rulerScreen();
            QVERIFY(page.isVisible());
            page.choose(ui::RulerWay::Ruler);
            page.lengthen(40);
            page.keep();
            QVERIFY(page.state().news == ui::RulerNews::Kept);
        });
        QVERIFY(measured > before);
        QCOMPARE(dotsOf(nothing), measured);

        std::ifstream in(files.file("station.toml"));
        std::string text{std::istreambuf_iterator<char>(in), {}};
        text.insert(text.find("id = "), "screen_width_mm = 400\n");
        std::ofstream(files.file("station.toml")) << text;
        const auto said = dotsOf([](StationApplication& station) {
            QCOMPARE(station.rulerScreen().state().subject.configured.value_or(0), 400.0);
        });
        QVERIFY(said != measured && said != before);
    }

    void refusesAStationWithoutSlots()
    {
        const StationFiles files;
        const auto setup = loadStationSetup(files.sources({}));
        QVERIFY(!setup.ok());
        QVERIFY(setup.error().code == StationCode::ConfigurationInvalid);
        QVERIFY(setup.error().what.find(".toml: no [[slot]] is configured") != std::string::npos);
    }

    void refusesAnUnknownProfile()
    {
        const StationFiles files;
        auto sources = files.sources({"tcp://127.0.0.1:9"});
        sources.profile = std::filesystem::path{"nosuch"};
        QVERIFY(!loadStationSetup(sources).ok());
    }

    void readsItsOptions()
    {
        const std::vector<std::string> words{"--theme", "dark", "--full-screen", "--data", "/tmp/x"};
        const auto parsed = parseOptions(words);
        const auto& options = std::get<StationOptions>(parsed);
        QVERIFY(options.theme == ui::ThemeChoice::Dark);
        QVERIFY(options.window == WindowStart::FullScreen);
        QVERIFY(options.sources.dataDirectory == std::filesystem::path{"/tmp/x"});
    }

    void refusesAnUnknownTheme()
    {
        const std::vector<std::string> words{"--theme", "pink"};
        const auto parsed = parseOptions(words);
        QCOMPARE(std::get<int>(parsed), 2);
    }
};

QTEST_MAIN(StationApplicationTest)
#include "tst_station_application.moc"
