#include "core/base/text.h"

#include <QtTest>

#include <array>

using namespace enroll;

class TstText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void lowersLettersOfAsciiAlone();
    void comparesWithoutCase();
    void trimsSpaceAroundAlone();
    void joinsWords();
    void controlCharactersAreReplaced_data();
    void controlCharactersAreReplaced();
    void lineEndsStayBetweenPrintableLines();
    void cutsBetweenCharacters_data();
    void cutsBetweenCharacters();
};

void TstText::lowersLettersOfAsciiAlone()
{
    QCOMPARE(asciiLowered("AZaz09-_@[`{"), std::string{"azaz09-_@[`{"});
    QCOMPARE(asciiLowered("\xC3\x84\xC4"), std::string{"\xC3\x84\xC4"});
    QCOMPARE(asciiLowered("GX-01\xC3\x84z"), std::string{"gx-01\xC3\x84z"});
    QCOMPARE(asciiLowered({}), std::string{});
    QCOMPARE(asciiCaseExchanged("AZaz09-_@[`{\xC3\x84"), std::string{"azAZ09-_@[`{\xC3\x84"});
}

void TstText::comparesWithoutCase()
{
    QVERIFY(equalWithoutCase("id:4946", "ID:4946"));
    QVERIFY(!equalWithoutCase("a", "ab"));
    QVERIFY(!equalWithoutCase("[", "{"));
    QVERIFY(equalWithoutCase({}, {}));
}

void TstText::trimsSpaceAroundAlone()
{
    QCOMPARE(trimmed(" \t a b\r\n"), std::string_view{"a b"});
    QCOMPARE(trimmed("a"), std::string_view{"a"});
    QCOMPARE(trimmed(" \n"), std::string_view{});
}

void TstText::joinsWords()
{
    const std::vector<std::string> words{"tcp", "", "dev"};
    QCOMPARE(joined(words), std::string{"tcp, , dev"});
    QCOMPARE(joined(std::array<std::string_view, 1>{"tcp"}, " or "), std::string{"tcp"});
    QCOMPARE(joined(std::vector<std::string>{}), std::string{});
    QCOMPARE(joinedInQuotes(words), std::string{R"("tcp", "", "dev")"});
    QCOMPARE(joinedInQuotes(std::vector<std::string>{}), std::string{});
}

void TstText::controlCharactersAreReplaced_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("shown");
    QTest::newRow("empty") << std::string{} << std::string{};
    QTest::newRow("plain") << std::string{"id:49465800 ~"} << std::string{"id:49465800 ~"};
    QTest::newRow("NUL") << std::string{"a\0b", 3} << std::string{"a\uFFFDb"};
    QTest::newRow("escape sequence") << std::string{"\x1b[2Jx"} << std::string{"\uFFFD[2Jx"};
    QTest::newRow("line end") << std::string{"a\r\nb"} << std::string{"a\uFFFD\uFFFDb"};
    QTest::newRow("last of C0") << std::string{"\x1f"} << std::string{"\uFFFD"};
    QTest::newRow("DEL") << std::string{"\x7f"} << std::string{"\uFFFD"};
    QTest::newRow("first of C1") << std::string{"\xC2\x80"} << std::string{"\uFFFD"};
    QTest::newRow("last of C1") << std::string{"\xC2\x9F"} << std::string{"\uFFFD"};
    QTest::newRow("after C1") << std::string{"\xC2\xA0"} << std::string{"\xC2\xA0"};
    QTest::newRow("a letter that ends like C1") << std::string{"\xC3\x9B"} << std::string{"\xC3\x9B"};
    QTest::newRow("lead byte alone") << std::string{"\xC2"} << std::string{"\uFFFD"};
    QTest::newRow("continuation alone") << std::string{"a\x9B"} << std::string{"a\uFFFD"};
    QTest::newRow("cut character") << std::string{"\xE2\x82"} << std::string{"\uFFFD\uFFFD"};
    QTest::newRow("too long a form") << std::string{"\xC0\xAF"} << std::string{"\uFFFD\uFFFD"};
    QTest::newRow("surrogate") << std::string{"\xED\xA0\x80"} << std::string{"\uFFFD\uFFFD\uFFFD"};
    QTest::newRow("beyond Unicode") << std::string{"\xF4\x90\x80\x80"} << std::string{"\uFFFD\uFFFD\uFFFD\uFFFD"};
    QTest::newRow("right-to-left override") << std::string{"a\u202Eb"} << std::string{"a\uFFFDb"};
    QTest::newRow("isolate") << std::string{"\u2066"} << std::string{"\uFFFD"};
    QTest::newRow("line separator") << std::string{"\u2028"} << std::string{"\uFFFD"};
    QTest::newRow("letters of every length")
        << std::string{"a\u00E9\u20AC\U0001F600"} << std::string{"a\u00E9\u20AC\U0001F600"};
}

void TstText::controlCharactersAreReplaced()
{
    QFETCH(std::string, text);
    QFETCH(std::string, shown);
    QCOMPARE(printableText(text), shown);
}

void TstText::lineEndsStayBetweenPrintableLines()
{
    QCOMPARE(printableLines(""), std::string{});
    QCOMPARE(printableLines("a\x1b\nb\r\n"), std::string{"a\uFFFD\nb\uFFFD\n"});
    QCOMPARE(printableLines("\n\nc"), std::string{"\n\nc"});
}

void TstText::cutsBetweenCharacters_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("first");
    QTest::newRow("empty") << std::string{} << std::string{};
    QTest::newRow("as long") << std::string{"abc"} << std::string{"abc"};
    QTest::newRow("longer") << std::string{"abcd"} << std::string{"abc"};
    QTest::newRow("as long in wide characters")
        << std::string{"\xC3\xA4\xE2\x82\xAC\xC3\xA4"} << std::string{"\xC3\xA4\xE2\x82\xAC\xC3\xA4"};
    QTest::newRow("longer in wide characters")
        << std::string{"ab\xE2\x82\xAC\xE2\x82\xAC"} << std::string{"ab\xE2\x82\xAC"};
}

void TstText::cutsBetweenCharacters()
{
    QFETCH(std::string, text);
    QFETCH(std::string, first);
    QCOMPARE(std::string{firstCharacters(text, 3)}, first);
}

QTEST_APPLESS_MAIN(TstText)
#include "tst_text.moc"
