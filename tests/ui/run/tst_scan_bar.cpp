#include "core/base/error_code.h"
#include "ui/model/catalog_text.h"
#include "ui/run/scan_bar.h"
#include "ui/widgets/fitted_text.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace enroll;
using namespace enroll::ui;

namespace {

constexpr int kPatience = 20'000;
constexpr int kNarrow = 960; // the window's least width

struct Shown {
    explicit Shown(int width)
    {
        bar.setScale(ScreenScale({width, 800}, {}));
        bar.resize(width, bar.height());
        bar.QWidget::show();
    }

    [[nodiscard]] QRect counters() { return bar.counters().geometry(); }
    [[nodiscard]] QLineEdit* field() const { return bar.findChild<QLineEdit*>(QStringLiteral("serialEntry")); }
    [[nodiscard]] QRect entry() const { return field()->geometry(); }
    void scan(const QString& code)
    {
        QTest::keyClicks(field(), code);
        QTest::keyClick(field(), Qt::Key_Return);
    }
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

    void whatToDoIsNeverCut_data()
    {
        QTest::addColumn<QSize>("window");
        QTest::addColumn<double>("distance");
        for (const auto& window : {QSize{960, 540}, QSize{1024, 768}, QSize{1280, 720}, QSize{1280, 800},
                                   QSize{1366, 768}, QSize{1920, 1080}, QSize{3840, 2160}}) {
            for (const auto distance : {0.6, 1.0, 3.0}) {
                QTest::addRow("%dx%d, %.1f m", window.width(), window.height(), distance) << window << distance;
            }
        }
    }
    void whatToDoIsNeverCut()
    {
        QFETCH(QSize, window);
        QFETCH(double, distance);
        const Theme theme(ThemeChoice::Light, {distance, 96});
        ScanBar bar(theme);
        bar.setScale(ScreenScale(window, theme.viewing()));
        bar.resize(window.width(), bar.height());
        bar.counters().show(ShiftCount{12'345, 1'234, 567, 0.987});
        for (const auto& row : allCodes()) {
            const auto headline = headlineText(row.code, QStringLiteral("GX-000118"));
            bar.show({ScanNews::Refused, headline, instructionText(row.code), {}, row.code});
            const auto boxes = bar.messageBoxes();
            const QSizeF room(boxes.second.width() + 1, boxes.second.height() + 2);
            QVERIFY2(fitsBlock(boxes.next, instructionText(row.code), room), qPrintable(codeText(row.code)));
            QVERIFY2(QRectF(bar.rect()).contains(boxes.first.united(boxes.second)), qPrintable(codeText(row.code)));
            QVERIFY(boxes.first.bottom() <= boxes.second.top() + 1);
        }
    }

