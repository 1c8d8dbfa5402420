#include "ui/widgets/screen_scale.h"

#include <QTest>

using namespace enroll::ui;

class ScreenScaleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fillsTheWindow_data()
    {
        QTest::addColumn<QSize>("window");
        QTest::addColumn<double>("scale");
        QTest::newRow("reference") << QSize(1920, 1080) << 1.0;
        QTest::newRow("4K") << QSize(3840, 2160) << 2.0;
        QTest::newRow("wide") << QSize(3840, 1080) << 1.0;
        QTest::newRow("so small that texts have their smallest size") << QSize(800, 450) << 0.6;
    }
    void fillsTheWindow()
    {
        QFETCH(QSize, window);
        QFETCH(double, scale);
        QCOMPARE(ScreenScale::ofWindow(window).px(1), scale);
        QCOMPARE(ScreenScale(window, {.distanceMetres = 0.5}).px(1), scale);
    }

    void growsALittleForAGreaterDistance()
    {
        const QSize window(1920, 1080);
        QCOMPARE(ScreenScale(window, {.distanceMetres = 1.1}).px(1), 1.1);
        QCOMPARE(ScreenScale(window, {.distanceMetres = 3}).px(1), 1.25);
        QCOMPARE(ScreenScale(window, {.dotsPerInch = 192}).px(1), 1.25);
    }
};

QTEST_APPLESS_MAIN(ScreenScaleTest)
#include "tst_screen_scale.moc"
