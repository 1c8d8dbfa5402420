#include "ui/theme/type_scale.h"

#include <QTest>

using namespace enroll::ui;

class TypeScaleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRulerSaysMoreThanAScreen()
    {
        QCOMPARE(qRound(dotsPerInch(1920, 527.0, 300)), 93);
        QCOMPARE(qRound(dotsPerInch(960, 527.0, 300)), 46); // the same screen at 200 %
    }

    void aClaimIsBelievedIfAScreenCanBeSo_data()
    {
        QTest::addColumn<double>("claimed");
        QTest::addColumn<double>("taken");
        QTest::newRow("24 inches") << 92.0 << 92.0;
        QTest::newRow("4K of 15 inches") << 282.0 << 282.0;
        QTest::newRow("a size of nothing") << qInf() << 96.0;
        QTest::newRow("a projector") << 2.0 << 96.0;
        QTest::newRow("no number") << qQNaN() << 96.0;
    }
    void aClaimIsBelievedIfAScreenCanBeSo()
    {
        QFETCH(double, claimed);
        QFETCH(double, taken);
        QCOMPARE(dotsPerInch(1920, {}, claimed), taken);
    }

    void capitalsGrowWithDistanceAndResolution()
    {
        const auto near = pixelSize(cap::kLeast, {});
        QCOMPARE(pixelSize(cap::kLeast, {.distanceMetres = 3}), 3 * near);
        QCOMPARE(pixelSize(cap::kLeast, {.dotsPerInch = 192}), 2 * near);
    }
};

QTEST_APPLESS_MAIN(TypeScaleTest)
#include "tst_type_scale.moc"
