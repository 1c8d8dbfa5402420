#include "core/base/station_code.h"
#include "core/scanner/code_assembly.h"
#include "core/scanner/scanner_port.h"
#include "tests/support/must.h"
#include "tests/support/played_keyboard.h"

#include <QDeadlineTimer>
#include <QTest>

#include <poll.h>

using namespace enroll;
using enrollment::OwnScanner;
using enrollment::ScanEnd;
using scanner::Characters;
using scanner::CodeAssembly;
using scanner::ScannedLine;
using scanner::ScannerPort;
using test::PlayedKeyboard;

namespace {

/// The next \p count pieces that \p port reads; fewer if nothing came in time.
std::vector<Characters> piecesFrom(ScannerPort& port, std::size_t count)
{
    constexpr int kInTime = 20000;
    std::vector<Characters> pieces;
    pollfd wait{port.fd(), POLLIN, 0};
    while (pieces.size() < count) {
        const auto characters = test::must(port.read());
        if (!characters.isNothing()) {
            pieces.push_back(characters);
        } else if (::poll(&wait, 1, kInTime) <= 0) {
            break;
        }
    }
    return pieces;
}

/// Their text, with "~" where some characters are missing.
std::string readFrom(ScannerPort& port, std::size_t count)
{
    std::string text;
    for (const auto& piece : piecesFrom(port, count)) {
        text += piece.text + (piece.isTorn ? "~" : "");
    }
    return text;
}

/// The codes that end with the next \p count pieces that \p port reads.
std::vector<ScannedLine> linesFrom(ScannerPort& port, std::size_t count, CodeAssembly& codes)
{
    std::vector<ScannedLine> lines;
    for (const auto& piece : piecesFrom(port, count)) {
        for (auto& line : codes.take(piece.text, piece.from, piece.until)) {
            lines.push_back(std::move(line));
        }
        if (piece.isTorn) {
            codes.tear(piece.until);
        }
    }
    return lines;
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
        QCOMPARE(readFrom(*port, 7), std::string{"GX-018\r"});
        QVERIFY(keyboard.isClockChosen());
    }

    void aKeyThatRepeatsItselfIsOneCharacter()
    {
        PlayedKeyboard keyboard;
        const auto port = open("de");
        keyboard.down(KEY_Y);
        keyboard.repeat(KEY_Y);
        keyboard.up(KEY_Y);
        keyboard.tap(KEY_ENTER);
        QCOMPARE(readFrom(*port, 2), std::string{"z\r"});
    }

    void whatTheKernelDroppedIsTold()
    {
        PlayedKeyboard keyboard;
        const auto port = open();
        keyboard.tap(KEY_1);
        keyboard.down(KEY_LEFTSHIFT); // whose end is lost
        keyboard.dropEvents();
        QCOMPARE(readFrom(*port, 2), std::string{"1~"});
        keyboard.tap(KEY_A); // and Shift is not down any more
        QCOMPARE(readFrom(*port, 1), std::string{"a"});
    }

    void whatWasLostBehindACodeIsMissingInTheNext()
    {
        PlayedKeyboard keyboard;
        const auto port = open();
        keyboard.at(std::chrono::steady_clock::now());
        CodeAssembly codes{ScanEnd::LineEnd};
        keyboard.tap(KEY_1);
        keyboard.tap(KEY_ENTER);
        keyboard.dropEvents();
        QVERIFY((linesFrom(*port, 3, codes) == std::vector<ScannedLine>{{"1"}}));
        keyboard.tap(KEY_2);
        keyboard.tap(KEY_ENTER);
        QVERIFY((linesFrom(*port, 2, codes) == std::vector<ScannedLine>{{"2", false}}));
    }

    /// However late they are read: all wait when the first is.
    void charactersHaveTheTimesOfTheirKeys()
    {
        PlayedKeyboard keyboard;
        const auto port = open();
        const auto first = std::chrono::steady_clock::now() - std::chrono::minutes{1};
        constexpr std::chrono::milliseconds kShort{50};
        keyboard.at(first);
        keyboard.tap(KEY_1);
        keyboard.tap(KEY_8);
        keyboard.at(first + kShort);
        keyboard.tap(KEY_3);
        keyboard.at(first + kShort + CodeAssembly::kSilence);
        keyboard.tap(KEY_9);
        CodeAssembly codes{ScanEnd::Silence};
        QVERIFY((linesFrom(*port, 4, codes) == std::vector<ScannedLine>{{"183"}}));
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
        QCOMPARE(readFrom(*port, 2), std::string{"~\r"});
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
