#include "core/base/scan_code.h"
#include "tests/ui/keyboard.h"
#include "tests/ui/station_window.h"
#include "ui/run/slot_pane.h"
#include "ui/shell/help_card.h"
#include "ui/shell/navigation_tab.h"

#include <QSignalSpy>

using namespace enroll;
using namespace enroll::ui;
using enrollment::ScanEnd;
using enrollment::ScannerSettings;
using test::Keyboard;
using test::Station;

// Scanners as keyboards: each way to send a code, slow and fast, wherever the focus is. The station takes the right
// serial or refuses; it never takes another one.

namespace {

using Keys = QList<QKeyCombination>;

const ScannerSettings kSilent{.prefix = {}, .end = ScanEnd::Silence};

const Keys kReturn{Qt::Key_Return};
const Keys kTab{Qt::Key_Tab};
const Keys kLineFeed{Qt::CTRL | Qt::Key_J};
const Keys kLineFeedKey{Qt::Key_unknown}; ///< X11's XK_Linefeed: its text alone says what it is
const Keys kNothing;

constexpr auto kFast = Keyboard::scanner(1);
constexpr auto kGateway = "^GX-[0-9]{6}$";
constexpr auto kDigits = "^[0-9]{4,12}$";
/// The line's pattern takes both cases.
constexpr auto kBothCases = "^[A-Za-z]{2}-[0-9]{6}$";

/// One of a navigation of two.
class OtherScreen final : public Screen {
public:
    using Screen::Screen;
    [[nodiscard]] QString title() const override { return QStringLiteral("Other"); }
    [[nodiscard]] std::vector<ScreenKey> keys() override { return {}; }
    void refresh() override {}
    void scanned(const Result<QString>& /*code*/) override {}
};

/// A station, and the keyboard that is its scanner.
struct Line : Station {
    explicit Line(const char* pattern = kGateway, const ScannerSettings& scanner = {}, int slots = 6)
        : Station(slots, {}, nullptr, pattern, enrollment::PairingRule::NextSlot, {}, scanner)
    {
        window->add(new OtherScreen);
    }

    /// Each key into what has the focus then.
    void send(const QString& code, const Keys& end, const Keyboard::Pace& pace)
    {
        keyboard.type(code, pace);
        for (const auto& key : end) {
            const auto text = key.key() == Qt::Key_unknown ? QStringLiteral("\n") : QString{};
            keyboard.strike(pace, key.key(), key.keyboardModifiers(), text);
        }
    }

    /// No more characters come: what the bar makes of silence, it made.
    [[nodiscard]] bool settles()
    {
        QSignalSpy settled(&runScreen->scanBar(), &ScanBar::settled);
        return settled.wait(test::kPatience);
    }

    [[nodiscard]] bool hasNoSerial() const
    {
        return std::ranges::none_of(controller->board().slots(), [&](enrollment::SlotNumber slot) {
            return controller->board().state(slot) != ::enroll::station::SlotState{};
        });
    }

    [[nodiscard]] bool took(const QString& serial) const
    {
        return controller->board().slotOf(enrollment::SerialNumber{serial.toStdString()}).has_value();
    }

