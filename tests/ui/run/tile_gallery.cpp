// Grabs every look of a tile into PNG files, for the eye: tile_gallery DIRECTORY [light|dark] [WIDTH HEIGHT] [SLOTS]

#include "tests/ui/run/tile_samples.h"
#include "ui/run/slot_grid.h"

#include <QApplication>
#include <QDir>

using namespace enroll;

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const auto arguments = QApplication::arguments();
    const auto dark = arguments.value(2) == QLatin1String("dark");
    const QSize size(arguments.value(3, QStringLiteral("1882")).toInt(),
                     arguments.value(4, QStringLiteral("866")).toInt());
    const auto slots = arguments.value(5, QStringLiteral("8")).toInt();

    const ui::Theme theme(dark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light, {});
    std::vector<enrollment::SlotNumber> numbers;
    for (int i = 1; i <= slots; ++i) {
        numbers.push_back({i});
    }
    ui::SlotGrid grid(numbers, theme);
    grid.setPalette(ui::paletteOf(theme.tokens()));
    grid.resize(size);
    const auto now = std::chrono::steady_clock::now();
    const auto states = test::sampleStates(now);
    const auto shift = arguments.value(6).toUInt();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const ui::TileContext context{numbers[i], "tcp://10.7.3.18:2321", now};
        grid.tile(numbers[i])->show(ui::tileContent(states[(i + shift) % states.size()], context));
    }
    QDir().mkpath(arguments.value(1));
    return grid.grab().save(arguments.value(1) + QStringLiteral("/gallery-%1-%2-%3.png")
                                                     .arg(slots)
                                                     .arg(dark ? QStringLiteral("dark") : QStringLiteral("light"))
                                                     .arg(shift))
               ? 0
               : 1;
}
