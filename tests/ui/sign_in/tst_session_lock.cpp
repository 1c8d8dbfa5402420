#include "core/base/scan_code.h"
#include "tests/ui/sensing_station.h"
#include "tests/ui/sign_in/sign_in_station.h"

#include <QSignalSpy>
#include <QWindow>

#include <atomic>

using namespace enroll;
using namespace enroll::ui;
using namespace std::chrono_literals;
using ::enroll::station::ActKind;
using test::kAna;
using test::kAnasBadge;
using test::kBen;
using test::kBensBadge;
using test::kBensPin;
using test::SignInStation;
using Kinds = std::vector<ActKind>;
using Command = ::enroll::station::Command;
using Need = ::enroll::station::SignIn::Need;

// A station that nobody touches locks, and its slots go on.

namespace {

SignInStation lockingStation(const ::enroll::station::DeviceTpmFactory& device = {}, Need need = Need::Optional)
{
    return SignInStation({.need = need, .lockAfter = 5min, .device = device});
}

/// How it comes that nobody is there whom the station knows.
void addWaysToLeave()
{
    QTest::addColumn<Need>("need");
    QTest::addColumn<bool>("isLocked");
    QTest::newRow("locked") << Need::Optional << true;
    QTest::newRow("signed out") << Need::BeforeAll << false;
}

void leave(SignInStation& line, bool isLocked)
{
    isLocked ? line.wait(5min) : line.scan(Command::SignOut);
}

} // namespace

class SessionLockTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whoIsSignedInHasToSignInAgain()
    {
        auto line = lockingStation();
        line.wait(24h);
        QVERIFY(!line.isClosed()); // nobody is there whose place could be taken
        line.signIn(kAnasBadge);
        QSignalSpy locked(line.controller.get(), &RunController::locked);
        line.wait(5min - 1ms);
        QVERIFY(!line.isClosed());
        line.wait(1ms);
        QVERIFY(line.isClosed() && line.stage() == SignInStage::Badge);
        QCOMPARE(locked.size(), 1);
        QVERIFY(line.screen->steps().hint.contains(QStringLiteral("Ana M.")));
        const auto began = line.controller->shiftStart();
        line.signIn(kAnasBadge);
        QVERIFY(!line.isClosed());
        QVERIFY(line.tells(ScanNews::SignedIn));
        QVERIFY(began && line.controller->shiftStart() == began); // her shift goes on
    }

    void withoutAnAgreementNothingLocks()
    {
        SignInStation line({.need = Need::Optional});
        line.signIn(kAnasBadge);
        line.wait(1000h);
        QVERIFY(!line.isClosed());
    }

    void everyTouchPutsItOff()
    {
        auto line = lockingStation();
        line.signIn(kAnasBadge);
        const std::vector<std::function<void()>> touches{
            [&] { line.press(Qt::Key_F3); },
            [&] { QTest::keyClick(line.entry(), Qt::Key_G); },
            [&] { QTest::mouseClick(line.runScreen->grid().tile({1}), Qt::LeftButton); },
            [&] { QTest::mouseClick(&line.window->appBar(), Qt::LeftButton); },
            [&] { line.scan(QStringLiteral("GX-000181")); },
        };
        for (const auto& touch : touches) {
            line.wait(4min);
            touch();
            line.wait(4min);
            QVERIFY(!line.isClosed());
            touch();
        }
        line.wait(5min);
        QVERIFY(line.isClosed());
    }

    /// Something lies on the keyboard.
    void aKeyThatIsHeldDownPutsNothingOff()
    {
        auto line = lockingStation();
        line.signIn(kAnasBadge);
        line.wait(4min);
        QKeyEvent held(QEvent::KeyPress, Qt::Key_Shift, Qt::ShiftModifier, {}, true);
        QApplication::sendEvent(line.entry(), &held);
        line.wait(1min);
        QVERIFY(line.isClosed());
    }

    /// By its own timer.
    void locksByItself()
    {
        auto line = lockingStation();
        line.signIn(kAnasBadge);
        *line.time += 5min - 50ms;
        line.controller->passTime(); // from here on the rest is waited for
        QVERIFY(!line.isClosed());
        *line.time += 50ms;
        QTRY_VERIFY_WITH_TIMEOUT(line.isClosed(), test::kPatience);
    }

    /// No timer runs while the machine sleeps.
    void theFirstTouchAfterASleepLocksAndDoesNothingElse()
    {
        const std::vector<std::function<void(SignInStation&)>> touches{
            [](SignInStation& line) { line.press(Qt::Key_F10); },
            [](SignInStation& line) {
                line.keyboard.strike(test::Keyboard::fingers(), Qt::Key_G, {}, QStringLiteral("g"));
            },
            [](SignInStation& line) { QTest::mouseClick(line.runScreen->grid().tile({2}), Qt::LeftButton); },
        };
        for (const auto& touch : touches) {
            auto line = lockingStation();
            line.signIn(kAnasBadge);
            *line.time += 5min;
            touch(line);
            QVERIFY(line.isClosed() && line.controller->signIn().isLocked());
            QVERIFY(line.screen->hasFocus()); // nothing that is hidden took it
            QCOMPARE(line.who(), kAna.id.text());
            QVERIFY(line.entry()->text().isEmpty());
        }
    }

    /// It was for the pad, which is not there any more.
    void theFirstTouchAfterASleepEndsAQuestionAndDoesNothingElse()
    {
        const auto onTile = [](const SignInStation& line) {
            const auto* tile = line.runScreen->grid().tile({1});
            return tile->mapTo(line.window.get(), tile->rect().center());
        };
        const std::vector<std::function<void(SignInStation&)>> touches{
            [](SignInStation& line) { line.press(Qt::Key_F4); },
            [&](SignInStation& line) {
                QTest::mouseClick(line.window->windowHandle(), Qt::LeftButton, {}, onTile(line));
            },
            [&](SignInStation& line) {
                QTest::mouseDClick(line.window->windowHandle(), Qt::LeftButton, {}, onTile(line));
            },
        };
        for (const auto& touch : touches) {
            SignInStation line({.need = Need::Optional, .device = test::stallingDevice});
            line.signIn(kAnasBadge);
            line.scan(QStringLiteral("GX-000181"));
            line.signIn(kBensBadge);
            QVERIFY(line.isClosed());
            *line.time += 31s;
            touch(line);
            QVERIFY(!line.isClosed());
            QVERIFY(line.tile(1).look != TileLook::Running);
            QCOMPARE(line.who(), kAna.id.text());
            line.press(Qt::Key_F4);
            QVERIFY(line.tile(1).look == TileLook::Running);
        }
    }

    void theBadgeAfterASleepIsReadWhole()
    {
        auto line = lockingStation();
        line.signIn(kAnasBadge);
        *line.time += 5min;
        line.signIn(kAnasBadge);
        QVERIFY(!line.isClosed());
        QVERIFY(line.acts->kinds() == (Kinds{ActKind::SignedIn, ActKind::Locked, ActKind::Unlocked}));
    }

    void slotsGoOnAndNothingElseBegins()
    {
        auto line = lockingStation(test::stallingDevice);
        line.signIn(kAnasBadge);
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.scan(QStringLiteral("GX-000182"));
        line.wait(5min);
        QVERIFY(line.isClosed());
        QCOMPARE(line.controller->board().running().size(), std::size_t{1});
        line.scan(QStringLiteral("GX-000183"));
        QVERIFY(line.code() == ScanCode::SessionLocked);
        line.scan(Command::StartAll);
        QVERIFY(line.code() == ScanCode::SessionLocked);
        QVERIFY(line.controller->start({2}) == RunController::Start::Refused); // whoever asks for it
        QVERIFY(line.controller->bindSerial("GX-000183", {}).error().code == ScanCode::SessionLocked);
        QCOMPARE(line.controller->board().ready().size(), std::size_t{1});
        QVERIFY(line.tile(1).look == TileLook::Running);
        line.signIn(kAnasBadge);
        line.scan(Command::StartAll);
        QCOMPARE(line.controller->board().running().size(), std::size_t{2});
        line.controller->stopAll();
        QTRY_VERIFY_WITH_TIMEOUT(line.controller->idle(), test::kPatience);
    }

    /// Somebody put a device in while nobody was there whom the station knows.
    void whatComesMeanwhileIsAskedAbout_data() { addWaysToLeave(); }
    void whatComesMeanwhileIsAskedAbout()
    {
        QFETCH(const Need, need);
        QFETCH(const bool, isLocked);
        using namespace ::enroll::station;
        test::SensedDevices devices;
        SignInStation line({.need = need,
                            .lockAfter = 5min,
                            .device = test::stallingDevice,
                            .presence = devices.probe(),
                            .start = SelfStart{enrollment::StartRule::Present}});
        const auto& board = line.controller->board();
        const auto isReady = [&board] { return std::holds_alternative<SlotReady>(board.state({1})); };
        QTRY_VERIFY_WITH_TIMEOUT(!board.doubted({1}), test::kPatience);
        line.signIn(kAnasBadge);
        line.scan(QStringLiteral("GX-000181"));
        QSignalSpy looked(line.controller.get(), &RunController::slotChanged); // by looks that began after the scan
        QVERIFY(looked.wait(test::kPatience) && looked.wait(test::kPatience));
        QVERIFY(board.startOf({1}) == StartBy::Itself);
        leave(line, isLocked);
        devices.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(board.presence({1}) == Presence::Present, test::kPatience);
        QVERIFY(isReady() && board.startOf({1}) == StartBy::Answer);
        line.signIn(kAnasBadge);
        QVERIFY(!line.isClosed());
        QVERIFY(looked.wait(test::kPatience) && looked.wait(test::kPatience));
        line.press(Qt::Key_F4);
        QVERIFY(isReady() && line.tells(ScanNews::LeftOut, 1));
        line.choose(1); // she looked, and means it
        line.press(Qt::Key_F4);
        QVERIFY(line.tile(1).look == TileLook::Running);
    }

    void whatCameJustBeforeSomebodyIsAskedAboutThoughItSaysItsSerial_data() { addWaysToLeave(); }
    /// The look that finds it ends after somebody signed in.
    void whatCameJustBeforeSomebodyIsAskedAboutThoughItSaysItsSerial()
    {
        QFETCH(const Need, need);
        QFETCH(const bool, isLocked);
        using namespace ::enroll::station;
        std::atomic<bool> isIn = false;
        const auto probe = [&isIn](enrollment::SlotNumber slot, const std::stop_token&) -> std::optional<Sighting> {
            return slot.value == 1 && isIn ? Sighting{true, enrollment::SerialNumber{"GX-000181"}} : Sighting{false};
        };
        SignInStation line({.need = need,
                            .lockAfter = 5min,
                            .device = test::stallingDevice,
                            .presence = probe,
                            .start = SelfStart{enrollment::StartRule::Present},
                            .pairing = enrollment::PairingRule::DeviceSerial});
        const auto& board = line.controller->board();
        QTRY_VERIFY_WITH_TIMEOUT(!board.doubted({1}), test::kPatience);
        line.signIn(kAnasBadge);
        leave(line, isLocked);
        QVERIFY(line.isClosed());
        line.scan(kAnasBadge);
        isIn = true;
        line.people->answer();
        QVERIFY(!line.isClosed());
        QTRY_VERIFY_WITH_TIMEOUT(board.presence({1}) == Presence::Present, test::kPatience);
        QVERIFY(board.unnamed({1}) && line.tile(1).look == TileLook::Whose);
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.tile(1).look == TileLook::Running);
    }

    void aResultThatComesMeanwhileStaysAndIsTold()
    {
        auto line =
            lockingStation([](const enrollment::EnrollmentOrder&, const std::stop_token&) -> Result<test::Device> {
                auto tpm = std::make_unique<test::FakeDeviceTpm>(test::workedKeys()); // no certificate: it is on hold
                return test::Device{std::move(tpm)};
            });
        QSignalSpy alerts(line.runScreen, &RunScreen::alerted);
        line.signIn(kAnasBadge);
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.wait(5min); // before the result, or behind it
        QVERIFY(line.isClosed());
        QTRY_VERIFY_WITH_TIMEOUT(line.controller->idle(), test::kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!alerts.isEmpty(), test::kPatience);
        const auto look = line.tile(1).look;
        QVERIFY(look != TileLook::Ready && look != TileLook::Running);
        line.scan(QStringLiteral("GX-000182"));
        QVERIFY(line.tile(1).look == look);
        line.signIn(kAnasBadge);
        QVERIFY(line.tile(1).look == look);
    }

    void nothingHalfDoneIsLeftToWhoComesNext()
    {
        auto line = lockingStation();
        line.signIn(kAnasBadge);
        line.press(Qt::Key_F2);
        line.wait(5min);
        line.signIn(kAnasBadge);
        line.scan(QStringLiteral("GX-000181")); // no slot's number
        QVERIFY(line.tells(ScanNews::Ready, 1));
        QTest::keyClick(line.entry(), Qt::Key_G);
        line.wait(5min);
        QVERIFY(line.entry()->text().isEmpty());
    }

    /// The session ends while nobody is there.
    void whatIsStoppedMeanwhileIsNobodysAct()
    {
        auto line = lockingStation(test::stallingDevice);
        line.signIn(kAnasBadge);
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.wait(5min);
        QVERIFY(line.acts->all.back().operatorId == kAna.id); // who left it to itself
        line.window->closeUnasked();
        QVERIFY(line.acts->kinds() == (Kinds{ActKind::SignedIn, ActKind::Locked, ActKind::RunStopped}));
        QVERIFY(!line.acts->all.back().operatorId);
        QTRY_VERIFY_WITH_TIMEOUT(line.controller->idle(), test::kPatience);
    }

    /// By its key and by its barcode.
    void whoSignsOutALockedStationIsNotKnown()
    {
        for (const bool byKey : {true, false}) {
            auto line = lockingStation();
            line.signIn(kAnasBadge);
            const auto began = line.controller->shiftStart();
            line.wait(5min);
            if (byKey) {
                line.press(Qt::Key_F10);
            } else {
                line.scan(Command::SignOut);
            }
            QVERIFY(line.who().empty());
            QVERIFY(line.acts->kinds() == (Kinds{ActKind::SignedIn, ActKind::Locked, ActKind::SignedOut}));
            QVERIFY(!line.acts->all.back().operatorId && line.acts->all.back().person == kAna.id);
            QVERIFY(!line.duty->duty.shift.over);
            line.signIn(kAnasBadge);
            QVERIFY(line.controller->shiftStart() == began); // she goes on with it
        }
    }

    /// Whoever stands there may close it and start it again.
    void aRestartDoesNotOpenIt()
    {
        const auto duty = std::make_shared<test::KeptDuty>();
        for (const bool signsOut : {false, true}) {
            {
                SignInStation line({.need = Need::Optional, .lockAfter = 5min, .duty = duty});
                line.signIn(kAnasBadge);
                QVERIFY(!line.isClosed() && !duty->duty.locked);
                line.wait(5min);
                if (signsOut) {
                    line.press(Qt::Key_F10);
                }
            }
            SignInStation line({.need = Need::Optional, .lockAfter = 5min, .duty = duty});
            QVERIFY(line.isClosed());
            line.scan(QStringLiteral("GX-000181"));
            QVERIFY(line.code() == ScanCode::SessionLocked);
            line.signIn(kAnasBadge);
            QVERIFY(!line.isClosed() && !duty->duty.locked);
        }
    }

    void anybodyElseTakesThePlace()
    {
        auto line = lockingStation();
        line.signIn(kAnasBadge);
        line.wait(5min);
        line.signIn(kBensBadge);
        QVERIFY(line.isClosed() && line.stage() == SignInStage::Pin);
        QCOMPARE(line.who(), kAna.id.text()); // not before his PIN
        line.enterPin(kBensPin);
        QVERIFY(!line.isClosed());
        QCOMPARE(line.who(), kBen.id.text());
        line.wait(5min);
        line.signIn(kBensBadge);
        QVERIFY(line.isClosed()); // his own badge alone does not open it
        line.enterPin(kBensPin);
        QVERIFY(!line.isClosed());
    }

    void signingOutDoesNotOpenIt()
    {
        for (const auto need : {Need::Optional, Need::BeforeAll}) {
            auto line = lockingStation({}, need);
            line.signIn(kAnasBadge);
            line.wait(5min);
            line.press(Qt::Key_F10);
            QVERIFY(line.who().empty() && line.isClosed());
            line.scan(QStringLiteral("GX-000181"));
            QVERIFY(line.code() == ScanCode::SessionLocked);
            line.signIn(kAnasBadge);
            QVERIFY(!line.isClosed());
        }
    }
};

QTEST_MAIN(SessionLockTest)
#include "tst_session_lock.moc"
