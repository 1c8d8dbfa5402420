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

    /// A character of the label is missing behind each of them.
    void nobodyKnowsWhatAKeyMeansThatWritesNothing()
    {
        auto us = keys();
        for (const unsigned code : {0U, 255U, unsigned{KEY_MAX}, 70000U, unsigned{KEY_LEFT}, unsigned{KEY_UP},
                                    unsigned{KEY_INSERT}, unsigned{KEY_HOME}, unsigned{KEY_END}, unsigned{KEY_PAUSE}}) {
            QCOMPARE(us.press(code), std::optional<std::string>{});
            us.release(code);
        }
        auto de = keys("de");
        QCOMPARE(tap(de, KEY_GRAVE), std::string{"?"}); // ^ waits for a letter
        auto fr = keys("fr");
        QCOMPARE(tap(fr, KEY_LEFTBRACE), std::string{"?"});
    }

    void aFunctionKeyKeepsFieldsApart()
    {
        auto us = keys();
        QCOMPARE(tap(us, KEY_1) + tap(us, KEY_F8) + tap(us, KEY_2), std::string{"1\x1D"
                                                                                "2"});
        for (const unsigned code : {KEY_F1, KEY_F10, KEY_F12}) {
            QCOMPARE(tap(us, code), std::string{"\x1D"});
        }
    }

    void whatChangesOtherKeysWritesNothing()
    {
        for (const auto* layout : {"us", "de", "fr"}) {
            auto all = keys(layout);
            for (const unsigned code : {KEY_LEFTSHIFT, KEY_RIGHTSHIFT, KEY_LEFTCTRL, KEY_RIGHTCTRL, KEY_LEFTALT,
                                        KEY_RIGHTALT, KEY_LEFTMETA, KEY_RIGHTMETA, KEY_CAPSLOCK}) {
                QCOMPARE(tap(all, code), std::string{});
            }
        }
        auto de = keys("de");
        QCOMPARE(tapWith(de, KEY_RIGHTALT, KEY_Q), std::string{"@"});
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
