#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "core/config/people_file.h"
#include "core/enrollment/pin.h"
#include "db/duty/duty_file.h"
#include "tests/app/desktop/station_files.h"
#include "tests/ui/keyboard.h"

#include <QSignalSpy>

using namespace enroll;
using namespace enroll::app::desktop;
using enroll::test::Keyboard;
using enroll::test::must;
using enroll::test::StationFiles;

namespace {

constexpr int kPatience = 60'000;
constexpr auto kPattern = "[scanner]\npatterns = { operator = \"^B[0-9]{5}$\" }\n";

/// A station whose files say who has to sign in: Ben, by his badge B00002 and his PIN 4711.
struct Line {
    explicit Line(const std::string& security)
    {
        files.configure({"tcp://127.0.0.1:9"}, kPattern + security);
        std::filesystem::create_directory(files.file("data"));
        QVERIFY(config::changePeople(files.file("data"), [](enrollment::People& people) -> Result<void> {
                    TRY_ASSIGN(auto badge, enrollment::hashForBadge(secret("B00002"), people));
                    TRY_ASSIGN(auto pin, enrollment::hashForPin(secret("4711")));
                    people.push_back({enrollment::OperatorId{"ben"}, "Ben K.", enrollment::Role::Technician,
                                      std::move(badge), std::move(pin)});
                    return {};
                }).ok());
        start();
    }

    static SecretBytes secret(const char* text) { return SecretBytes::copyOf(asBytes(std::string_view{text})); }

    /// Again, where it runs.
    void start()
    {
        station.reset();
        station = std::make_unique<StationApplication>(must(loadStationSetup(files.sources())), ui::ThemeChoice::Light);
        station->show(WindowStart::Normal);
        station->window().activateWindow();
        QTRY_VERIFY_WITH_TIMEOUT(station->window().isActiveWindow(), kPatience);
    }
    [[nodiscard]] ui::SignInStage stage() const { return station->signInScreen().steps().stage; }
    [[nodiscard]] bool isClosed() const { return station->window().entrance() == ui::MainWindow::Entrance::Closed; }
    void scan(const QString& code)
    {
        keyboard.wait(1000);
        keyboard.type(code, Keyboard::scanner(2));
        keyboard.strike(Keyboard::scanner(2), Qt::Key_Return);
    }
    void askForPin()
    {
        scan(QStringLiteral("B00002"));
        QTRY_VERIFY_WITH_TIMEOUT(!station->signInScreen().steps().person.isEmpty(), kPatience);
    }
    /// And waits for the answer.
    void enterPin(const QString& digits)
    {
        keyboard.wait(1000);
        keyboard.type(digits, Keyboard::fingers());
        keyboard.strike(Keyboard::fingers(), Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(stage() != ui::SignInStage::Checking, kPatience);
    }

    StationFiles files;
    std::unique_ptr<StationApplication> station;
    Keyboard keyboard;
};

} // namespace

/// The application with its files: who has to sign in first, and what outlives it.
class StationEntranceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles"); }

    void aBadgeAndItsPinOpenTheStation()
    {
        Line line("[security]\nrequire_sign_in = true\n");
        QVERIFY(line.isClosed());
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.station->signInScreen().steps().remark->code == ScanCode::OperatorMissing);
        line.askForPin();
        line.enterPin(QStringLiteral("4712"));
        QVERIFY(line.isClosed());
        line.enterPin(QStringLiteral("4711"));
        QVERIFY(!line.isClosed());
        QCOMPARE(line.station->window().appBar().content().caption.person, QStringLiteral("Ben K."));
        line.start(); // who works there after a restart nobody knows
        QVERIFY(line.isClosed());
    }

    void aWaitOutlivesTheProgram()
    {
        Line line("[security]\nrequire_sign_in = true\n");
        line.askForPin();
        for (int i = 0; i < 5; ++i) {
            line.enterPin(QStringLiteral("4712"));
        }
        QVERIFY(line.stage() == ui::SignInStage::Waiting);
        line.start();
        line.askForPin();
        QVERIFY(line.stage() == ui::SignInStage::Waiting);
        line.enterPin(QStringLiteral("4711"));
        QVERIFY(line.isClosed());
    }

    void whatTheFileSaysOfLockingHolds()
    {
        Line line("[security]\nlock_after_minutes = 480\n");
        QVERIFY(!line.isClosed() && !line.station->controller().signIn().nextDue());
        line.askForPin();
        QVERIFY(line.isClosed()); // also where nobody has to sign in
        line.enterPin(QStringLiteral("4711"));
        QVERIFY(!line.isClosed());
        const auto due = line.station->controller().signIn().nextDue();
        QVERIFY(due && *due - line.station->controller().now() > std::chrono::minutes{479});
    }

    /// Without the need to sign in: what was locked when the program ended is locked when it starts.
    void aLockOutlivesTheProgram()
    {
        Line line("[security]\nlock_after_minutes = 10\n");
        line.station.reset();
        {
            db::duty::DutyFile file{line.files.file("data")};
            auto duty = file.kept();
            duty.locked = true;
            file.change(duty);
        }
        line.start();
        QVERIFY(line.isClosed());
        line.askForPin();
        line.enterPin(QStringLiteral("4711"));
        QVERIFY(!line.isClosed());
        line.start();
        QVERIFY(!line.isClosed());
    }

    void aRefusalIsHeard()
    {
        Line line("[security]\nrequire_sign_in = true\n");
        QSignalSpy alerts(&line.station->runScreen(), &ui::RunScreen::alerted);
        line.scan(QStringLiteral("GX-000181"));
        QCOMPARE(alerts.size(), 1);
        QVERIFY(alerts.front().front().value<ui::Alert>() == ui::Alert::Refused);
    }

    void aStationThatRequiresSigningInAndHasNobodyDoesNotStart()
    {
        const StationFiles files;
        files.configure({"tcp://127.0.0.1:9"}, std::string{"[security]\nrequire_sign_in = true\n"} + kPattern);
        const auto setup = loadStationSetup(files.sources());
        QVERIFY(!setup.ok() && setup.error().code == StationCode::ConfigurationInvalid);
        QVERIFY(setup.error().what.find("security.require_sign_in") != std::string::npos);
    }
};

QTEST_MAIN(StationEntranceTest)
#include "tst_station_entrance.moc"
