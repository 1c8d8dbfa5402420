#include "core/base/device_code.h"
#include "tests/ui/run/tile_samples.h"
#include "ui/run/slot_grid.h"
#include "ui/run/tile_layout.h"
#include "ui/run/tile_painter.h"
#include "ui/widgets/fitted_text.h"

#include <QAccessible>
#include <QPaintEngine>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>

#include <array>
#include <tuple>

using namespace enroll;
using namespace enroll::ui;
using test::sampleRun;

namespace {

constexpr QSize kReference{466, 430}; // a tile of 456 x 420 and its focus ring

struct Shown {
    explicit Shown(const station::SlotState& state, ThemeChoice choice = ThemeChoice::Light) : theme(choice, {})
    {
        tile.resize(kReference);
        tile.setPalette(paletteOf(theme.tokens()));
        tile.show(tileContent(state, {{3}, "tcp://127.0.0.1:2321", std::chrono::steady_clock::now()}));
    }

    /// A pixel of the band where neither symbol nor word nor hatch is: its very left edge.
    [[nodiscard]] QColor bandColour()
    {
        const TileLayout layout(tileDesign(Density::Eight), tile.frame(), {});
        const auto band = layout.band();
        return tile.grab().toImage().pixelColor(static_cast<int>(band.left()) + 8, static_cast<int>(band.bottom()) - 8);
    }

    Theme theme;
    SlotTile tile{{3}, theme};
};

/// A tile without neighbours, whose sizes it would share.
void paintAlone(QPainter& painter, Density density, const QSizeF& size, const TileContent& content,
                const Tokens& tokens)
{
    const TileLayout layout(tileDesign(density), {{}, size}, {});
    const std::array row{&content};
    paintTile(painter, layout, content, sizesFor(layout, row), tokens);
}

station::SlotState finished(Outcome outcome, std::optional<ErrorCode> code)
{
    return station::SlotFinished{sampleRun(outcome, code, "GX-000185")};
}

/// Takes down which size each piece of text is painted in.
class TextSizes final : public QPaintEngine, public QPaintDevice {
public:
    TextSizes() : QPaintEngine(AllFeatures) {}
    bool begin(QPaintDevice*) override { return true; }
    bool end() override { return true; }
    void updateState(const QPaintEngineState&) override {}
    void drawPixmap(const QRectF&, const QPixmap&, const QRectF&) override {}
    void drawPolygon(const QPointF*, int, PolygonDrawMode) override {}
    void drawTextItem(const QPointF&, const QTextItem& item) override { pixels[item.text()] = item.font().pixelSize(); }
    [[nodiscard]] Type type() const override { return User; }
    [[nodiscard]] QPaintEngine* paintEngine() const override { return const_cast<TextSizes*>(this); }

    std::map<QString, int> pixels;

protected:
    [[nodiscard]] int metric(PaintDeviceMetric metric) const override
    {
        switch (metric) {
        case PdmDpiX:
        case PdmDpiY:
        case PdmPhysicalDpiX:
        case PdmPhysicalDpiY:
            return 96;
        case PdmWidth:
        case PdmHeight:
            return 4096;
        case PdmDepth:
            return 32;
        case PdmDevicePixelRatio:
            return 1;
        case PdmDevicePixelRatioScaled:
            return static_cast<int>(devicePixelRatioFScale());
        default:
            return 0;
        }
    }
};

} // namespace

class SlotTileTest : public QObject {
    Q_OBJECT

