// Grabs tiles into a PNG file, for the eye: every look of a tile or, with --codes, the words of these codes.
//
//     tile_gallery tiles.png --theme dark --size 1882x866 --slots 8 --next 4 --codes S-304,S-341,D-132
//     tile_gallery restart.png --slots 4 --first 8
//     tile_gallery insert.png --empty --in-hand GX-000184 --unnamed 3

#include "tests/support/code_text.h"
#include "tests/ui/run/gallery_options.h"
#include "tests/ui/run/tile_samples.h"
#include "ui/run/slot_grid.h"

#include <QApplication>

using namespace enroll;

namespace {

/// What a run ends with that \p code decides. A refused scan or upload decides none: the tile shows one all the same.
Outcome outcomeFor(ErrorCode code)
{
    return describe(code).verdict.value_or(Outcome::StationFault);
}

/// A finished run for each of \p codes, or one state of every kind.
std::vector<station::SlotState> statesFor(const QStringList& codes, std::chrono::steady_clock::time_point now)
{
    std::vector<station::SlotState> states;
    for (const auto& text : codes) {
        const auto code = test::codeNamed(text);
        states.emplace_back(station::SlotFinished{test::sampleRun(outcomeFor(code), code, "GX-000185")});
    }
    return states.empty() ? test::sampleStates(now) : states;
}

/// What a tile needs beside its state, as the options say.
ui::TileContext contextOf(enrollment::SlotNumber slot, const test::GalleryOptions& options)
{
    ui::TileContext context{slot, "tcp://10.7.3.18:2321", std::chrono::steady_clock::now()};
    const auto inHand = options.text("in-hand").toStdString();
    const auto insert = options.isSet("in-hand") || options.isSet("unnamed");
    const auto next = slot.value == options.number("next");
    context.byDevice = options.isSet("says");
    context.turn = ui::turnOf(context.byDevice ? enrollment::PairingRule::DeviceSerial
                              : insert         ? enrollment::PairingRule::Insert
                                               : enrollment::PairingRule::NextSlot,
                              next, false);
    context.unnamed = slot.value == options.number("unnamed");
    if (!inHand.empty()) {
        context.inHand = enrollment::SerialNumber{inHand};
    }
    const auto said = options.text("says").toStdString();
    context.unclear = slot.value == options.number("unclear");
    const bool isIn = slot.value == options.number("in");
    if (isIn) {
        context.presence = station::Presence::Present;
    }
    if ((context.unnamed || isIn) && !said.empty()) {
        context.said = enrollment::SerialNumber{said};
    }
    return context;
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    const test::GalleryOptions options(
        QStringLiteral("1882x866"),
        {{QStringLiteral("next"), QStringLiteral("the slot that gets the next serial"), QStringLiteral("N")},
         {QStringLiteral("first"), QStringLiteral("the look of slot 1, from 0"), QStringLiteral("N")},
         {QStringLiteral("codes"), QStringLiteral("what the runs ended with"), QStringLiteral("CODE,...")},
         {QStringLiteral("empty"), QStringLiteral("no slot has a serial")},
         {QStringLiteral("in-hand"), QStringLiteral("by the rule insert: the serial in hand"),
          QStringLiteral("SERIAL")},
         {QStringLiteral("unnamed"), QStringLiteral("likewise: a slot with a device"), QStringLiteral("N")},
         {QStringLiteral("in"), QStringLiteral("a slot with a device whose serial is not taken yet"),
          QStringLiteral("N")},
         {QStringLiteral("unclear"), QStringLiteral("a slot whose device does not answer as it should"),
          QStringLiteral("N")},
         {QStringLiteral("says"), QStringLiteral("by the rule device-serial: what that device says, perhaps nothing"),
          QStringLiteral("SERIAL")}});
    const ui::Theme theme(options.theme(), options.viewing());
    std::vector<enrollment::SlotNumber> numbers;
    for (int i = 1; i <= options.slotCount(); ++i) {
        numbers.push_back({i});
    }
    ui::SlotGrid grid(numbers, theme);
    grid.setPalette(ui::paletteOf(theme.tokens()));
    const auto now = std::chrono::steady_clock::now();
    const auto states = options.isSet("empty")
                            ? std::vector<station::SlotState>{station::SlotEmpty{}}
                            : statesFor(options.text("codes").split(QLatin1Char(','), Qt::SkipEmptyParts), now);
    const auto first = options.text("first").toUInt();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto& state = states[(i + first) % states.size()];
        grid.tile(numbers[i])->show(ui::tileContent(state, contextOf(numbers[i], options)));
    }
    for (const auto& size : options.sizes()) {
        grid.resize(size);
        if (!grid.grab().save(options.fileFor(size))) {
            return 1;
        }
    }
    return 0;
}
