#include "db/qt/values.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::db::qt;

class TstValues : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEmptyTextIsNoNull();
    void emptyBytesAreNoNull();
    void keepsEveryCharacter();
    void showsWhatIsNoUtf8();
    void keepsEveryByte();
};

void TstValues::anEmptyTextIsNoNull()
{
    QVERIFY(!toQString(std::string_view{}).isNull());
    QVERIFY(toQString(std::string_view{}).isEmpty());
}

void TstValues::emptyBytesAreNoNull()
{
    QVERIFY(!toQByteArray(ByteView{}).isNull());
    QVERIFY(!toQByteArray(std::string_view{}).isNull());
    QVERIFY(toQByteArray(ByteView{}).isEmpty());
}

void TstValues::keepsEveryCharacter()
{
    const std::string text{"Gr\xC3\xB6\xC3\x9F"
                           "e \xE2\x82\xAC \xF0\x9F\x94\x91"};
    QCOMPARE(toQString(text).toStdString(), text);
    QCOMPARE(toQPath("/tmp/\xC3\xA4"), QStringLiteral("/tmp/\u00E4"));
}

void TstValues::showsWhatIsNoUtf8()
{
    QCOMPARE(toQString("a\xFF"
                       "b"),
             QStringLiteral("a\uFFFDb"));
}

void TstValues::keepsEveryByte()
{
    const std::string text{"a\0\xFF", 3};
    QCOMPARE(asText(viewOf(toQByteArray(asBytes(text)))), std::string_view{text});
    QCOMPARE(toQByteArray(text).size(), 3);
}

QTEST_APPLESS_MAIN(TstValues)
#include "tst_values.moc"