    /// Rows of a density and the size of a tile.
    static void everySize()
    {
        QTest::addColumn<int>("density");
        QTest::addColumn<QSizeF>("size");
        QTest::newRow("2 slots") << static_cast<int>(Density::Two) << QSizeF{928, 856};
        QTest::newRow("4 slots, small screen") << static_cast<int>(Density::Four) << QSizeF{500, 300};
        QTest::newRow("8 slots") << static_cast<int>(Density::Eight) << QSizeF{456, 420};
        QTest::newRow("8 slots, small screen") << static_cast<int>(Density::Eight) << QSizeF{308, 280};
        QTest::newRow("16 slots") << static_cast<int>(Density::Sixteen) << QSizeF{456, 202};
        QTest::newRow("16 slots, small screen") << static_cast<int>(Density::Sixteen) << QSizeF{308, 152};
    }

private Q_SLOTS:
    void aNewResultCallsAndAnOldOneDoesNot()
    {
        const Theme theme(ThemeChoice::Light, {});
        SlotTile tile({1}, theme);
        std::vector<Alert> alerts;
        connect(&tile, &SlotTile::alerted, this, [&alerts](Alert alert) { alerts.push_back(alert); });
        const auto shows = [&tile](TileLook look, std::optional<UtcTime> endedBefore = {}) {
            TileContent content;
            content.look = look;
            content.endedBefore = endedBefore;
            tile.show(content);
        };
        shows(TileLook::Running);
        shows(TileLook::Pass);
        QVERIFY(alerts.empty());
        shows(TileLook::Running);
        shows(TileLook::Fail);
        shows(TileLook::Whose);
        shows(TileLook::NoAnswer);
        QVERIFY((alerts == std::vector{Alert::Fail, Alert::NeedsPerson, Alert::NeedsPerson}));
        shows(TileLook::Ready);
        shows(TileLook::Hold, utcNow()); // found again after a restart
        QCOMPARE(alerts.size(), std::size_t{3});
    }