    /// The entry would grow from scan to scan, and Ctrl+Z would bring another device's serial number back.
    void aTakenScanLeavesNothingToBeUndone()
    {
        Shown shown(kNarrow);
        for (const auto* code : {"GX-000118", "GX-000119"}) {
            shown.scan(QString::fromLatin1(code));
            QCOMPARE(shown.field()->text(), QString::fromLatin1(code));
            QCOMPARE(shown.field()->selectedText(), QString::fromLatin1(code));
            QVERIFY(!shown.field()->isUndoAvailable());
        }
        QTest::keyClick(shown.field(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(shown.field()->text(), QStringLiteral("GX-000119"));
    }

    void countersLeaveOutWordsThenTheYieldThenAll()
    {
        const Theme theme(ThemeChoice::Light, {});
        ShiftCounters counters(theme);
        counters.show(ShiftCount{183, 4, 2, 0.958});
        auto before = counters.sizeHint().width();
        counters.fitInto(before);
        QCOMPARE(counters.sizeHint().width(), before);
        for (int step = 0; step < 2; ++step) { // without words, then without the yield
            counters.fitInto(before - 1);
            QVERIFY(!counters.sizeHint().isEmpty());
            QVERIFY(counters.sizeHint().width() < before);
            before = counters.sizeHint().width();
        }
        counters.fitInto(before - 1);
        QVERIFY(counters.sizeHint().isEmpty());
        counters.fitInto(2000);
        QVERIFY(!counters.sizeHint().isEmpty());
    }

    void countersSayWhatTheyCount()
    {
        const Theme theme(ThemeChoice::Light, {});
        ShiftCounters counters(theme);
        counters.show(ShiftCount{0, 1, 0, 1.0}); // one device, which passed first and failed then
        QVERIFY2(counters.accessibleName().contains(QLatin1String("last verdict")),
                 qPrintable(counters.accessibleName()));
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
        Shown shown(1920);
        const auto before = shown.counters();
        shown.bar.counters().show(ShiftCount{12'345, 1'234, 567, 0.987});
        QTRY_VERIFY(shown.counters().width() > before.width());
        QCOMPARE(shown.counters().right(), shown.bar.rect().right());
        QVERIFY(shown.counters().left() > shown.entry().right());
    }

    void aCodeThatIsTooLongIsHandedOverWhole()
    {
        Shown shown(1280);
        QSignalSpy entered(&shown.bar, &ScanBar::serialEntered);
        const QString code(65, QLatin1Char('7'));
        shown.scan(code);
        QCOMPARE(entered.size(), 1);
        QCOMPARE(entered.front().front().toString(), code);
    }

    void twoScansAreNeverJoined_data()
    {
        QTest::addColumn<int>("key");
        QTest::newRow("caret at the end") << static_cast<int>(Qt::Key_End);
        QTest::newRow("caret at the start") << static_cast<int>(Qt::Key_Home);
        QTest::newRow("caret within") << static_cast<int>(Qt::Key_Left);
    }
    void twoScansAreNeverJoined()
    {
        QFETCH(int, key);
        Shown shown(1280);
        QSignalSpy entered(&shown.bar, &ScanBar::serialEntered);
        shown.scan(QStringLiteral("AB-1"));
        QTest::keyClick(shown.field(), static_cast<Qt::Key>(key));
        shown.scan(QStringLiteral("AB-2"));
        QCOMPARE(entered.size(), 2);
        QCOMPARE(entered.back().front().toString(), QStringLiteral("AB-2"));
    }

    void aClickIntoTheLastScanDoesNotJoinTheNext()
    {
        Shown shown(1280);
        QSignalSpy entered(&shown.bar, &ScanBar::serialEntered);
        shown.scan(QStringLiteral("AB-1"));
        QTest::mouseClick(shown.field(), Qt::LeftButton);
        shown.scan(QStringLiteral("AB-2"));
        QCOMPARE(entered.back().front().toString(), QStringLiteral("AB-2"));
    }

    void whatWasTakenCanBeCorrected()
    {
        Shown shown(1280);
        QSignalSpy entered(&shown.bar, &ScanBar::serialEntered);
        shown.scan(QStringLiteral("AB-1"));
        QTest::keyClick(shown.field(), Qt::Key_End);
        QTest::keyClick(shown.field(), Qt::Key_Backspace);
        shown.scan(QStringLiteral("2"));
        QCOMPARE(entered.back().front().toString(), QStringLiteral("AB-2"));
    }

    void everyEndOfAScannerTakesTheCode_data()
    {
        QTest::addColumn<QList<QKeyCombination>>("keys");
        QTest::newRow("Return") << QList<QKeyCombination>{Qt::Key_Return};
        QTest::newRow("Enter") << QList<QKeyCombination>{Qt::Key_Enter};
        QTest::newRow("Tab") << QList<QKeyCombination>{Qt::Key_Tab};
        QTest::newRow("line feed") << QList<QKeyCombination>{Qt::ControlModifier | Qt::Key_J};
        QTest::newRow("Return and line feed")
            << QList<QKeyCombination>{Qt::Key_Return, Qt::ControlModifier | Qt::Key_J};
        QTest::newRow("Return and Tab") << QList<QKeyCombination>{Qt::Key_Return, Qt::Key_Tab};
    }
    void everyEndOfAScannerTakesTheCode()
    {
        QFETCH(const QList<QKeyCombination>, keys);
        Shown shown(1280);
        QSignalSpy entered(&shown.bar, &ScanBar::serialEntered);
        for (const auto* code : {"GX-000001", "GX-000002"}) { // the second finds the focus where it was
            QTest::keyClicks(shown.field(), QString::fromLatin1(code));
            for (const auto& key : keys) {
                QTest::keyClick(shown.field(), key.key(), key.keyboardModifiers());
            }
            QCOMPARE(entered.back().front().toString(), QString::fromLatin1(code));
        }
        QCOMPARE(entered.size(), 2);
    }

    void tabByHandTakesNothing()
    {
        Shown shown(1280);
        QSignalSpy entered(&shown.bar, &ScanBar::serialEntered);
        QTest::keyClicks(shown.field(), QStringLiteral("GX-0"), {}, 120);
        QTest::keyClick(shown.field(), Qt::Key_Tab);
        QCOMPARE(entered.size(), 0);
    }

    /// What a finger ends later is still no whole code.
    void aScanWithoutItsEndIsCutOff()
    {
        Shown shown(1280);
        QSignalSpy entered(&shown.bar, &ScanBar::serialEntered);
        QSignalSpy cut(&shown.bar, &ScanBar::cutOff);
        QTest::keyClicks(shown.field(), QStringLiteral("GX-0001"));
        QTRY_COMPARE_WITH_TIMEOUT(cut.size(), 1, kPatience);
        QCOMPARE(entered.size(), 0);
        QTest::keyClick(shown.field(), Qt::Key_Return);
        QCOMPARE(entered.size(), 1);
        const auto way = entered.front().at(1).value<::enroll::station::EntryWay>();
        QVERIFY(way.pace == ::enroll::station::EntryWay::Pace::Mixed);
    }

    void aSecondLineEndEntersNothing()
    {
        Shown shown(1280);
        QSignalSpy entered(&shown.bar, &ScanBar::serialEntered);
        shown.scan(QStringLiteral("AB-1"));
        QTest::keyClick(shown.field(), Qt::Key_Return);
        QCOMPARE(entered.size(), 1);
        QCOMPARE(shown.field()->text(), QStringLiteral("AB-1"));
    }

    /// Codes differ at their ends: that of the longest is in sight, and a code of usual length is there whole.
    void theEndOfALongCodeIsInSight_data()
    {
        QTest::addColumn<int>("length");
        QTest::addColumn<bool>("whole");
        QTest::newRow("short") << 9 << true;
        QTest::newRow("long") << 24 << true;
        QTest::newRow("longest serial") << 64 << false;
        QTest::newRow("far too long") << 300 << false;
    }
    void theEndOfALongCodeIsInSight()
    {
        QFETCH(const int, length);
        QFETCH(const bool, whole);
        for (const auto width : {kNarrow, 1280, 1920}) {
            Shown shown(width);
            shown.scan(QString(length, QLatin1Char('7')));
            shown.field()->grab(); // it scrolls as it paints
            const auto caret = shown.field()->inputMethodQuery(Qt::ImCursorRectangle).toRect();
            QVERIFY(shown.field()->rect().contains(caret.center()));
            const auto wanted = QFontMetrics(shown.field()->font()).horizontalAdvance(shown.field()->text());
            QCOMPARE(wanted <= shown.field()->width(), whole);
            shown.scan(QStringLiteral("GX-000181"));
            QCOMPARE(shown.field()->font().pixelSize(), ScreenScale({width, 800}, {}).font(36).pixelSize());
        }
    }
};

QTEST_MAIN(ScanBarTest)
#include "tst_scan_bar.moc"
