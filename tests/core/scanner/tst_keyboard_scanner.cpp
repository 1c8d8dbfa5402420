#include "core/base/station_code.h"
#include "core/scanner/scanner_port.h"
#include "tests/support/must.h"
#include "tests/support/played_keyboard.h"

#include <QDeadlineTimer>
#include <QTest>

#include <poll.h>

using namespace enroll;
using enrollment::OwnScanner;
using scanner::Characters;
using scanner::ScannerPort;
using test::PlayedKeyboard;

namespace {

/// What \p port reads until it holds \p size characters or some are missing, or nothing came in time.
Characters readFrom(ScannerPort& port, std::size_t size)
{
    constexpr int kInTime = 20000;
    Characters all;
    pollfd wait{port.fd(), POLLIN, 0};
    while (all.text.size() < size && !all.isTorn && ::poll(&wait, 1, kInTime) > 0) {
        const auto characters = test::must(port.read());
        all.text += characters.text;
        all.isTorn = all.isTorn || characters.isTorn;
    }
    return all;
}

std::unique_ptr<ScannerPort> open(const char* layout = "us")
{
    return test::must(scanner::openScanner(OwnScanner{PlayedKeyboard::kDevice, layout}));
}

} // namespace

class TestKeyboardScanner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWhatTheScannerTypesAndNobodyElseDoes()
    {
        PlayedKeyboard keyboard;
        const auto port = open();
        QVERIFY(keyboard.isGrabbed());
        keyboard.tapShifted(KEY_G);
        keyboard.tapShifted(KEY_X);
        for (const unsigned key : {KEY_MINUS, KEY_0, KEY_1, KEY_8, KEY_ENTER}) {
            keyboard.tap(key);
        }
        QVERIFY((readFrom(*port, 7) == Characters{"GX-018\r", false}));
    }

    void aKeyThatRepeatsItselfIsOneCharacter()
    {
        PlayedKeyboard keyboard;
        const auto port = open("de");
        keyboard.down(KEY_Y);
        keyboard.repeat(KEY_Y);
        keyboard.up(KEY_Y);
        keyboard.tap(KEY_ENTER);
        QVERIFY((readFrom(*port, 2) == Characters{"z\r", false}));
    }

    void whatTheKernelDroppedIsTold()
    {
        PlayedKeyboard keyboard;
        const auto port = open();
        keyboard.tap(KEY_1);
        keyboard.down(KEY_LEFTSHIFT); // whose end is lost
        keyboard.dropEvents();
        QVERIFY(readFrom(*port, 1).isTorn || readFrom(*port, 1).isTorn);
        keyboard.tap(KEY_A); // and Shift is not down any more
        QVERIFY((readFrom(*port, 1) == Characters{"a", false}));
    }

    void aCharacterWrittenAsANumberTearsTheCode()
    {
        PlayedKeyboard keyboard;
        const auto port = open();
        keyboard.tap(KEY_NUMLOCK);
        keyboard.down(KEY_LEFTALT);
        keyboard.tap(KEY_KP6);
        keyboard.up(KEY_LEFTALT);
        keyboard.tap(KEY_ENTER);
        auto characters = readFrom(*port, 1);
        if (characters.text.empty()) { // Return came behind
            characters.text = readFrom(*port, 1).text;
        }
        QVERIFY((characters == Characters{"\r", true}));
    }

    void aKeyboardOfAnotherProgramIsRefused()
    {
        PlayedKeyboard keyboard;
        keyboard.belongToAnother();
        const auto port = scanner::openScanner(OwnScanner{PlayedKeyboard::kDevice, "us"});
        QVERIFY(!port.ok() && port.error().code == StationCode::ScannerLost);
        QVERIFY(port.error().what.find("another program") != std::string::npos);
    }

    void whatHasNoDigitsIsNoScanner()
    {
        PlayedKeyboard buttons{{KEY_POWER, KEY_ENTER}};
        const auto port = scanner::openScanner(OwnScanner{PlayedKeyboard::kDevice, "us"});
        QVERIFY(!port.ok());
        QVERIFY(port.error().what.find("no keys for digits") != std::string::npos);
        QVERIFY(!buttons.isGrabbed());
    }
};

QTEST_GUILESS_MAIN(TestKeyboardScanner)
#include "tst_keyboard_scanner.moc"
