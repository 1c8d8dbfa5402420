#include "core/base/station_code.h"
#include "core/scanner/key_text.h"
#include "tests/support/must.h"

#include <QTest>

#include <linux/input-event-codes.h>

using namespace enroll;
using scanner::KeyText;

namespace {

KeyText keys(const char* layout = "us")
{
    return test::must(KeyText::create(layout));
}

std::string tap(KeyText& keys, unsigned code)
{
    const auto text = keys.press(code);
    keys.release(code);
    return text.value_or("?");
}

std::string tapWith(KeyText& keys, unsigned modifier, unsigned code)
{
    const auto of = keys.press(modifier);
    auto text = tap(keys, code);
    keys.release(modifier);
    return of.value_or("?") + text;
}

} // namespace

class TestKeyText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesALabel()
    {
        auto us = keys();
        std::string text;
        text += tapWith(us, KEY_LEFTSHIFT, KEY_G) + tapWith(us, KEY_RIGHTSHIFT, KEY_X) + tap(us, KEY_MINUS);
        for (const unsigned digit : {KEY_0, KEY_1, KEY_8, KEY_9}) {
            text += tap(us, digit);
        }
        QCOMPARE(text + tap(us, KEY_ENTER), std::string{"GX-0189\r"});
        QCOMPARE(tap(us, KEY_TAB), std::string{"\t"});
        QCOMPARE(tap(us, KEY_A), std::string{"a"}); // Shift is up again
    }

    void aLayoutSaysWhichLetterAKeyIs()
    {
        auto us = keys("us");
        auto de = keys("de");
        QCOMPARE(tap(us, KEY_Z) + tap(us, KEY_Y), std::string{"zy"});
        QCOMPARE(tap(de, KEY_Z) + tap(de, KEY_Y), std::string{"yz"});
        QCOMPARE(tap(de, KEY_SLASH), std::string{"-"});
    }

    void controlWritesAGroupSeparator()
    {
        auto us = keys();
        QCOMPARE(tapWith(us, KEY_LEFTCTRL, KEY_RIGHTBRACE), std::string{"\x1D"});
    }

    void theKeypadWritesDigitsWhateverNumLockIs()
    {
        for (const auto* layout : {"us", "de"}) {
            auto keypad = keys(layout);
            const auto code = [&] {
                return tap(keypad, KEY_KP0) + tap(keypad, KEY_KP1) + tap(keypad, KEY_KP8) + tap(keypad, KEY_KPENTER);
            };
            QCOMPARE(code(), std::string{"018\r"});
            QCOMPARE(tap(keypad, KEY_NUMLOCK), std::string{}); // a scanner that believes it is off turns it on
            QCOMPARE(code(), std::string{"018\r"});
            keypad.forget();
            QCOMPARE(code(), std::string{"018\r"});
        }
    }

    void aKeyOfTheKeypadThatWritesNoDigitIsNone()
    {
        auto us = keys();
        QCOMPARE(tapWith(us, KEY_LEFTSHIFT, KEY_KP7), std::string{"?"});
        QCOMPARE(tap(us, KEY_KP7), std::string{"7"});
    }

    void aCharacterThatIsWrittenAsANumberIsNone()
    {
        auto us = keys();
        QCOMPARE(tapWith(us, KEY_LEFTALT, KEY_KP7), std::string{"?"});
        QCOMPARE(tapWith(us, KEY_LEFTMETA, KEY_A), std::string{"?"});
        QCOMPARE(tap(us, KEY_KP7), std::string{"7"});
        us.press(KEY_NUMLOCK);
        us.release(KEY_NUMLOCK);
        QCOMPARE(tapWith(us, KEY_LEFTALT, KEY_KP2), std::string{"?"});
        QCOMPARE(tapWith(us, KEY_LEFTALT, KEY_F1), std::string{"?"}); // whether it writes something or nothing
    }

    void aForgottenKeyIsUp()
    {
        auto us = keys();
        us.press(KEY_LEFTSHIFT);
        us.forget();
        QCOMPARE(tap(us, KEY_A), std::string{"a"});
    }

    void aKeyThatNoKeyboardHasWritesNothing()
    {
        auto us = keys();
        for (const unsigned code : {0U, 255U, static_cast<unsigned>(KEY_MAX), 70000U}) {
            QCOMPARE(us.press(code), std::optional<std::string>{""});
        }
    }

    void aLayoutThatDoesNotExistIsRefused()
    {
        const auto none = KeyText::create("atlantis");
        QVERIFY(!none.ok());
        QCOMPARE(none.error().code, ErrorCode{StationCode::ScannerLost});
        QVERIFY(none.error().what.find("atlantis") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestKeyText)
#include "tst_key_text.moc"
