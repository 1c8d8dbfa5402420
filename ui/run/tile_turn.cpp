#include "ui/run/tile_turn.h"

#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "ui/model/catalog_text.h"

#include <QCoreApplication>

namespace enroll::ui {
namespace {

struct Tile {
    Q_DECLARE_TR_FUNCTIONS(SlotTile)
};

void askWhose(TileContent& tile, const QString& serial, const QString& instruction)
{
    tile.look = TileLook::Whose;
    tile.corner = Tile::tr("Device");
    tile.word = whoseWord();
    tile.serial = serial;
    tile.instruction = instruction;
}

void sayUnclear(TileContent& tile)
{
    tile.look = TileLook::NoAnswer;
    tile.code = ScanCode::NoClearAnswer;
    tile.corner = codeText(*tile.code);
    tile.word = noAnswerWord();
    tile.serial = Tile::tr("Device not certain");
    tile.instruction = Tile::tr("Wait. Else take it out, call maintenance.");
}

/// What the device in a slot says that it is, and what it needs where that is not enough.
void askWhoItSays(TileContent& tile, const TileContext& context)
{
    const auto said = context.said ? Tile::tr("Says %1").arg(QString::fromStdString(context.said->text())) : QString();
    if (!context.unnamed && context.presence == station::Presence::Present) { // nothing is taken now
        tile.word = Tile::tr("DEVICE IN", "on the tile of a slot whose device is in, before its serial is taken");
        tile.serial = context.said ? said : Tile::tr("No serial yet");
        tile.deviceIn = true;
        tile.instruction = Tile::tr("Leave the device in.");
    } else if (!context.unnamed) {
        tile.instruction = Tile::tr("Put a device in.");
    } else if (context.said) {
        askWhose(tile, said,
                 context.contested       ? Tile::tr("Two say this: take it out, compare labels.")
                 : context.asksForChoice ? Tile::tr("Scan its slot label, then its own.")
                                         : Tile::tr("Scan the label of this device."));
    } else {
        askWhose(tile,
                 context.unfit.empty() ? Tile::tr("Without serial")
                                       : Tile::tr("Says %1").arg(shortSerial(context.unfit)),
                 Tile::tr("It says no serial of this product. Take it out."));
    }
}

/// What the device in a slot without a serial needs, or, by the rule "insert", what device the slot waits for.
void askForDevice(TileContent& tile, const TileContext& context)
{
    if (context.unnamed) {
        askWhose(tile, Tile::tr("Without serial"),
                 context.scanMeansDeviceIn ? Tile::tr("Scan the label of this device.")
                                           : Tile::tr("Scan its slot label or F2, then its serial."));
    } else {
        tile.instruction =
            context.inHand ? putItIn(*context.inHand) : Tile::tr("Scan a serial, then put its device in.");
    }
}

} // namespace

Turn turnOf(enrollment::PairingRule rule, bool marked, bool only)
{
    if (marked) {
        return Turn::Next;
    }
    if (rule == enrollment::PairingRule::Insert) {
        return Turn::Insert;
    }
    if (rule == enrollment::PairingRule::DeviceSerial) {
        return Turn::Device;
    }
    if (only) {
        return Turn::OnlySlot;
    }
    return rule == enrollment::PairingRule::SlotThenSerial ? Turn::Choice : Turn::Later;
}

QString shortSerial(const std::string& serial)
{
    constexpr int kLongest = 20; // a longer one is seen whole in the scan bar
    auto text = documentText(serial);
    if (text.size() <= kLongest) {
        return text;
    }
    auto head = text.left(kLongest / 4); // serial numbers differ at their ends
    auto tail = text.right(kLongest / 2);
    if (head.back().isHighSurrogate()) { // no character is cut in its middle
        head.chop(1);
    }
    if (tail.front().isLowSurrogate()) {
        tail.remove(0, 1);
    }
    return head + QChar(0x2026) + tail;
}

QString putItIn(const enrollment::SerialNumber& serial)
{
    return Tile::tr("Put %1 in.").arg(shortSerial(serial.text()));
}

void takeTurn(TileContent& tile, const TileContext& context)
{
    const auto turn = context.turn;
    const bool isEmpty = tile.look == TileLook::Ready && tile.serialRole == SerialRole::Placeholder;
    tile.next = turn == Turn::Next && tile.look != TileLook::Running;
    if (isEmpty && tile.next) {
        tile.word = nextWord();
    }
    const bool needsScan =
        tile.look == TileLook::Unknown || (tile.code == DeviceCode::Cancelled && !context.startsAgain);
    if (needsScan && tile.next) { // it is chosen already
        tile.instruction = Tile::tr("Scan the label of this device.");
    }
    if (isEmpty && turn == Turn::Later) {
        tile.instruction = Tile::tr("Waits for its turn.");
    }
    if (isEmpty && context.unclear) {
        sayUnclear(tile);
    } else if (isEmpty && context.byDevice) {
        askWhoItSays(tile, context);
    } else if (isEmpty && (turn == Turn::Insert || context.unnamed)) {
        askForDevice(tile, context);
    }
    if (isEmpty && turn == Turn::Choice && !context.unnamed && !context.unclear) {
        tile.instruction = Tile::tr("Scan its slot label, or choose it by F2.");
    }
}

} // namespace enroll::ui
