#include "core/base/ascii.h"

#include <QtTest>

using namespace enroll;

class TstAscii : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void lowersLettersOfAsciiAlone();
    void comparesWithoutCase();
};

void TstAscii::lowersLettersOfAsciiAlone()
{
    QCOMPARE(asciiLowered("AZaz09-_@[`{"), std::string{"azaz09-_@[`{"});
    QCOMPARE(asciiLowered("\xC3\x84\xC4"), std::string{"\xC3\x84\xC4"});
    QCOMPARE(asciiLowered("GX-01\xC3\x84z"), std::string{"gx-01\xC3\x84z"});
    QCOMPARE(asciiLowered({}), std::string{});
}

void TstAscii::comparesWithoutCase()
{
    QVERIFY(equalWithoutCase("id:4946", "ID:4946"));
    QVERIFY(!equalWithoutCase("a", "ab"));
    QVERIFY(!equalWithoutCase("[", "{"));
    QVERIFY(equalWithoutCase({}, {}));
}

QTEST_APPLESS_MAIN(TstAscii)
#include "tst_ascii.moc"
