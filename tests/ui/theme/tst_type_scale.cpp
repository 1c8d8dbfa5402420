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

    void noScreenIsSoWide_data()
    {
        QTest::addColumn<int>("pixels");
        QTest::addColumn<double>("millimetres");
        QTest::addColumn<ScreenWidth>("judged");
        QTest::newRow("24 inches") << 1920 << 527.0 << ScreenWidth::Plausible;
        QTest::newRow("4K of 15 inches") << 3840 << 344.0 << ScreenWidth::Plausible;
        QTest::newRow("a panel of seven inches") << 1024 << 154.0 << ScreenWidth::Plausible;
        QTest::newRow("a wall") << 1920 << 4000.0 << ScreenWidth::Plausible;
        QTest::newRow("the bar in place of the screen") << 1920 << 50.0 << ScreenWidth::TooNarrow;
        QTest::newRow("4K on a telephone") << 3840 << 150.0 << ScreenWidth::TooNarrow;
        QTest::newRow("nothing") << 1920 << 0.0 << ScreenWidth::TooNarrow;
        QTest::newRow("no number") << 1920 << qQNaN() << ScreenWidth::TooNarrow;
        QTest::newRow("five metres") << 1920 << 5000.0 << ScreenWidth::TooWide;
        QTest::newRow("without an end") << 1920 << qInf() << ScreenWidth::TooWide;
    }
    void noScreenIsSoWide()
    {
        QFETCH(const int, pixels);
        QFETCH(const double, millimetres);
        QFETCH(const ScreenWidth, judged);
        QCOMPARE(judgeScreenWidth(pixels, millimetres), judged);
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
