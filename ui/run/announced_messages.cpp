#include "ui/run/announced_messages.h"

#include "core/base/scan_code.h"
#include "ui/model/catalog_text.h"
#include "ui/run/scan_messages.h"

#include <QCoreApplication>

namespace enroll::ui {
namespace {

struct Bar {
    Q_DECLARE_TR_FUNCTIONS(ScanBar)
};

/// Which scan of what the device in \p slot says is taken.
QString whatIsTaken(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    if (board.contested(slot)) {
        return Bar::tr("Another device says it, too. Take this one out, and compare their labels.");
    }
    return board.asksForChoice(slot) ? Bar::tr("To test it, scan the slot's label, then the device's.")
                                     : Bar::tr("To test it, scan its label. Else take it out.");
}

} // namespace

ScanMessage whoItSays(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    const auto said = board.saidIn(slot);
    if (const auto unfit = board.unfitIn(slot); !said && !unfit.empty()) {
        return {ScanNews::WhoseDevice,
                Bar::tr("The device in slot %1 says %2.").arg(QString::number(slot.value), documentText(unfit)),
                Bar::tr("That is no serial of this product. Take it out."), slot};
    }
    if (!said) {
        return {ScanNews::WhoseDevice, Bar::tr("The device in slot %1 says no serial of this product.").arg(slot.value),
                Bar::tr("It cannot be tested here. Take it out."), slot};
    }
    return {ScanNews::WhoseDevice,
            Bar::tr("The device in slot %1 says %2.")
                .arg(QString::number(slot.value), QString::fromStdString(said->text())),
            whatIsTaken(slot, board), slot};
}

QString offerForDevice(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    const auto& state = board.state(slot);
    if (board.contested(slot)) {
        return whatIsTaken(slot, board);
    }
    if (board.unnamed(slot)) {
        return board.saidIn(slot) ? Bar::tr("Scan or type the serial of the device that is in it.")
                                  : whoItSays(slot, board).next;
    }
    if (const auto* ready = std::get_if<station::SlotReady>(&state)) {
        return Bar::tr("F4 starts its test, F7 takes %1 out.").arg(QString::fromStdString(ready->serial.text()));
    }
    if (std::holds_alternative<station::SlotRunning>(state)) {
        return Bar::tr("It runs. F7 stops it.");
    }
    if (!station::showsResult(state)) {
        return board.saidIn(slot) ? Bar::tr("Leave its device in.") : Bar::tr("Put a device in.");
    }
    if (board.startsAgain(slot)) {
        return Bar::tr("F4 starts its test again. Esc keeps its result.");
    }
    if (station::givesWay(state)) {
        return Bar::tr("To test its device again, scan its label. Esc keeps its result.");
    }
    return mayHoldOldDevice(slot, board)
               ? Bar::tr("To test its device again, scan its label. F8 clears its result when it is out.")
               : Bar::tr("F8 clears its result. To test its device again, scan its label.");
}

bool isOutdated(const ScanMessage& message, const station::SlotBoard& board)
{
    if (board.rule() != enrollment::PairingRule::DeviceSerial || !message.slot || !board.has(*message.slot)) {
        return false;
    }
    const auto slot = *message.slot;
    const bool isHeard = board.saidIn(slot) || !board.unfitIn(slot).empty();
    if (!isHeard && board.presence(slot) == station::Presence::Present) { // one look that missed it says nothing
        return false;
    }
    if (message.news == ScanNews::WhoseDevice) {
        return !board.unnamed(slot) || message != whoItSays(slot, board);
    }
    if (message.news != ScanNews::Refused) {
        return false;
    }
    if (message.code == ScanCode::TwoDevicesSaySerial) {
        return !board.contested(slot);
    }
    const bool asks = message.code == ScanCode::SerialHasResult || message.code == ScanCode::OtherResultInSlot;
    return asks && !board.asksForChoice(slot);
}

} // namespace enroll::ui
