#include "core/crypto/printable_text.h"

#include <QtTest>

using namespace enroll::crypto;

class TstPrintableText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void controlCharactersAreReplaced_data();
    void controlCharactersAreReplaced();
    void cutsBetweenCharacters_data();
    void cutsBetweenCharacters();
};

void TstPrintableText::controlCharactersAreReplaced_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("shown");
    QTest::newRow("empty") << std::string{} << std::string{};
    QTest::newRow("plain") << std::string{"id:49465800 ~"} << std::string{"id:49465800 ~"};
    QTest::newRow("NUL") << std::string{"a\0b", 3} << std::string{"a?b"};
    QTest::newRow("escape sequence") << std::string{"\x1b[2Jx"} << std::string{"?[2Jx"};
    QTest::newRow("line end") << std::string{"a\r\nb"} << std::string{"a??b"};
    QTest::newRow("last of C0") << std::string{"\x1f"} << std::string{"?"};
    QTest::newRow("DEL") << std::string{"\x7f"} << std::string{"?"};
    QTest::newRow("first of C1") << std::string{"\xC2\x80"} << std::string{"?"};
    QTest::newRow("last of C1") << std::string{"\xC2\x9F"} << std::string{"?"};
    QTest::newRow("after C1") << std::string{"\xC2\xA0"} << std::string{"\xC2\xA0"};
    QTest::newRow("a letter that ends like C1") << std::string{"\xC3\x9B"} << std::string{"\xC3\x9B"};
    QTest::newRow("lead byte alone") << std::string{"\xC2"} << std::string{"\xC2"};
}

void TstPrintableText::controlCharactersAreReplaced()
{
    QFETCH(std::string, text);
    QFETCH(std::string, shown);
    QCOMPARE(printableText(text), shown);
}

void TstPrintableText::cutsBetweenCharacters_data()
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

void TstPrintableText::cutsBetweenCharacters()
{
    QFETCH(std::string, text);
    QFETCH(std::string, first);
    QCOMPARE(std::string{firstCharacters(text, 3)}, first);
}

QTEST_APPLESS_MAIN(TstPrintableText)
#include "tst_printable_text.moc"