    Keyboard keyboard;
};

enum class Focus { Entry, Tile, Detail, Help, Navigation, Screen, Elsewhere };
const QList<std::pair<const char*, Focus>> kEveryFocus{
    {"entry", Focus::Entry},           {"tile", Focus::Tile},
    {"detail", Focus::Detail},         {"help", Focus::Help},
    {"navigation", Focus::Navigation}, {"screen", Focus::Screen},
    {"elsewhere", Focus::Elsewhere},
};

void moveTo(Focus focus, const Line& line)
{
    switch (focus) {
    case Focus::Entry:
        return line.entry()->setFocus();
    case Focus::Tile:
        return line.runScreen->grid().tile({4})->setFocus(Qt::TabFocusReason);
    case Focus::Detail: {
        line.runScreen->toggleDetail();
        auto* detail = line.window->findChild<SlotDetail*>();
        QVERIFY(detail != nullptr);
        return detail->setFocus(Qt::OtherFocusReason);
    }
    case Focus::Help:
        QTest::keyClick(line.window.get(), Qt::Key_F1);
        QVERIFY(line.window->findChild<HelpCard*>()->isVisible());
        return;
    case Focus::Navigation:
        return line.window->findChild<NavigationTab*>()->setFocus(Qt::TabFocusReason);
    case Focus::Screen:
        return line.runScreen->setFocus();
    case Focus::Elsewhere: // what Tab by hand comes to from the entry
        line.entry()->setFocus();
        QTest::keyClick(line.entry(), Qt::Key_Tab);
        QVERIFY(!line.entry()->hasFocus());
        return;
    }
}

struct Form {
    const char* name;
    const char* prefix;
    Keys end;
    ScannerSettings settings = {};
};

QList<Form> everyForm()
{
    const ScannerSettings prefixed{.prefix = "~"};
    return {{"Return", "", kReturn},
            {"Enter of the number pad", "", {Qt::Key_Enter}},
            {"Tab", "", kTab},
            {"line feed", "", kLineFeed},
            {"key of the line feed", "", kLineFeedKey},
            {"Return and line feed", "", kReturn + kLineFeed},
            {"Return and Tab", "", kReturn + kTab},
            {"two Returns", "", kReturn + kReturn},
            {"identifier and Return", "]C1", kReturn},
            {"identifier and Tab", "]d2", kTab},
            {"identifier of QR and line feed", "]Q3", kLineFeed},
            {"prefix and Return", "~", kReturn, prefixed},
            {"prefix, identifier and Tab", "~]C1", kTab, prefixed},
            {"nothing", "", kNothing, kSilent},
            {"identifier alone", "]C1", kNothing, kSilent},
            {"prefix alone", "~", kNothing, {.prefix = "~", .end = ScanEnd::Silence}},
            {"Return all the same", "", kReturn, kSilent}};
}

} // namespace

class ScannerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFormIsTakenFromEveryFocus_data()
    {
        QTest::addColumn<int>("form");
        QTest::addColumn<int>("gap");
        for (int form = 0; form < everyForm().size(); ++form) {
            for (const int gap : {1, 30}) {
                QTest::addRow("%s, %d ms", everyForm().at(form).name, gap) << form << gap;
            }
        }
    }
    void everyFormIsTakenFromEveryFocus()
    {
        QFETCH(const int, form);
        QFETCH(const int, gap);
        const auto [name, prefix, end, settings] = everyForm().at(form);
        Line line(kGateway, settings, static_cast<int>(kEveryFocus.size()));
        int slot = 0;
        for (const auto& [where, focus] : kEveryFocus) {
            moveTo(focus, line);
            const auto serial = QStringLiteral("GX-00018%1").arg(++slot);
            line.keyboard.wait(2'000);
            line.send(QString::fromLatin1(prefix) + serial, end, Keyboard::scanner(static_cast<quint64>(gap)));
            QVERIFY2(QTest::qWaitFor([&] { return line.tells(ScanNews::Ready, slot); }, test::kPatience),
                     qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(where), line.message().headline)));
            QCOMPARE(line.tile(slot).serial, serial);
        }
    }

    /// The same forms, each code of two labels at once: whatever has the focus, nothing is taken.
    void twoCodesAsOneAreRefusedFromEveryFocus_data() { everyFormIsTakenFromEveryFocus_data(); }
    void twoCodesAsOneAreRefusedFromEveryFocus()
    {
        QFETCH(const int, form);
        QFETCH(const int, gap);
        const auto [name, prefix, end, settings] = everyForm().at(form);
        const auto pace = Keyboard::scanner(static_cast<quint64>(gap));
        for (const auto* pattern : {kGateway, kDigits}) {
            Line line(pattern, settings);
            for (const auto& [where, focus] : kEveryFocus) {
                if (pattern == kDigits && end != kNothing) {
                    continue; // a serial by its form, and the end says that it is one
                }
                moveTo(focus, line);
                const auto letters = QString::fromLatin1(pattern == kGateway ? "GX-" : "");
                const auto code = QString(QString::fromLatin1(prefix) + letters + QLatin1String("000181"));
                line.keyboard.wait(2'000);
                line.send(code + code, end, pace);
                QVERIFY2(QTest::qWaitFor([&] { return line.refuses(ScanCode::TwoCodesAsOne); }, test::kPatience),
                         where);
                QVERIFY(line.hasNoSerial());
                line.runScreen->cancel();
            }
        }
    }

    void identifiersTellTwoScansFromOne()
    {
        for (const auto& end : {kReturn, kTab}) {
            Line line;
            line.send(QStringLiteral("]C1GX-000181]C1GX-000182"), end, kFast);
            QVERIFY(line.refuses(ScanCode::TwoCodesAsOne));
            QVERIFY(line.hasNoSerial());
            line.send(QStringLiteral("GX-000181"), end, kFast); // and the next scan is as good as any
            QVERIFY(line.tells(ScanNews::Ready, 1));
        }
    }

    /// Two labels within the longest silence of a scanner; the gap between them is no scanner's.
    void twoScansCloseTogetherAreRefusedWhole_data()
    {
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("second");
        QTest::addColumn<int>("gap");
        for (const int gap : {1, 40, 80, 120, 149}) {
            QTest::addRow("two serials, %d ms", gap) << QStringLiteral("000181") << QStringLiteral("000182") << gap;
        }
        for (const int gap : {80, 120, 149}) {
            QTest::addRow("another code, %d ms", gap) << QStringLiteral("400") << QStringLiteral("000182") << gap;
        }
    }
    void twoScansCloseTogetherAreRefusedWhole()
    {
        QFETCH(const QString, first);
        QFETCH(const QString, second);
        QFETCH(const int, gap);
        for (const auto pace : {kFast, Keyboard::scanner(30)}) {
            Line line(kDigits, kSilent);
            line.keyboard.type(first, pace);
            line.keyboard.wait(std::max(static_cast<quint64>(gap), pace.gap) - pace.gap);
            line.keyboard.type(second, pace);
            QVERIFY(line.settles());
            QVERIFY(line.message().news == ScanNews::Refused);
            QVERIFY(line.hasNoSerial());
        }
    }

    /// The program was busy, and finds both codes at once: it sees that the first one was whole.
    void twoScansThatTheProgramFindsTogetherAreTwo()
    {
        Line line(kDigits, kSilent);
        line.keyboard.type(QStringLiteral("000181"), kFast);
        line.keyboard.wait(200);
        line.keyboard.type(QStringLiteral("000182"), kFast);
        QVERIFY(line.took(QStringLiteral("000181")));
        QVERIFY(line.settles());
        QVERIFY(line.took(QStringLiteral("000182")));
    }

    /// A digit by a finger, before, among or behind those of the scanner: the code is another serial by its form.
    void aKeyBesideAScanIsNoPartOfIt_data()
    {
        QTest::addColumn<int>("at");
        QTest::addColumn<int>("before");
        QTest::addColumn<int>("behind");
        QTest::addColumn<bool>("silent");
        for (const bool silent : {true, false}) {
            const auto* const name = silent ? "nothing" : "Return";
            for (const int gap : {1, 40, 80, 149, 1'000, 60'000}) {
                QTest::addRow("%d ms before, %s", gap, name) << 0 << 0 << gap << silent;
            }
            for (const int at : {1, 3, 5}) {
                QTest::addRow("behind %d characters, %s", at, name) << at << 0 << 1 << silent;
            }
        }
        for (const int gap : {1, 40, 80, 149}) {
            QTest::addRow("%d ms behind, nothing", gap) << 6 << gap << 0 << true;
        }
    }
    void aKeyBesideAScanIsNoPartOfIt()
    {
        QFETCH(const int, at);
        QFETCH(const int, before);
        QFETCH(const int, behind);
        QFETCH(const bool, silent);
        const auto code = QStringLiteral("000181");
        for (const auto focus : {Focus::Entry, Focus::Tile}) {
            Line line(kDigits, silent ? kSilent : ScannerSettings{});
            moveTo(focus, line);
            line.keyboard.type(code.left(at), kFast);
            line.keyboard.wait(static_cast<quint64>(before));
            line.keyboard.down(Qt::Key_5, {}, QStringLiteral("5"));
            const bool together = behind < 80;
            line.keyboard.wait(static_cast<quint64>(together ? behind : 80));
            if (!together) { // let go before the scan goes on
                line.keyboard.up(Qt::Key_5);
                line.keyboard.wait(static_cast<quint64>(behind - 80));
            }
            line.send(code.mid(at), silent ? kNothing : kReturn, kFast);
            if (together) {
                line.keyboard.wait(80);
                line.keyboard.up(Qt::Key_5);
            }
            QVERIFY(!silent || line.settles());
            QVERIFY2(line.refuses(ScanCode::KeysAmongScan), qPrintable(line.message().headline));
            QVERIFY(line.hasNoSerial());
        }
    }

    /// F2 waits for digits: one of a finger and those of a scan make no serial.
    void aDigitForASlotIsNoPartOfAScan()
    {
        Line line(kDigits, {}, 16);
        line.press(Qt::Key_F2);
        line.keyboard.strike(Keyboard::fingers(), Qt::Key_1, {}, QStringLiteral("1"));
        line.send(QStringLiteral("000181"), kReturn, kFast);
        QVERIFY(line.refuses(ScanCode::KeysAmongScan));
        QVERIFY(line.hasNoSerial());
        line.press(Qt::Key_F2);
        line.keyboard.wait(2'000);
        line.send(QStringLiteral("000181"), kReturn, kFast); // nothing was chosen, and the scan is whole
        QVERIFY(line.took(QStringLiteral("000181")));
    }

    /// Somebody clicks into the entry while a scan comes in: its characters change places.
    void aCaretThatMovesTearsAScan()
    {
        Line line(kDigits);
        line.keyboard.type(QStringLiteral("0001"), kFast);
        line.entry()->setCursorPosition(0);
        line.send(QStringLiteral("81"), kReturn, kFast);
        QVERIFY(line.refuses(ScanCode::KeysAmongScan));
        QVERIFY(line.hasNoSerial());
    }

    /// Esc, or whatever else begins the entry anew, leaves no rest of a scan that passes for a serial.
    void theRestOfAScanIsNoSerial()
    {
        Line line(kDigits);
        line.keyboard.type(QStringLiteral("0001"), kFast);
        line.runScreen->cancel();
        line.send(QStringLiteral("000182"), kReturn, kFast);
        QVERIFY(line.refuses(ScanCode::KeysAmongScan));
        QVERIFY(line.hasNoSerial());
    }

    /// Silence ends a scan alone: what is typed by hand waits for Enter, however long it stands there.
    void whatIsTypedByHandWaitsForEnter()
    {
        for (const auto& settings : {kSilent, ScannerSettings{}}) {
            Line line(kGateway, settings);
            line.keyboard.type(QStringLiteral("GX-000181"), {.gap = 90, .hold = 60});
            QVERIFY(line.settles());
            QVERIFY(line.hasNoSerial());
            QVERIFY(line.tells(ScanNews::Idle));
            line.keyboard.wait(3'000);
            line.keyboard.strike(Keyboard::fingers(), Qt::Key_Return);
            QVERIFY(line.tells(ScanNews::Ready, 1));
        }
    }

    /// Its rest is lost, and so may be characters before its end: a finger makes no whole code of it.
    void anEndByAFingerMakesNoScanWhole()
    {
        for (const auto pace : {kFast, Keyboard::scanner(30)}) {
            Line line("^GX-[0-9]{4,6}$");
            line.keyboard.type(QStringLiteral("GX-0001"), pace);
            line.keyboard.wait(3'000);
            line.keyboard.strike(Keyboard::fingers(), Qt::Key_Return);
            QVERIFY(line.refuses(ScanCode::KeysAmongScan));
            QVERIFY(line.hasNoSerial());
        }
    }

    void aScanWithoutItsEndIsRefused()
    {
        Line line("^GX-[0-9]{4,6}$");
        QSignalSpy alerted(line.runScreen, &RunScreen::alerted);
        line.keyboard.type(QStringLiteral("GX-0001"), kFast);
        QTRY_VERIFY_WITH_TIMEOUT(line.refuses(ScanCode::ScanCutOff), test::kPatience);
        QCOMPARE(alerted.size(), 1);
        line.keyboard.wait(2'000);
        line.send(QStringLiteral("GX-0182"), kReturn, kFast); // another label, or the rest of a code that stalled
        QVERIFY(line.refuses(ScanCode::KeysAmongScan));
        QVERIFY(line.hasNoSerial());
        line.keyboard.wait(2'000);
        line.send(QStringLiteral("GX-0182"), kReturn, kFast);
        QVERIFY(line.took(QStringLiteral("GX-0182")));
    }

    /// A code that lost its end waits, and can be corrected and entered by hand.
    void whatAScanLeftCanBeEnteredByHand()
    {
        Line line;
        line.keyboard.type(QStringLiteral("GX-0001811"), kFast);
        line.keyboard.wait(500);
        line.keyboard.strike(Keyboard::fingers(), Qt::Key_Backspace);
        line.keyboard.strike(Keyboard::fingers(), Qt::Key_Return);
        QVERIFY(line.took(QStringLiteral("GX-000181")));
    }

    /// Its end goes there, and its head is a shorter code.
    void aCodeThatAnotherScreenCutsIsNotTaken()
    {
        Line line(kDigits, kSilent);
        line.keyboard.type(QStringLiteral("123456"), kFast);
        line.window->showScreen(1);
        QVERIFY(line.entry()->text().isEmpty());
        QVERIFY(line.hasNoSerial());
    }

    /// Four characters come as fast from fingers that strike at once.
    void aShortBurstIsNoScan()
    {
        Line line("^[0-9]{5}$", kSilent);
        line.keyboard.type(QStringLiteral("12345"), kFast);
        QVERIFY(line.settles());
        QVERIFY(line.hasNoSerial());
        QVERIFY(line.refuses(ScanCode::ScanCutOff)); // no finger was seen
    }

    /// Whoever types goes on to the next control by Tab, and nothing is taken.
    void tabByHandTakesNothing()
    {
        Line line;
        line.send(QStringLiteral("GX-000181"), kTab, {.gap = 120, .hold = 60});
        QVERIFY(line.hasNoSerial());
        QVERIFY(!line.entry()->hasFocus());
    }

    /// What keeps the fields of a GS1 code apart comes as Ctrl+], or as the function key that a scanner is set to.
    void fieldsOfACodeAreNotJoined_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<Qt::KeyboardModifiers>("modifiers");
        QTest::newRow("Ctrl+]") << int(Qt::Key_BracketRight) << Qt::KeyboardModifiers(Qt::ControlModifier);
        QTest::newRow("F8") << int(Qt::Key_F8) << Qt::KeyboardModifiers();
    }
    void fieldsOfACodeAreNotJoined()
    {
        QFETCH(const int, key);
        QFETCH(const Qt::KeyboardModifiers, modifiers);
        for (const auto pace : {kFast, Keyboard::scanner(30)}) {
            for (const auto focus : {Focus::Entry, Focus::Tile, Focus::Navigation}) {
                Line line(kDigits);
                moveTo(focus, line);
                line.keyboard.type(QStringLiteral("000181"), pace);
                line.keyboard.strike(pace, key, modifiers);
                line.send(QStringLiteral("0042"), kReturn, pace);
                QVERIFY2(line.refuses(ScanCode::SeveralFields), qPrintable(line.message().headline));
                QVERIFY(line.hasNoSerial());
            }
        }
    }

    /// The pattern takes "gx-000181" as well, and the label says "GX-000181".
    void capsLockExchangesNoSerial()
    {
        Line line(kBothCases);
        line.keyboard.capsLock = true;
        line.send(QStringLiteral("GX-000181"), kReturn, kFast);
        QVERIFY(line.refuses(ScanCode::CapsLockMayExchange));
        line.send(QStringLiteral("]C1GX-000181"), kReturn, kFast);
        QVERIFY(line.refuses(ScanCode::CapsLockIsOn));
        QVERIFY(line.hasNoSerial());
        line.keyboard.capsLock = false;
        line.send(QStringLiteral("GX-000181"), kReturn, kFast);
        QVERIFY(line.took(QStringLiteral("GX-000181")));
    }

    /// Shift goes up before the key does, and the key that comes up has another name.
    void aScannerMayLetShiftGoFirst()
    {
        Line line("^[A-Z0-9:]+$");
        for (const auto character : QStringLiteral("GX:000181")) {
            const bool colon = character == QLatin1Char(':');
            line.keyboard.wait(1);
            line.keyboard.down(colon ? int(Qt::Key_Colon) : character.unicode(), {}, QString(character), 47);
            line.keyboard.up(colon ? int(Qt::Key_Semicolon) : character.unicode(), {}, {}, 47);
        }
        line.keyboard.strike(kFast, Qt::Key_Return);
        QVERIFY(line.took(QStringLiteral("GX:000181")));
    }
};

QTEST_MAIN(ScannerTest)
#include "tst_scanner.moc"
