#include "ui/sign_in/pin_digits.h"

#include <QTest>

using namespace enroll;
using namespace enroll::ui;

class PinDigitsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void holdsAsManyAsTheLongestPinHas()
    {
        PinDigits digits;
        for (const char digit : {'1', '2', '3', '4', '5', '6', '7', '8'}) {
            QCOMPARE(digits.isLongEnough(), digits.size() >= 4);
            QVERIFY(digits.add(digit));
        }
        QVERIFY(!digits.add('9'));
        QCOMPARE(std::string{asText(digits.take().view())}, std::string{"12345678"});
        QCOMPARE(digits.size(), std::size_t{0});
        QVERIFY(digits.take().empty());
    }

    void whatIsCutOffIsGone()
    {
        PinDigits digits;
        for (const char digit : {'4', '7', '1', '1'}) {
            digits.add(digit);
        }
        digits.cutTo(9); // there are no more
        QCOMPARE(digits.size(), std::size_t{4});
        digits.cutTo(1);
        digits.add('2');
        QCOMPARE(std::string{asText(digits.take().view())}, std::string{"42"});
    }
};

QTEST_APPLESS_MAIN(PinDigitsTest)
#include "tst_pin_digits.moc"
