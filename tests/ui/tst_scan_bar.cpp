#include "ui/run/scan_bar.h"

#include <QLineEdit>
#include <QTest>

using namespace enroll::ui;

namespace {

constexpr int kNarrow = 960; // the window's least width

struct Shown {
    explicit Shown(int width)
    {
        bar.setScale(ScreenScale({width, 800}, {}));
        bar.resize(width, bar.height());
        bar.QWidget::show();
    }

    [[nodiscard]] QRect counters() { return bar.counters().geometry(); }
    [[nodiscard]] QRect entry() const { return bar.findChild<QLineEdit*>(QStringLiteral("serialEntry"))->geometry(); }
    void narrow(int width)
    {
        bar.setScale(ScreenScale({width, 800}, {})); // the window tells its size before the layout does
        bar.resize(width, bar.height());
    }

    Theme theme{ThemeChoice::Light, {}};
    ScanBar bar{theme};
};

} // namespace

class ScanBarTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countersEndAtTheRightEdge_data()
    {
        QTest::addColumn<int>("width");
        for (const auto width : {kNarrow, 1280, 1920}) {
            QTest::addRow("%d", width) << width;
        }
    }
    void countersEndAtTheRightEdge()
    {
        QFETCH(int, width);
        Shown shown(width);
        QCOMPARE(shown.counters().right(), shown.bar.rect().right());
        QCOMPARE(shown.counters().width(), shown.bar.counters().sizeHint().width());
    }

    void countersFollowANarrowerWindow()
    {
        Shown shown(1920);
        const auto wide = shown.counters().width();
        shown.narrow(kNarrow);
        QVERIFY(shown.counters().width() < wide);
        QCOMPARE(shown.counters().right(), shown.bar.rect().right());
        QVERIFY(shown.counters().left() > shown.entry().right());
    }

    void countersThatGrowMoveInFromTheEdge()
    {
        Shown shown(kNarrow);
        const auto before = shown.counters();
        shown.bar.counters().show(ShiftCount{12'345, 1'234, 567, 0.987});
        QTRY_VERIFY(shown.counters().width() > before.width());
        QCOMPARE(shown.counters().right(), shown.bar.rect().right());
        QVERIFY(shown.counters().left() > shown.entry().right());
    }
};

QTEST_MAIN(ScanBarTest)
#include "tst_scan_bar.moc"
