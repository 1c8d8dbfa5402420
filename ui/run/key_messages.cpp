#include "ui/run/key_messages.h"

#include "core/base/scan_code.h"
#include "ui/model/catalog_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace enroll::ui {
namespace {

using enrollment::SlotNumber;

struct Bar {
    Q_DECLARE_TR_FUNCTIONS(ScanBar)
};

QString serialInHand(const station::SlotBoard& board)
{
    return QString::fromStdString(board.inHand()->text());
}

/// The first slot whose test was stopped, and that may be started again.
std::optional<SlotNumber> firstStopped(const station::SlotBoard& board)
{
    const auto slots = board.slots();
    const auto found = std::ranges::find_if(slots, [&](SlotNumber slot) { return board.startsAgain(slot); });
    return found == slots.end() ? std::nullopt : std::optional{*found};
}

/// The catalog says what to scan next, and a key was pressed.
ScanMessage refusedByKey(const Error& error, const station::SlotBoard& board, const QString& next)
{
    auto message = refusalMessage(error, board);
    message.next = Bar::tr("%1  %2").arg(codeText(error.code), next);
    return message;
}

} // namespace

ScanMessage nothingToStartMessage(const station::SlotBoard& board)
{
    const auto idle = idleMessage(board);
    if (board.inHand()) {
        return {ScanNews::NothingReady, Bar::tr("No slot is ready: %1 is in hand.").arg(serialInHand(board)), idle.next,
                idle.slot};
    }
    if (const auto slot = firstStopped(board)) {
        return {ScanNews::NothingReady, Bar::tr("No slot is ready."),
                Bar::tr("To test again in slot %1: F2, %1, F4.").arg(slot->value)};
    }
    return {ScanNews::NothingReady, Bar::tr("No slot is ready."), idle.headline + QLatin1Char(' ') + idle.next,
            idle.slot};
}

ScanMessage noSlotToStartMessage(const station::SlotBoard& board)
{
    if (board.ready().empty()) {
        return nothingToStartMessage(board);
    }
    return {ScanNews::NothingReady, Bar::tr("No slot is chosen to be started."),
            Bar::tr("Scan the label of a slot, then START again.")};
}

ScanMessage nothingToStopMessage(std::optional<SlotNumber> chosen, const station::SlotBoard& board)
{
    const auto running = static_cast<int>(board.running().size());
    if (chosen) {
        return {ScanNews::NothingToStop, Bar::tr("Slot %1 is selected, and no test runs in it.").arg(chosen->value),
                running > 0 ? Bar::tr("To stop another test, press F2 and its slot's number, then F7.")
                            : offerOf(*chosen, board),
                chosen};
    }
    if (running > 0) {
        return {ScanNews::NothingToStop, Bar::tr("%n slots are testing, and none is selected.", nullptr, running),
                Bar::tr("Press F2 and the slot's number, then F7.")};
    }
    auto next = Bar::tr("There is nothing to stop.");
    if (board.inHand()) {
        next = Bar::tr("%1 is in hand: Esc drops it.").arg(serialInHand(board));
    } else if (!board.ready().empty()) {
        next = Bar::tr("To take a serial out, press F2 and its slot's number, then F7.");
    }
    return {ScanNews::NothingToStop, Bar::tr("No test runs."), next};
}

ScanMessage nothingToAcknowledgeMessage(std::optional<SlotNumber> chosen, const station::SlotBoard& board)
{
    if (!chosen) {
        return {ScanNews::NoResultThere, Bar::tr("No result is chosen that waits for you."),
                Bar::tr("Press F2 and the slot's number, then F8. A PASS gives way by itself.")};
    }
    const auto& state = board.state(*chosen);
    if (station::givesWay(state)) {
        return {ScanNews::NoResultThere, Bar::tr("The PASS in slot %1 needs no F8.").arg(chosen->value),
                Bar::tr("It gives way by itself.")};
    }
    if (std::holds_alternative<station::SlotUnknown>(state)) {
        return {ScanNews::NoResultThere, Bar::tr("The result of slot %1 is still looked up.").arg(chosen->value),
                Bar::tr("Wait until its tile shows it, then press F8.")};
    }
    return {ScanNews::NoResultThere, Bar::tr("Slot %1 shows no result that waits for you.").arg(chosen->value),
            offerOf(*chosen, board)};
}

ScanMessage noSlotToShowMessage()
{
    return {ScanNews::NoSlotToShow, Bar::tr("No slot is chosen to be shown."),
            Bar::tr("Press F2 and the slot's number, then F9.")};
}

ScanMessage startRefusedMessage(const Error& error, const station::SlotBoard& board)
{
    return error.code == ScanCode::OrderMissing
               ? refusedByKey(error, board, Bar::tr("Scan a work order. Then start the test again."))
               : refusalMessage(error, board);
}

ScanMessage acknowledgeRefusedMessage(const Error& error, SlotNumber slot, const station::SlotBoard& board)
{
    if (error.code != ScanCode::OldDeviceInSlot) {
        return refusalMessage(error, board);
    }
    auto message = refusedByKey(error, board, Bar::tr("Take it out, then press F8 again."));
    message.headline = Bar::tr("The device of the last test may still be in slot %1.").arg(slot.value);
    message.slot = slot;
    return message;
}

} // namespace enroll::ui