    void theBandHasTheVerdictsColour_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("choice");
        QTest::addColumn<QColor>("colour");
        for (const auto choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
            const auto& tokens = tokensOf(choice == ThemeChoice::Dark ? Shade::Dark : Shade::Light);
            const auto name = choice == ThemeChoice::Dark ? "dark" : "light";
            const auto row = [&](const char* what, int state, const QColor& colour) {
                QTest::addRow("%s, %s", what, name) << state << static_cast<int>(choice) << colour;
            };
            row("pass", 0, tokens.pass.fill);
            row("running", 1, tokens.running.fill);
            row("fail", 2, tokens.fail.fill);
            row("ready has no fill", 3, tokens.window);
            row("hold", 4, tokens.hold.fill);
            row("station", 5, tokens.station.fill);
            row("stopped has no fill", 6, tokens.window);
            row("empty has no fill", 7, tokens.window);
            row("rejected has the colour of text", 8, tokens.ink);
            row("unknown has the colour of text", 9, tokens.ink);
            row("lost has the colour of text", 11, tokens.ink);
            row("a pass from before a restart", 12, tokens.pass.fill);
        }
    }
    void theBandHasTheVerdictsColour()
    {
        QFETCH(int, state);
        QFETCH(int, choice);
        QFETCH(QColor, colour);
        const auto states = test::sampleStates(std::chrono::steady_clock::now());
        Shown shown(states[static_cast<std::size_t>(state)], static_cast<ThemeChoice>(choice));
        QCOMPARE(shown.bandColour().name(), colour.name());
    }

    void nothingTouchesTheLineAboveTheFoot_data()
    {
        QTest::addColumn<int>("density");
        QTest::addColumn<QSize>("size");
        for (const auto& [name, density, size] :
             {std::tuple{"4 slots", Density::Four, QSize{938, 430}}, std::tuple{"8 slots", Density::Eight, kReference},
              std::tuple{"16 slots", Density::Sixteen, QSize{466, 212}},
              std::tuple{"16 slots, small screen", Density::Sixteen, QSize{308, 162}}}) {
            QTest::newRow(name) << static_cast<int>(density) << size;
        }
    }
    void nothingTouchesTheLineAboveTheFoot()
    {
        QFETCH(int, density);
        QFETCH(QSize, size);
        for (const auto& state : test::sampleStates(std::chrono::steady_clock::now())) {
            Shown shown(state);
            shown.tile.setForm(static_cast<Density>(density));
            shown.tile.resize(size);
            const auto image = shown.tile.grab().toImage();
            const TileLayout layout(tileDesign(static_cast<Density>(density)), shown.tile.frame(), {});
            const auto ground =
                image.pixel(static_cast<int>(layout.frame().left()) + 8, static_cast<int>(layout.foot().top()) - 3);
            const auto row = layout.inner(layout.foot()).toRect();
            for (int y = row.top() - 5; y < row.top() - 1; ++y) {
                for (int x = row.left(); x < row.right(); ++x) {
                    QVERIFY2(image.pixel(x, y) == ground, qPrintable(shown.tile.content().word));
                }
            }
        }
    }

    void aReasonIsReadableWhereThereIsRoomForIt()
    {
        Shown shown(finished(Outcome::Hold, DeviceCode::EkCertificateUntrusted));
        const auto& content = shown.tile.content();
        for (const auto& size : {QSizeF{472, 418}, QSizeF{466, 430}}) {
            TextSizes sizes;
            QPainter painter(&sizes);
            paintAlone(painter, Density::Eight, size, content, shown.theme.tokens());
            painter.end();
            const auto reason = sizes.pixels.find(lastWordsTogether(content.reason));
            QVERIFY2(reason != sizes.pixels.end(), "the reason stands on one line");
            QVERIFY2(reason->second > 16, qPrintable(QString::number(reason->second)));
        }
    }

    void aResultFromBeforeTheRestartSaysSoAtEverySize_data() { everySize(); }
    void aResultFromBeforeTheRestartSaysSoAtEverySize()
    {
        QFETCH(int, density);
        QFETCH(QSizeF, size);
        const Theme theme(ThemeChoice::Light, {});
        for (const auto* serial : {"GX-000185", "A serial number as long as one may be, which is of 64 characters"}) {
            auto run = sampleRun(Outcome::Hold, DeviceCode::EkCertificateUntrusted, serial);
            run.startedAt = utcNow() - std::chrono::hours{50}; // the day is longer than a time of day
            auto content = tileContent(station::SlotFinished{run, false, true},
                                       {{12}, "tcp://127.0.0.1:2321", std::chrono::steady_clock::now()});
            TextSizes sizes;
            QPainter painter(&sizes);
            paintAlone(painter, static_cast<Density>(density), size, content, theme.tokens());
            painter.end();
            QVERIFY2(sizes.pixels.contains(content.before), "it is cut");
        }
    }

    void whatAChosenSlotWaitsForIsWholeBesideItsMark_data() { everySize(); }
    void whatAChosenSlotWaitsForIsWholeBesideItsMark()
    {
        QFETCH(int, density);
        QFETCH(QSizeF, size);
        const Theme theme(ThemeChoice::Light, {});
        TileContext context{{12}, "tcp://127.0.0.1:2321", std::chrono::steady_clock::now()};
        context.turn = Turn::Next;
        const auto content = tileContent(station::SlotReady{enrollment::SerialNumber{"GX-000184"}}, context);
        QVERIFY(content.next);
        TextSizes sizes;
        QPainter painter(&sizes);
        paintAlone(painter, static_cast<Density>(density), size, content, theme.tokens());
        painter.end();
        QVERIFY2(sizes.pixels.contains(content.corner), "it is cut");
    }

    void aStepOfUnknownLengthNeverLooksDone_data()
    {
        QTest::addColumn<int>("height");
        QTest::newRow("8 slots") << 16;
        QTest::newRow("16 slots, small screen") << 4;
    }
    void aStepOfUnknownLengthNeverLooksDone()
    {
        QFETCH(int, height);
        const QColor done(Qt::blue);
        const QColor track(Qt::gray);
        QImage image(279, height, QImage::Format_RGB32);
        image.fill(Qt::white);
        StepProgress progress;
        progress.current = 2;
        progress.total = 7;
        QPainter painter(&image);
        paintSegments(painter, image.rect(), progress, done, track);
        painter.end();
        constexpr int kMiddle = 18; // of a segment of 36 pixels and a gap of 4
        QCOMPARE(image.pixelColor(kMiddle, height / 2).name(), done.name());
        QCOMPARE(image.pixelColor(kMiddle + 40, height / 2).name(), track.name());
        QCOMPARE(image.pixelColor(kMiddle + 40, 0).name(), done.name()); // its outline
    }

    /// By the largest word of the tile, its shape and its strength.
    void anEmptySlotIsToldFromOneThatWaitsForItsDevice()
    {
        Shown empty(station::SlotEmpty{});
        Shown waiting(station::SlotReady{enrollment::SerialNumber{"GX-000184"}});
        QVERIFY(empty.tile.content().look == waiting.tile.content().look);
        QVERIFY(empty.tile.content().word != waiting.tile.content().word);
        const auto& tokens = empty.theme.tokens();
        QVERIFY(plainInk(empty.tile.content(), tokens) != plainInk(waiting.tile.content(), tokens));
        const auto symbol = [](Shown& shown) {
            const auto layout = shown.tile.layoutNow();
            const auto& content = shown.tile.content();
            const std::array row{&content};
            const auto box = boxesFor(layout, content, sizesFor(layout, row)).symbol.toRect();
            return shown.tile.grab().toImage().copy(box);
        };
        QVERIFY(symbol(empty) != symbol(waiting));
    }

    void onlyAFailIsHatched()
    {
        const auto coloursAtRight = [](const station::SlotState& state) {
            Shown shown(state);
            const auto image = shown.tile.grab().toImage();
            const TileLayout layout(tileDesign(Density::Eight), shown.tile.frame(), {});
            const auto band = layout.band();
            QSet<QRgb> seen;
            for (int x = static_cast<int>(band.right()) - 60; x < static_cast<int>(band.right()) - 8; ++x) {
                seen.insert(image.pixel(x, static_cast<int>(band.top()) + 20));
            }
            return seen.size();
        };
        QVERIFY(coloursAtRight(finished(Outcome::Fail, DeviceCode::AttestationWrong)) > 2);
        QCOMPARE(coloursAtRight(finished(Outcome::Pass, std::nullopt)), 1);
    }

    void theRowsOfASmallTileHoldTheSmallestText()
    {
        const TileLayout layout(tileDesign(Density::Sixteen), QRectF(0, 0, 195, 152), {});
        const auto text = QFontMetricsF(layout.font(1)).height();
        QVERIFY(layout.band().height() >= text);
        QVERIFY(layout.foot().height() >= text);
    }

    void assistiveProgramsSeeAButtonWithItsName()
    {
        Shown shown(finished(Outcome::Fail, DeviceCode::AttestationWrong));
        auto* tile = QAccessible::queryAccessibleInterface(&shown.tile);
        QVERIFY(tile != nullptr);
        QCOMPARE(tile->role(), QAccessible::Button);
        QCOMPARE(tile->text(QAccessible::Name), accessibleText(shown.tile.content()));
        QSignalSpy activated(&shown.tile, &SlotTile::activated);
        tile->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        QCOMPARE(activated.size(), 1);
        QCOMPARE(activated.front().front().toInt(), 3);
    }

    void aClickActivatesTheSlot()
    {
        Shown shown(station::SlotEmpty{});
        QSignalSpy activated(&shown.tile, &SlotTile::activated);
        QTest::mouseClick(&shown.tile, Qt::LeftButton);
        QCOMPARE(activated.size(), 1);
        QCOMPARE(activated.front().front().toInt(), 3);
    }

    void enterChoosesAndNeitherEnterNorSpaceActivates()
    {
        Shown shown(station::SlotEmpty{});
        QSignalSpy activated(&shown.tile, &SlotTile::activated);
        QSignalSpy chosen(&shown.tile, &SlotTile::chosen);
        QTest::keyClick(&shown.tile, Qt::Key_Space);
        QCOMPARE(chosen.size(), 0);
        QTest::keyClick(&shown.tile, Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(activated.size(), 0);
    }

    /// A device may be in, and nobody looked.
    void noSlotThatIsNotLookedAtIsCalledEmpty()
    {
        TileContext context{{3}, "tcp://10.7.3.18:2321"};
        for (const auto presence : {station::Presence::NotSensed, station::Presence::Absent}) {
            context.presence = presence;
            const auto said = accessibleText(tileContent(station::SlotEmpty{}, context));
            QCOMPARE(said, QStringLiteral("Slot 3, FREE, No serial. Scan or type a serial. No record yet."));
        }
        context.senses = true;
        const auto found = accessibleText(tileContent(station::SlotEmpty{}, context));
        QVERIFY2(found.startsWith(QLatin1String("Slot 3, EMPTY, No device.")), qPrintable(found));
        context.presence = station::Presence::NotSensed;
        const auto notSeen = accessibleText(tileContent(station::SlotEmpty{}, context));
        QVERIFY2(notSeen.startsWith(QLatin1String("Slot 3, FREE, Device not seen.")), qPrintable(notSeen));
    }

    void isNamedByWhatItShows()
    {
        Shown shown(finished(Outcome::Fail, DeviceCode::TpmSelfTestFailed));
        QCOMPARE(shown.tile.accessibleName(), accessibleText(shown.tile.content()));
    }

    void theGridFollowsTheNumberOfSlots_data()
    {
        QTest::addColumn<int>("slots");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::newRow("1") << 1 << 1 << 1;
        QTest::newRow("2") << 2 << 1 << 2;
        QTest::newRow("3") << 3 << 2 << 2;
        QTest::newRow("4") << 4 << 2 << 2;
        QTest::newRow("5") << 5 << 2 << 3;
        QTest::newRow("6") << 6 << 2 << 3;
        QTest::newRow("8") << 8 << 2 << 4;
        QTest::newRow("9") << 9 << 3 << 4;
        QTest::newRow("16") << 16 << 4 << 4;
        QTest::newRow("17") << 17 << 4 << 5;
        QTest::newRow("32") << 32 << 4 << 8;
    }
    void theGridFollowsTheNumberOfSlots()
    {
        QFETCH(int, slots);
        QFETCH(int, rows);
        QFETCH(int, columns);
        QVERIFY((gridShape(slots) == GridShape{rows, columns}));
    }

    void verdictWordsAreAsTallAsTheyMustBeForTheirDistance()
    {
        QCOMPARE(qRound(pixelSize(cap::kVerdictOne, {})), 296);
        QCOMPARE(qRound(pixelSize(cap::kVerdictEight, {})), 64);
        QCOMPARE(qRound(pixelSize(cap::kReason, {.distanceMetres = 2})), 40);
    }

    void greaterDistanceNeverOutgrowsTheTile()
    {
        const QRectF frame(0, 0, 456, 420);
        const TileLayout near(tileDesign(Density::Eight), frame, {});
        const TileLayout far(tileDesign(Density::Eight), frame, {.distanceMetres = 3});
        QCOMPARE(far.px(1), near.px(1));
        const TileLayout closer(tileDesign(Density::Eight), frame, {.distanceMetres = 0.6});
        QCOMPARE(closer.px(1), near.px(1)); // what is left would be empty
        QVERIFY(far.least() > near.least() && near.least() > closer.least());
    }

    void theDesktopsPaletteChoosesTheShade()
    {
        QPalette dark;
        dark.setColor(QPalette::Window, Qt::black);
        dark.setColor(QPalette::WindowText, Qt::white);
        QVERIFY(shadeFor(ThemeChoice::System, dark) == Shade::Dark);
        QVERIFY(shadeFor(ThemeChoice::Light, dark) == Shade::Light);
    }
};

QTEST_MAIN(SlotTileTest)
#include "tst_slot_tile.moc"
