#include "db/dps/service_text.h"

#include <QTest>

using namespace enroll::db::dps;

class TestServiceText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void leavesAShortTextAsItIs()
    {
        const std::string most(kMostServiceText, 'a');
        QCOMPARE(serviceText(most), most);
        QCOMPARE(serviceText("größer als 3 €"), std::string{"größer als 3 €"});
        QCOMPARE(serviceText(""), std::string{});
    }

    void cutsALongTextBetweenTwoCharacters_data()
    {
        QTest::addColumn<QByteArray>("character");
        QTest::newRow("of one byte") << QByteArray{"a"};
        QTest::newRow("of two bytes") << QByteArray{"ä"};
        QTest::newRow("of three bytes") << QByteArray{"€"};
        QTest::newRow("of four bytes") << QByteArray{"\xF0\x9F\x94\x91"};
        QTest::newRow("that is none") << QByteArray{"\xFF"};
        QTest::newRow("that controls") << QByteArray{"\x1B"};
    }
    void cutsALongTextBetweenTwoCharacters()
    {
        QFETCH(QByteArray, character);
        for (int shift = 0; shift < 4; ++shift) {
            const auto text =
                serviceText(QByteArray{QByteArray(shift, 'x') + character.repeated(3'000'000)}.toStdString());
            QVERIFY(text.size() <= kMostServiceText);
            QVERIFY(text.size() > kMostServiceText - 8);
            QVERIFY(text.ends_with("…"));
            QCOMPARE(QString::fromStdString(text).toStdString(), text); // whole UTF-8
        }
    }

    void leavesNothingInThatControlsATerminal()
    {
        const auto text = serviceText("\x1B[31mred\r\nfake line");
        QVERIFY(text.find('\x1B') == std::string::npos && text.find('\n') == std::string::npos);
        QVERIFY(text.find("fake line") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestServiceText)
#include "tst_service_text.moc"
