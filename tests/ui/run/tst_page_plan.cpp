#include "tests/support/pseudo_language.h"
#include "ui/run/every_content.h"
#include "ui/run/slot_grid.h"
#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>
#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace enroll;
using namespace enroll::ui;

namespace {

/// A window and the dots that its screen has on an inch, both as the desktop scales them.
struct Window {
    const char* name;
    QSize size;
    double dotsPerInch;
};

const std::array kWindows{
    Window{"1024x768", {1024, 768}, 96},           Window{"1280x800", {1280, 800}, 96},
    Window{"1366x768", {1366, 768}, 96},           Window{"1920x1080", {1920, 1080}, 96},
    Window{"1920x1080 at 150 %", {1280, 720}, 64}, Window{"1920x1080 at 200 %", {960, 540}, 48},
    Window{"3840x2160", {3840, 2160}, 163},
};
constexpr std::array kSlots{2, 4, 8, 16, 32};
constexpr std::array kDistances{0.6, 1.0, 2.0, 3.0};

/// How the tiles stand in a window, between app bar and scan bar.
struct Planned {
    Planned(int slots, const Window& window, double distance, const std::vector<TileContent>& longest)
        : viewing{distance, window.dotsPerInch}
    {
        const ScreenScale scale(window.size, viewing);
        const auto bars = scale.whole(72) + scale.whole(120) + 2 * (scale.whole(16) - 5);
        room = QSize(window.size.width() - 2 * (scale.whole(24) - 5), window.size.height() - bars);
        plan = planPages(room, tabsHeight(scale), slots, viewing, longest);
        frame = frameIn(cellOf(plan, 0, room, tabsHeight(scale)));
    }

    [[nodiscard]] TileLayout layout() const { return {tileDesign(plan.density()), frame, viewing, plan.form}; }

    Viewing viewing;
    QSize room;
    PagePlan plan;
    QRectF frame;
};

bool isWhole(const TextBox& line)
{
    return QFontMetricsF(line.font).horizontalAdvance(line.text) <= line.box.width() + 1;
}

/// Why \p content is not as it must be on a tile; empty: it is.
QString faultOf(const TileLayout& layout, const TileContent& content)
{
    const std::array row{&content};
    const auto sizes = sizesFor(layout, row);
    const auto boxes = boxesFor(layout, content, sizes);
    const auto inside = layout.frame().adjusted(-1, -1, 1, 1);
    for (const auto* box : {&boxes.number.box, &boxes.word.box, &boxes.serial.box, &boxes.instruction.box}) {
        if (!inside.contains(*box)) {
            return QStringLiteral("outside its tile");
        }
    }
    if (!isWhole(boxes.word) || !isWhole(boxes.number) || !isWhole(boxes.serial)) {
        return QStringLiteral("word, number or serial is cut");
    }
    if (boxes.symbol.right() > boxes.word.box.left()) {
        return QStringLiteral("the symbol covers the word");
    }
    const auto& instruction = boxes.instruction;
    const QSizeF room(instruction.box.width() + 1, instruction.box.height() + 2);
    const auto cut = instruction.text.contains(QChar(0x2026)) && !content.instruction.contains(QChar(0x2026));
    if (cut || (content.progress ? !isWhole(instruction) : !fitsBlock(instruction.font, instruction.text, room))) {
        return QStringLiteral("the instruction is cut");
    }
    return {};
}

QString saidBy(const TileContent& content)
{
    return QString(content.word + QLatin1String(": ") + content.instruction);
}

} // namespace

class PagePlanTest : public QObject {
    Q_OBJECT

    void addRows()
    {
        QTest::addColumn<int>("window");
        QTest::addColumn<int>("slots");
        QTest::addColumn<double>("distance");
        for (int window = 0; window < static_cast<int>(kWindows.size()); ++window) {
            for (const auto slots : kSlots) {
                for (const auto distance : kDistances) {
                    QTest::addRow("%s, %d slots, %.1f m", kWindows[static_cast<std::size_t>(window)].name, slots,
                                  distance)
                        << window << slots << distance;
                }
            }
        }
    }

    /// Everything that tiles can say, at one metre; at other distances, the longest of it.
    void checkWhole(int window, int slots, double distance)
    {
        const auto layout = planned(window, slots, distance).layout();
        for (const auto& content : distance == 1.0 ? m_every : m_longest) {
            const auto fault = faultOf(layout, content);
            QVERIFY2(fault.isEmpty(), qPrintable(QString(saidBy(content) + QLatin1String(": ") + fault)));
        }
    }

    [[nodiscard]] Planned planned(int window, int slots, double distance) const
    {
        return {slots, kWindows[static_cast<std::size_t>(window)], distance, m_longest};
    }

    /// In the language of the application.
    void readTexts()
    {
        m_every = everyContent();
        m_longest = longestContents();
    }

    std::vector<TileContent> m_every;
    std::vector<TileContent> m_longest;

private Q_SLOTS:
    void init() { readTexts(); }

