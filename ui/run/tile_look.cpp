#include "ui/run/tile_look.h"

#include <QCoreApplication>

namespace enroll::ui {
namespace {

struct Tile {
    Q_DECLARE_TR_FUNCTIONS(SlotTile)
};

} // namespace

int urgency(TileLook look) noexcept
{
    switch (look) {
    case TileLook::Fail:
        return 6;
    case TileLook::Hold:
        return 5;
    case TileLook::Station:
        return 4;
    case TileLook::Rejected:
        return 3;
    case TileLook::Whose:
    case TileLook::NoAnswer:
        return 2;
    case TileLook::Unknown:
        return 1;
    case TileLook::Ready:
    case TileLook::Running:
    case TileLook::Pass:
    case TileLook::Stopped:
        break;
    }
    return 0;
}

QString lookWord(TileLook look)
{
    switch (look) {
    case TileLook::Pass:
        return Tile::tr("PASS");
    case TileLook::Fail:
        return Tile::tr("FAIL");
    case TileLook::Hold:
        return Tile::tr("HOLD");
    case TileLook::Station:
        return Tile::tr("STATION");
    case TileLook::Stopped:
        return Tile::tr("STOPPED");
    case TileLook::Rejected:
        return Tile::tr("REJECTED");
    case TileLook::Whose:
        return whoseWord();
    case TileLook::NoAnswer:
        return noAnswerWord();
    case TileLook::Unknown:
        return Tile::tr("UNKNOWN");
    case TileLook::Ready:
    case TileLook::Running:
        break;
    }
    return Tile::tr("READY");
}

std::optional<Alert> alertOf(TileLook look) noexcept
{
    if (urgency(look) == 0) { // also what a person stopped, who is there
        return std::nullopt;
    }
    return look == TileLook::Fail ? Alert::Fail : Alert::NeedsPerson;
}

QString nextWord()
{
    return Tile::tr("NEXT", "on the tile of the slot that gets the next serial");
}

QString whoseWord()
{
    return Tile::tr("WHOSE?", "on the tile of a slot whose device has no serial");
}

QString noAnswerWord()
{
    return Tile::tr("NO ANSWER", "on the tile of a slot whose device does not answer as it should");
}

} // namespace enroll::ui
