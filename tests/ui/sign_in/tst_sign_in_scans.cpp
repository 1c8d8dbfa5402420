#include "core/base/scan_code.h"
#include "tests/ui/sensing_station.h"
#include "tests/ui/sign_in/sign_in_station.h"

#include <QSignalSpy>

#include <functional>

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

// A device's label, or a PIN, that comes while the other of the two is asked for.

using Scan = std::function<void(SignInStation&)>;

class SignInScansTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// A serial waits for its device, and the label of another one is scanned while a PIN is asked for: what comes next may
    /// be that other device.
    void aRefusedLabelIsToldToTheSlots_data()
    {
        QTest::addColumn<Scan>("scan");
        QTest::newRow("a serial") << Scan{[](SignInStation& line) { line.scan(QStringLiteral("GX-000182")); }};
        QTest::newRow("two as one") << Scan{
            [](SignInStation& line) { line.scan(QStringLiteral("GX-000182GX-000183")); }};
        QTest::newRow("one that lost its end") << Scan{[](SignInStation& line) {
            line.keyboard.type(QStringLiteral("GX-0001"), test::Keyboard::scanner(2));
            QTRY_VERIFY_WITH_TIMEOUT(line.code() == ScanCode::ScanCutOff, test::kPatience);
        }};
        QTest::newRow("a part, by the station's own scanner")
            << Scan{[](SignInStation& line) { line.screen->scanned(makeError(ScanCode::ScanCutOff, "a part")); }};
    }
    void aRefusedLabelIsToldToTheSlots()
    {
        using namespace ::enroll::station;
        QFETCH(const Scan, scan);
        test::SensedDevices devices;
        SignInStation line({.device = test::stallingDevice,
                            .presence = devices.probe(),
                            .start = SelfStart{enrollment::StartRule::Present}});
        const auto& board = line.controller->board();
        QTRY_VERIFY_WITH_TIMEOUT(!board.doubted({1}), test::kPatience);
        line.signIn(kAnasBadge);
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.tells(ScanNews::Ready, 1));
        QSignalSpy looked(line.controller.get(), &RunController::slotChanged); // by looks that began after the scan
        QVERIFY(looked.wait(test::kPatience) && looked.wait(test::kPatience));
        line.signIn(kBensBadge);
        QVERIFY(line.stage() == SignInStage::Pin);
        scan(line);
        QVERIFY(line.code());
        devices.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(board.presence({1}) == Presence::Present, test::kPatience);
        QVERIFY(board.startOf({1}) == StartBy::Answer);
        QVERIFY(std::holds_alternative<SlotReady>(board.state({1})));
    }

    /// Ana's label was scanned, and its device comes while Ben stands before the pad.
    void nothingStartsByItselfWhileAPinIsAskedFor()
    {
        using namespace ::enroll::station;
        test::SensedDevices devices;
        SignInStation line({.need = Need::Optional,
                            .device = test::stallingDevice,
                            .presence = devices.probe(),
                            .start = SelfStart{enrollment::StartRule::Present}});
        const auto& board = line.controller->board();
        QTRY_VERIFY_WITH_TIMEOUT(!board.doubted({1}), test::kPatience);
        line.signIn(kAnasBadge);
        line.scan(QStringLiteral("GX-000181"));
        QSignalSpy looked(line.controller.get(), &RunController::slotChanged); // by looks that began after the scan
        QVERIFY(looked.wait(test::kPatience) && looked.wait(test::kPatience));
        line.signIn(kBensBadge);
        QVERIFY(line.stage() == SignInStage::Pin);
        devices.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(board.presence({1}) == Presence::Present, test::kPatience);
        QVERIFY(looked.wait(test::kPatience));
        QVERIFY(board.startOf({1}) == StartBy::Itself);
        QVERIFY(std::holds_alternative<SlotReady>(board.state({1})));
        line.press(Qt::Key_Escape); // she goes on
        QTRY_VERIFY_WITH_TIMEOUT(std::holds_alternative<SlotRunning>(board.state({1})), test::kPatience);
    }

    /// Whoever is used to be asked scans the badge once more, and types the PIN before anybody knows whose it is.
    void aPinBehindABadgeThatIsReadTwiceIsNotShown()
    {
        SignInStation line({.need = Need::Optional});
        line.signIn(kAnasBadge);
        line.signIn(kBensBadge);
        QVERIFY(line.stage() == SignInStage::Pin);
        line.scan(kBensBadge);
        QVERIFY(line.isClosed() && line.stage() == SignInStage::Reading);
        line.keyboard.type(kBensPin, test::Keyboard::fingers());
        QVERIFY(line.entry()->text().isEmpty());
        line.people->answer();
        QVERIFY(line.isClosed() && line.stage() == SignInStage::Pin);
        line.enterPin(kBensPin);
        QCOMPARE(line.who(), kBen.id.text());
    }

    /// The label is scanned at once behind the badge, and the answer comes in the middle of it, or before its last key.
    void aLabelThatTwoScreensShareIsTakenByNeither()
    {
        for (const auto* head : {"GX-", "GX-00018", "GX-000181"}) {
            SignInStation line;
            line.scan(kAnasBadge);
            const auto label = QStringLiteral("GX-000181");
            line.keyboard.type(label.left(static_cast<qsizetype>(qstrlen(head))), test::Keyboard::scanner(2));
            line.people->answer();
            QVERIFY(!line.isClosed());
            line.keyboard.type(label.mid(static_cast<qsizetype>(qstrlen(head))), test::Keyboard::scanner(2));
            line.keyboard.strike(test::Keyboard::scanner(2), Qt::Key_Return);
            QVERIFY2(line.refuses(ScanCode::KeysAmongScan), head);
            QVERIFY(line.controller->board().ready().empty());
            line.scan(label);
            QVERIFY(line.tells(ScanNews::Ready, 1));
        }
    }

    /// The other way round: its digits are no PIN's.
    void aLabelThatThePinsQuestionCutsIsRefused()
    {
        for (const auto* head : {"GX-0", "GX-00018", "GX-000181"}) {
            SignInStation line({.need = Need::Optional});
            line.scan(kBensBadge);
            const auto label = QStringLiteral("GX-000181");
            line.keyboard.type(label.left(static_cast<qsizetype>(qstrlen(head))), test::Keyboard::scanner(2));
            line.people->answer();
            QVERIFY(line.stage() == SignInStage::Pin);
            line.keyboard.type(label.mid(static_cast<qsizetype>(qstrlen(head))), test::Keyboard::scanner(2));
            QCOMPARE(line.screen->digits(), std::size_t{0});
            line.keyboard.strike(test::Keyboard::scanner(2), Qt::Key_Return);
            QVERIFY2(line.code() == ScanCode::KeysAmongScan, head);
            line.enterPin(kBensPin);
            QCOMPARE(line.who(), kBen.id.text());
            QVERIFY(line.entry()->text().isEmpty());
        }
    }

    /// Whoever is used to be asked types the PIN before the badge is known.
    void aPinThatIsTypedTooSoonStandsNowhere()
    {
        SignInStation line({.need = Need::Optional});
        line.scan(kBensBadge);
        QTest::keyClicks(line.entry(), kBensPin);
        QVERIFY(!line.entry()->text().isEmpty());
        line.people->answer();
        QVERIFY(line.stage() == SignInStage::Pin);
        QVERIFY(line.entry()->text().isEmpty());
        QVERIFY(!line.entry()->isUndoAvailable());
    }
};

QTEST_MAIN(SignInScansTest)
#include "tst_sign_in_scans.moc"