    /// For every number of slots and of tiles on a page: a way there has a way back, and none leads to another page.
    void everyWayToTheTileBesideHasAWayBack()
    {
        constexpr std::array kWays{std::pair{Towards::Left, Towards::Right}, std::pair{Towards::Right, Towards::Left},
                                   std::pair{Towards::Up, Towards::Down}, std::pair{Towards::Down, Towards::Up}};
        for (int slots = 1; slots <= 32; ++slots) {
            for (const auto perPage : {1, 2, 4, 6, 8, 12, 16, 32}) {
                const PagePlan plan{(slots + perPage - 1) / perPage, perPage, gridShape(perPage), TileForm::Full};
                for (int position = 0; position < slots; ++position) {
                    for (const auto& [there, back] : kWays) {
                        const auto beside = neighbour(plan, slots, position, there);
                        QVERIFY(!beside || neighbour(plan, slots, *beside, back) == position);
                        QVERIFY(!beside || plan.pageOf(*beside) == plan.pageOf(position));
                    }
                }
            }
        }
    }

    void whatTheHandsNeedIsNeverCut_data() { addRows(); }
    void whatTheHandsNeedIsNeverCut()
    {
        QFETCH(int, window);
        QFETCH(int, slots);
        QFETCH(double, distance);
        checkWhole(window, slots, distance);
    }

    void norInAnotherLanguage()
    {
        const QTemporaryDir directory;
        const test::PseudoLanguage language(directory.path());
        QTranslator translator;
        QVERIFY(translator.load(language.file()) && QCoreApplication::installTranslator(&translator));
        readTexts();
        for (int window = 0; window < static_cast<int>(kWindows.size()); ++window) {
            for (const auto slots : kSlots) {
                checkWhole(window, slots, 1.0);
            }
        }
    }

    /// Or there are as many pages as anybody may be asked to turn.
    void wordAndInstructionCanBeReadFromTheDistance_data() { addRows(); }
    void wordAndInstructionCanBeReadFromTheDistance()
    {
        QFETCH(int, window);
        QFETCH(int, slots);
        QFETCH(double, distance);
        const auto judged = planned(window, slots, distance);
        const auto& plan = judged.plan;
        const auto layout = judged.layout();
        for (const auto& content : m_longest) {
            const std::array row{&content};
            const auto sizes = sizesFor(layout, row);
            const auto fewest = plan.perPage == 2 || (slots + plan.perPage / 2 - 1) / (plan.perPage / 2) > kMostPages;
            QVERIFY2((sizes.word >= layout.least() && sizes.instruction >= layout.least()) || fewest,
                     qPrintable(saidBy(content)));
        }
    }

    void thereAreNoMorePagesThanAreNeeded()
    {
        const auto pages = [this](int slots, QSize size, double distance) {
            return Planned(slots, {"", size, 96}, distance, m_longest).plan.pages;
        };
        QCOMPARE(pages(8, {1920, 1080}, 1), 1);
        QCOMPARE(pages(16, {1920, 1080}, 1), 1);
        QCOMPARE(pages(32, {1920, 1080}, 0.6), 1);
        QVERIFY(pages(16, {1920, 1080}, 2) > 1);
        QVERIFY(pages(16, {1920, 1080}, 3) > pages(16, {1920, 1080}, 2));
        QVERIFY(pages(16, {1024, 768}, 1) > 1);
        for (const auto distance : kDistances) {
            QVERIFY(pages(32, {960, 540}, distance) <= kMostPages);
        }
    }

    /// A row of a page says all it says in one size.
    void tilesOfARowShareTheirSizes()
    {
        const Theme theme(ThemeChoice::Light, {});
        SlotGrid grid({{1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}}, theme);
        grid.resize(1882, 866);
        grid.planFor(grid.size());
        for (std::size_t i = 0; i < m_every.size(); ++i) {
            grid.tile({static_cast<int>(i % 8) + 1})->show(m_every[i]);
            for (const auto first : {1, 5}) {
                for (int slot = first + 1; slot < first + 4; ++slot) {
                    QVERIFY(grid.tile({slot})->sizes() == grid.tile({first})->sizes());
                }
            }
        }
    }

    void theEndOfALongSerialIsSeen_data()
    {
        QTest::addColumn<int>("window");
        for (int window = 0; window < static_cast<int>(kWindows.size()); ++window) {
            QTest::newRow(kWindows[static_cast<std::size_t>(window)].name) << window;
        }
    }
    void theEndOfALongSerialIsSeen()
    {
        QFETCH(int, window);
        for (const auto slots : kSlots) {
            auto content = m_longest.front();
            content.serial = QString(60, QLatin1Char('7')) + QStringLiteral("1234");
            const auto layout = planned(window, slots, 1).layout();
            const std::array row{&std::as_const(content)};
            const auto boxes = boxesFor(layout, content, sizesFor(layout, row));
            QVERIFY2(boxes.serial.text.endsWith(QLatin1String("1234")), qPrintable(boxes.serial.text));
            QVERIFY2(isWhole(boxes.serial), qPrintable(boxes.serial.text));
            QVERIFY(faultOf(layout, content).isEmpty());
        }
    }

    void aReasonGivesWayBeforeTheInstruction()
    {
        const auto layout = planned(2, 16, 0.6).layout();
        auto content = m_longest.front();
        content.reason = QString(300, QLatin1Char('x')).replace(QLatin1String("xxxxx"), QLatin1String("xxxx "));
        const std::array row{&std::as_const(content)};
        const auto sizes = sizesFor(layout, row);
        const auto boxes = boxesFor(layout, content, sizes);
        QVERIFY(boxes.reason.text.isEmpty() || boxes.reason.text.endsWith(QChar(0x2026)));
        QVERIFY(faultOf(layout, content).isEmpty());
        QVERIFY(sizes.instruction >= layout.least());
    }
};

QTEST_MAIN(PagePlanTest)
#include "tst_page_plan.moc"
