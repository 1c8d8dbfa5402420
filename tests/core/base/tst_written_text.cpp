#include "core/base/written_text.h"

#include <QtTest>

using namespace enroll;

class TstWrittenText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aShortTextIsShownWhole();
    void aLongTextIsCutBetweenCharacters();
    void bytesThatAreNoTextAreCutToo();
    void whatControlsATerminalIsReplaced();
    void knowsWhatIsBlank();
};

void TstWrittenText::aShortTextIsShownWhole()
{
    QCOMPARE(shownText(""), std::string{});
    QCOMPARE(quotedText(""), std::string{"\"\""});
    QCOMPARE(quotedText("tcp://h:1"), std::string{"\"tcp://h:1\""});
    const std::string fits(kMostShown, 'a');
    QCOMPARE(shownText(fits), fits);
}

void TstWrittenText::aLongTextIsCutBetweenCharacters()
{
    QCOMPARE(shownText("abc", 2), std::string{"ab…"});
    QCOMPARE(shownText("a\u00E4\u20ACx", 3), std::string{"a\u00E4\u20AC…"});
    const auto quoted = quotedText(std::string(std::size_t{1} << 20U, 'a'));
    QCOMPARE(quoted, '"' + std::string(kMostShown, 'a') + "…\"");
}

void TstWrittenText::bytesThatAreNoTextAreCutToo()
{
    const auto shown = shownText(std::string(1000, '\x80'), 4); // continues a character that never began
    QVERIFY2(shown.size() <= std::size_t{5} * 3, shown.c_str());
    QVERIFY(shown.ends_with("…"));
    QCOMPARE(shownText("\xFF\xFF\xFF", 2), std::string{"\uFFFD\uFFFD…"});
}

void TstWrittenText::whatControlsATerminalIsReplaced()
{
    QCOMPARE(quotedText("a\x1b[2J\n"), std::string{"\"a\uFFFD[2J\uFFFD\""});
    QCOMPARE(quotedText("a\u202Eb"), std::string{"\"a\uFFFDb\""});
}

void TstWrittenText::knowsWhatIsBlank()
{
    for (const auto* blank : {"", " ", "   ", "\t", "\n", "\u00A0 \u3000", "\u200B", "\uFEFF", "\u2003"}) {
        QVERIFY2(isBlank(blank), blank);
    }
    for (const auto* written : {"a", " a ", "0", "\u00E4", "\xC2", "\xE2\x80", "-"}) {
        QVERIFY2(!isBlank(written), written);
    }
}

QTEST_APPLESS_MAIN(TstWrittenText)
#include "tst_written_text.moc"
