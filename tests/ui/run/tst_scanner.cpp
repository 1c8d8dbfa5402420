#include "core/base/scan_code.h"
#include "tests/ui/station_window.h"

using namespace enroll;
using namespace enroll::ui;
using enrollment::ScanEnd;
using enrollment::ScannerSettings;
using test::Station;

// Scanners as keyboards: each way to send a code, slow and fast, wherever the focus is. The station takes the right
// serial or refuses; it never takes another one.

namespace {

using Keys = QList<QKeyCombination>;

const ScannerSettings kSilent{.prefix = {}, .end = ScanEnd::Silence};

const Keys kReturn{Qt::Key_Return};
const Keys kTab{Qt::Key_Tab};
const Keys kLineFeed{Qt::CTRL | Qt::Key_J};

/// A key every \p gapMs, each into what has the focus then.
void send(const QString& code, const Keys& end, int gapMs)
{
    for (const auto character : code) {
        QTest::keyPress(QApplication::focusWidget(), character.toLatin1(), {}, gapMs);
        QTest::keyRelease(QApplication::focusWidget(), character.toLatin1());
    }
    for (const auto& key : end) {
        QTest::keyPress(QApplication::focusWidget(), key.key(), key.keyboardModifiers(), gapMs);
        QTest::keyRelease(QApplication::focusWidget(), key.key(), key.keyboardModifiers());
    }
}

const Keys kNothing;

enum class Focus { Entry, Tile, Screen, Elsewhere };

void moveTo(Focus focus, const Station& station)
{
    switch (focus) {
    case Focus::Entry:
        return station.entry()->setFocus();
    case Focus::Tile:
        return station.runScreen->grid().tile({4})->setFocus(Qt::TabFocusReason);
    case Focus::Screen:
        return station.runScreen->setFocus();
    case Focus::Elsewhere: // what Tab by hand comes to from the entry
        station.entry()->setFocus();
        QTest::keyClick(station.entry(), Qt::Key_Tab, {}, test::kByHandMs);
        QVERIFY(!station.entry()->hasFocus());
        return;
    }
}

} // namespace

class ScannerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFormIsTakenFromEveryFocus_data()
    {
        QTest::addColumn<QString>("prefix");
        QTest::addColumn<Keys>("end");
        QTest::addColumn<ScannerSettings>("settings");
        QTest::addColumn<int>("gapMs");
        struct Form {
            const char* name;
            const char* prefix;
            Keys end;
            ScannerSettings settings = {};
        };
        const ScannerSettings prefixed{.prefix = "~"};
        const QList<Form> forms{{"Return", "", kReturn},
                                {"Enter of the number pad", "", {Qt::Key_Enter}},
                                {"Tab", "", kTab},
                                {"line feed", "", kLineFeed},
                                {"Return and line feed", "", kReturn + kLineFeed},
                                {"Return and Tab", "", kReturn + kTab},
                                {"two Returns", "", kReturn + kReturn},
                                {"identifier and Return", "]C1", kReturn},
                                {"identifier and Tab", "]d2", kTab},
                                {"prefix and Return", "~", kReturn, prefixed},
                                {"prefix, identifier and Tab", "~]C1", kTab, prefixed},
                                {"nothing", "", kNothing, kSilent},
                                {"identifier alone", "]C1", kNothing, kSilent},
                                {"prefix alone", "~", kNothing, {.prefix = "~", .end = ScanEnd::Silence}},
                                {"Return all the same", "", kReturn, kSilent}};
        for (const auto& form : forms) {
            for (const int gap : {1, 30}) {
                QTest::addRow("%s, %d ms", form.name, gap)
                    << QString::fromLatin1(form.prefix) << form.end << form.settings << gap;
            }
        }
    }
    void everyFormIsTakenFromEveryFocus()
    {
        QFETCH(const QString, prefix);
        QFETCH(const Keys, end);
        QFETCH(const ScannerSettings, settings);
        QFETCH(const int, gapMs);
        Station station(4, {}, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::NextSlot, {}, settings);
        int slot = 0;
        for (const auto focus : {Focus::Entry, Focus::Tile, Focus::Screen, Focus::Elsewhere}) {
            moveTo(focus, station);
            const auto serial = QStringLiteral("GX-00018%1").arg(++slot);
            send(prefix + serial, end, gapMs);
            QVERIFY2(QTest::qWaitFor([&] { return station.tells(ScanNews::Ready, slot); }, test::kPatience),
                     qPrintable(station.runScreen->scanBar().message().headline));
            QCOMPARE(station.tile(slot).serial, serial);
        }
    }

    void twoScansAsOneAreRefusedWhole_data()
    {
        QTest::addColumn<QString>("code");
        QTest::newRow("no end between") << QStringLiteral("GX-000181GX-000182");
        QTest::newRow("identifiers") << QStringLiteral("]C1GX-000181]C1GX-000182");
    }
    void twoScansAsOneAreRefusedWhole()
    {
        QFETCH(const QString, code);
        for (const auto& end : {kReturn, kTab}) {
            Station station(2);
            send(code, end, 1);
            QVERIFY(station.refuses(ScanCode::TwoCodesAsOne));
            for (const int slot : {1, 2}) {
                QVERIFY(station.tile(slot).serialRole == SerialRole::Placeholder);
            }
            send(QStringLiteral("GX-000181"), end, 1); // and the next scan is as good as any
            QVERIFY(station.tells(ScanNews::Ready, 1));
        }
    }

    /// Silence ends a scan alone: what is typed by hand waits for Enter, however long it stands there.
    void whatIsTypedByHandWaitsForEnter()
    {
        Station station(2, {}, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::NextSlot, {}, kSilent);
        send(QStringLiteral("GX-000181"), kNothing, 90);
        QVERIFY(!QTest::qWaitFor([&] { return station.tells(ScanNews::Ready, 1); }, 3 * test::kByHandMs));
        send({}, kReturn, 1);
        QVERIFY(station.tells(ScanNews::Ready, 1));
    }

    /// Four characters come as fast from fingers that strike at once.
    void aShortBurstIsNoScan()
    {
        Station station(2, {}, nullptr, "^[0-9]{5}$", enrollment::PairingRule::NextSlot, {}, kSilent);
        send(QStringLiteral("12345"), kNothing, 1);
        QVERIFY(!QTest::qWaitFor([&] { return station.tells(ScanNews::Ready, 1); }, 3 * test::kByHandMs));
    }

    /// Two labels in quick succession: the silence between them is shorter than a scanner's longest.
    void twoScansWithoutAnEndAreRefusedWhole()
    {
        Station station(2, {}, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::NextSlot, {}, kSilent);
        send(QStringLiteral("GX-000181GX-000182"), kNothing, 1);
        QVERIFY(QTest::qWaitFor([&] { return station.refuses(ScanCode::TwoCodesAsOne); }, test::kPatience));
        send(QStringLiteral("GX-000181"), kNothing, 1);
        QVERIFY(QTest::qWaitFor([&] { return station.tells(ScanNews::Ready, 1); }, test::kPatience));
    }

    /// Whoever types goes on to the next control by Tab, and nothing is taken.
    void tabByHandTakesNothing()
    {
        Station station(2);
        send(QStringLiteral("GX-000181"), kTab, 120);
        QVERIFY(station.tile(1).serialRole == SerialRole::Placeholder);
        QVERIFY(!station.entry()->hasFocus());
    }
};

QTEST_MAIN(ScannerTest)
#include "tst_scanner.moc"
