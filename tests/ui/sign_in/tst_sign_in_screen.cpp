#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "tests/support/screen_texts.h"
#include "tests/ui/sign_in/sign_in_station.h"

#include <QSignalSpy>

#include <array>

using namespace enroll;
using namespace enroll::ui;
using namespace std::chrono_literals;
using test::kAna;
using test::kAnasBadge;
using test::kBen;
using test::kBensBadge;
using test::kBensPin;
using test::SignInStation;
using Command = ::enroll::station::Command;
using Need = ::enroll::station::SignIn::Need;

// Who works here, before anything else is shown.

namespace {

/// What may be refused on this screen, but for B-627, of which the heading says more.
constexpr std::array kSaidHere{
    ScanCode::BadgeUnknown,   ScanCode::TwoCodesAsOne, ScanCode::OtherStationsCard,   ScanCode::CapsLockIsOn,
    ScanCode::CodeOfTwoKinds, ScanCode::BadgeNotUsed,  ScanCode::BatchTooLong,        ScanCode::UnknownCommand,
    ScanCode::SeveralFields,  ScanCode::KeysAmongScan, ScanCode::CapsLockMayExchange, ScanCode::OperatorMissing,
    ScanCode::PinWrong,       ScanCode::SessionLocked, ScanCode::PinMissing,          ScanCode::ScanCutOff};

/// Five wrong PINs of Ben.
void enterWrongPins(SignInStation& line)
{
    line.signIn(kBensBadge);
    for (int left = 4; left >= 0; --left) {
        line.enterPin(QStringLiteral("471%1").arg(left + 2));
        QCOMPARE(line.left(), std::max(1, left));
        QVERIFY(line.code() == (left == 0 ? ScanCode::PinLocked : ScanCode::PinWrong));
    }
}

} // namespace

class SignInScreenTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsReachedBeforeSomebodySignedIn()
    {
        SignInStation line;
        QVERIFY(line.isClosed() && !line.runScreen->isVisible());
        QSignalSpy refused(line.screen, &SignInScreen::refused);
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.code() == ScanCode::OperatorMissing);
        line.scan(Command::StartAll);
        QVERIFY(line.code() == ScanCode::OperatorMissing);
        line.scan(QStringLiteral("SLOT 1"));
        QVERIFY(line.code() == ScanCode::OperatorMissing);
        QCOMPARE(refused.size(), 3);
        for (const auto key : {Qt::Key_F2, Qt::Key_F4, Qt::Key_F8, Qt::Key_F9}) {
            line.press(key);
        }
        QTest::keyClick(line.window.get(), Qt::Key_1, Qt::ControlModifier);
        QVERIFY(line.isClosed());
        QVERIFY(!line.controller->board().inHand() && line.controller->board().ready().empty());
        line.signIn(kAnasBadge); // she has no PIN
        QVERIFY(!line.isClosed() && line.runScreen->isVisible());
        QVERIFY(line.tells(ScanNews::SignedIn));
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.tells(ScanNews::Ready, 1));
    }

    void aBadgeOfNobodyOpensNothing()
    {
        SignInStation line;
        line.signIn(QStringLiteral("B99999"));
        QVERIFY(line.code() == ScanCode::BadgeUnknown && line.isClosed());
        line.scan(kAnasBadge);
        QVERIFY(line.stage() == SignInStage::Reading);
        QVERIFY(!line.code()); // what was said is past
        line.people->badges.front().second(makeError(StationCode::FileUnusable, "people.toml cannot be read"));
        QVERIFY(line.code() == StationCode::FileUnusable && line.isClosed());
    }

    void aBadgeMayBeTypedByHandToo()
    {
        SignInStation line;
        line.keyboard.type(QStringLiteral("B0000x"), test::Keyboard::fingers());
        QCOMPARE(line.screen->steps().typed, 6);
        line.keyboard.strike(test::Keyboard::fingers(), Qt::Key_Backspace);
        line.keyboard.wait(1000);
        line.keyboard.type(QStringLiteral("1"), test::Keyboard::fingers());
        line.keyboard.strike(test::Keyboard::fingers(), Qt::Key_Return);
        QCOMPARE(line.screen->steps().typed, 0);
        line.people->answer();
        QCOMPARE(line.who(), kAna.id.text());
    }

    void whoHasAPinEntersIt()
    {
        SignInStation line;
        line.signIn(kBensBadge);
        QVERIFY(line.stage() == SignInStage::Pin && line.isClosed());
        QCOMPARE(line.screen->steps().person, QStringLiteral("Ben K."));
        line.enterPin(QStringLiteral("4712"));
        QVERIFY(line.code() == ScanCode::PinWrong && line.isClosed());
        QCOMPARE(line.left(), 4);
        line.enterPin(kBensPin);
        QVERIFY(!line.isClosed());
        QCOMPARE(line.who(), kBen.id.text());
        QCOMPARE(line.left(), 5);
        QVERIFY(line.tells(ScanNews::SignedIn));
    }

    void thePadTakesTapsToo()
    {
        SignInStation line;
        line.signIn(kBensBadge);
        const auto& pad = line.screen->view().pad();
        for (const int digit : {4, 7, 9}) {
            QTest::mouseClick(pad.digit(digit), Qt::LeftButton);
        }
        QTest::mouseClick(pad.erase(), Qt::LeftButton);
        QTest::mouseClick(pad.digit(1), Qt::LeftButton);
        QVERIFY(!pad.enter()->isEnabled());
        QTest::mouseClick(pad.digit(1), Qt::LeftButton);
        QCOMPARE(line.screen->digits(), std::size_t{4});
        QTest::mouseClick(pad.enter(), Qt::LeftButton);
        QVERIFY(line.stage() == SignInStage::Checking);
        QCOMPARE(line.screen->digits(), std::size_t{0}); // they are nowhere here any more
        QTest::mouseClick(pad.digit(1), Qt::LeftButton);
        QCOMPARE(line.screen->digits(), std::size_t{0});
        line.people->answer();
        QCOMPARE(line.who(), kBen.id.text());
    }

    void aPinIsShownNowhere()
    {
        SignInStation line;
        line.signIn(kBensBadge);
        line.keyboard.type(QStringLiteral("4711"), test::Keyboard::fingers());
        QCOMPARE(line.screen->digits(), std::size_t{4});
        for (const auto& text : test::visibleTexts(*line.window)) {
            QVERIFY2(!text.contains(QStringLiteral("471")), qPrintable(text));
        }
    }

    void tooFewDigitsAreNoTry()
    {
        SignInStation line;
        line.signIn(kBensBadge);
        for (const auto* digits : {"", "4", "471"}) {
            line.enterPin(QLatin1String(digits));
            QVERIFY(line.people->pins.empty() && line.stage() == SignInStage::Pin);
            for (int i = 0; i < 3; ++i) {
                line.keyboard.strike(test::Keyboard::fingers(), Qt::Key_Backspace);
            }
        }
        QCOMPARE(line.left(), 5);
        line.keyboard.type(QStringLiteral("471147119"), test::Keyboard::fingers());
        QCOMPARE(line.screen->digits(), std::size_t{8}); // no PIN has more
    }

    void aScanIsNoPin()
    {
        SignInStation line;
        line.signIn(kBensBadge);
        line.keyboard.type(QStringLiteral("47"), test::Keyboard::fingers());
        line.keyboard.wait(1000);
        for (const auto& [code, said] : {std::pair{QStringLiteral("GX-000181"), ScanCode::PinMissing},
                                         std::pair{QStringLiteral("12345678"), ScanCode::PinMissing}}) {
            line.keyboard.type(code, test::Keyboard::scanner(2));
            line.keyboard.strike(test::Keyboard::scanner(2), Qt::Key_Return);
            QVERIFY(line.code() == said);
            QCOMPARE(line.screen->digits(), std::size_t{2}); // what fingers typed
            line.keyboard.wait(1000);
        }
        QVERIFY(line.people->pins.empty());
        line.enterPin(QStringLiteral("11"));
        QCOMPARE(line.who(), kBen.id.text());
    }

    void anotherBadgeTakesThePlaceOfAQuestion()
    {
        SignInStation line;
        line.signIn(kBensBadge);
        line.keyboard.type(QStringLiteral("47"), test::Keyboard::fingers());
        line.signIn(kAnasBadge);
        QCOMPARE(line.who(), kAna.id.text());
        line.signIn(kBensBadge); // while she is there
        QVERIFY(line.isClosed() && line.stage() == SignInStage::Pin);
        QCOMPARE(line.screen->digits(), std::size_t{0});
        QCOMPARE(line.who(), kAna.id.text());
    }

    void aQuestionThatNobodyAnswersEnds()
    {
        SignInStation line;
        line.signIn(kBensBadge);
        line.wait(29s);
        line.keyboard.type(QStringLiteral("4"), test::Keyboard::fingers()); // somebody is there
        line.wait(29s);
        QVERIFY(line.stage() == SignInStage::Pin);
        line.wait(1s);
        QVERIFY(line.stage() == SignInStage::Badge && line.isClosed());
        QCOMPARE(line.screen->digits(), std::size_t{0});
        line.signIn(kBensBadge);
        line.press(Qt::Key_Escape);
        QVERIFY(line.stage() == SignInStage::Badge);
        line.signIn(kBensBadge);
        QTest::mouseClick(line.screen->view().startAgain(), Qt::LeftButton);
        QVERIFY(line.stage() == SignInStage::Badge);
    }

    /// A question beside the work of somebody else goes away without a trace.
    void whoWorksGoesOnWhereAnothersPinIsNotEntered()
    {
        SignInStation line({.need = Need::Optional});
        QVERIFY(!line.isClosed());
        line.signIn(kAnasBadge);
        line.signIn(kBensBadge);
        QVERIFY(line.isClosed());
        line.press(Qt::Key_Escape);
        QVERIFY(!line.isClosed());
        QCOMPARE(line.who(), kAna.id.text());
        QVERIFY(line.tells(ScanNews::Idle));
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.tells(ScanNews::Ready, 1));
    }

    /// By its key and by its barcode: Ana works here, and whoever stands before the pad signs her out.
    void whoSignsOutAtThePadIsNotKnown()
    {
        for (const bool byKey : {true, false}) {
            SignInStation line({.need = Need::Optional});
            line.signIn(kAnasBadge);
            line.signIn(kBensBadge);
            QVERIFY(line.isClosed() && line.stage() == SignInStage::Pin);
            if (byKey) {
                line.press(Qt::Key_F10);
            } else {
                line.scan(::enroll::station::Command::SignOut);
            }
            QVERIFY(!line.isClosed() && line.who().empty());
            const auto& act = line.acts->all.back();
            QVERIFY(act.what == Word<::enroll::station::ActKind>{::enroll::station::ActKind::SignedOut});
            QVERIFY(!act.operatorId && act.person == kAna.id);
            QVERIFY(!line.duty->duty.shift.over);
        }
    }

    void afterFiveWrongPinsThatPersonWaits()
    {
        SignInStation line;
        enterWrongPins(line);
        QVERIFY(line.stage() == SignInStage::Waiting);
        line.enterPin(kBensPin);
        QVERIFY(line.people->pins.empty() && line.isClosed());
        line.signIn(kAnasBadge); // nobody else waits
        QVERIFY(!line.isClosed());
        line.press(Qt::Key_F10);
        line.wait(29s);
        line.signIn(kBensBadge);
        QVERIFY(line.stage() == SignInStage::Waiting);
        line.wait(1s);
        QVERIFY(line.stage() == SignInStage::Pin);
        line.enterPin(QStringLiteral("4712"));
        QVERIFY(line.stage() == SignInStage::Waiting);
        line.wait(59s);
        QVERIFY(line.stage() == SignInStage::Badge);
        line.wait(1s);
        line.signIn(kBensBadge);
        line.enterPin(kBensPin);
        QCOMPARE(line.who(), kBen.id.text());
        QVERIFY(line.duty->duty.tries.empty());
    }

    /// Esc at once behind Enter: nobody sees the answer, and it is known all the same.
    void aWrongPinThatNobodyWaitsForIsKeptToo()
    {
        for (const bool isRight : {false, true}) {
            SignInStation line;
            line.signIn(kBensBadge);
            line.keyboard.type(isRight ? kBensPin : QStringLiteral("4712"), test::Keyboard::fingers());
            line.keyboard.strike(test::Keyboard::fingers(), Qt::Key_Return);
            line.press(Qt::Key_Escape);
            QSignalSpy failed(line.controller.get(), &RunController::signInFailed);
            line.people->answer();
            QVERIFY(line.isClosed() && failed.empty() && !line.code());
            QCOMPARE(line.acts->all.size(), isRight ? 0U : 1U);
            if (!isRight) {
                const auto& act = line.acts->all.back();
                QVERIFY(act.what == Word<::enroll::station::ActKind>{::enroll::station::ActKind::PinRefused});
                QVERIFY(act.person == kBen.id && !act.operatorId);
                QVERIFY(act.code == Word<ErrorCode>{ScanCode::PinWrong});
            }
            QCOMPARE(line.left(), 4);
        }
    }

    void aRestartIsNoWayAroundAWait()
    {
        const auto duty = std::make_shared<test::KeptDuty>();
        const auto people = std::make_shared<test::People>();
        {
            SignInStation line({.duty = duty, .people = people});
            QVERIFY(line.controller->takeOrder(enrollment::BatchId{"WO-4711"}).ok());
            enterWrongPins(line);
        }
        QVERIFY(duty->duty.order && duty->duty.tries.size() == 1);
        for (const auto start : {test::SignInTime{}, test::kSignInStart + 24h}) {
            SignInStation line({.duty = duty, .people = people, .time = std::make_shared<test::SignInTime>(start)});
            line.signIn(kBensBadge);
            QVERIFY(line.stage() == SignInStage::Waiting);
            line.enterPin(kBensPin);
            QVERIFY(people->pins.empty());
        }
        SignInStation line({.duty = duty, .people = people});
        line.wait(30s);
        line.signIn(kBensBadge);
        line.enterPin(kBensPin);
        QCOMPARE(line.who(), kBen.id.text());
    }

    /// Neither the try is free, nor does who cannot be helped pay for it.
    void aTryCountsBeforeItsAnswer()
    {
        const auto duty = std::make_shared<test::KeptDuty>();
        SignInStation line({.duty = duty});
        line.signIn(kBensBadge);
        line.keyboard.type(QStringLiteral("4712"), test::Keyboard::fingers());
        line.keyboard.strike(test::Keyboard::fingers(), Qt::Key_Return);
        QCOMPARE(duty->duty.tries.size(), std::size_t{1}); // the program may end here
        line.people->pins.front().second(makeError(StationCode::FileUnusable, "people.toml cannot be read"));
        QVERIFY(line.code() == StationCode::FileUnusable && line.stage() == SignInStage::Pin);
        QVERIFY(duty->duty.tries.empty());
    }

    void anAnswerThatComesTooLateOpensNothing()
    {
        SignInStation line;
        line.signIn(kBensBadge);
        line.keyboard.type(kBensPin, test::Keyboard::fingers());
        line.keyboard.strike(test::Keyboard::fingers(), Qt::Key_Return);
        line.press(Qt::Key_Escape);
        line.people->answer();
        QVERIFY(line.isClosed() && line.who().empty());
        QCOMPARE(line.left(), 4); // nobody learnt that it was the right one
    }

    void whatIsRefusedIsExplained()
    {
        SignInStation line;
        QVERIFY(!line.screen->helpTopic());
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.screen->helpTopic()->code == ScanCode::OperatorMissing);
        line.press(Qt::Key_F1);
        QVERIFY(line.window->help().isVisible());
        QTest::mouseClick(line.screen->view().help(), Qt::LeftButton);
        QVERIFY(!line.window->help().isVisible());
        QTest::mouseClick(line.screen->view().help(), Qt::LeftButton);
        QVERIFY(line.window->help().isVisible());
        line.signIn(kAnasBadge);
        QVERIFY(!line.window->help().isVisible()); // it spoke of what is gone
    }

    /// Whoever stands there may not cut off the tests of others.
    void closingWaitsForWhoSignsIn()
    {
        SignInStation line({.device = test::stallingDevice});
        line.signIn(kAnasBadge);
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.scan(Command::SignOut);
        QVERIFY(line.isClosed());
        for (int i = 0; i < 3; ++i) {
            line.window->close();
            QVERIFY(line.window->isVisible() && !line.controller->idle());
        }
        QVERIFY(line.screen->steps().remark);
        line.window->closeUnasked(); // the session ends
        QVERIFY(line.stage() == SignInStage::Closing);
        QTRY_VERIFY_WITH_TIMEOUT(!line.window->isVisible(), test::kPatience);
    }

    void anIdleStationIsClosedByAnybody()
    {
        SignInStation line;
        line.window->close();
        QVERIFY(!line.window->isVisible());
    }

    void aKioskStaysOpen()
    {
        SignInStation line;
        line.window->beKiosk();
        line.window->close();
        QVERIFY(line.window->isVisible() && line.screen->steps().remark);
    }

    void noRemarkIsCut()
    {
        SignInStation line;
        for (const bool asks : {false, true}) {
            if (asks) {
                line.signIn(kBensBadge);
            }
            for (const auto& size : {QSize(1920, 1080), QSize(1366, 768), QSize(1280, 800), QSize(1024, 768)}) {
                line.window->resize(size);
                QCoreApplication::processEvents();
                for (const auto code : kSaidHere) {
                    Q_EMIT line.controller->signInFailed(makeError(code, "x"));
                    QVERIFY2(line.code() == code && line.screen->view().remarkIsWhole(), describe(code).text.data());
                }
            }
        }
    }

    /// In every size of window.
    void everyButtonIsInTheWindow()
    {
        SignInStation line;
        line.signIn(kBensBadge);
        for (const auto& size :
             {QSize(1920, 1080), QSize(1366, 768), QSize(1280, 800), QSize(1024, 768), QSize(960, 540)}) {
            line.window->resize(size);
            QCoreApplication::processEvents();
            const auto& view = line.screen->view();
            for (auto* button : view.findChildren<FlatButton*>()) {
                const QRect place(button->mapTo(line.screen, QPoint()), button->size());
                QVERIFY(line.screen->rect().contains(place));
                QVERIFY(button->height() >= 30 && button->width() >= 60);
            }
        }
    }
};

QTEST_MAIN(SignInScreenTest)
#include "tst_sign_in_screen.moc"
