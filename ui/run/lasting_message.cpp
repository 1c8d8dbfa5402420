#include "ui/run/lasting_message.h"

#include "core/base/scan_code.h"
#include "ui/run/announced_messages.h"
#include "ui/run/key_messages.h"

#include <algorithm>

namespace enroll::ui {
namespace {

using enrollment::SlotNumber;
using station::SlotReady;
using station::SlotRunning;

/// What the refusal names, of \p slot, is not so any more.
bool isOver(ErrorCode code, SlotNumber slot, const station::SlotBoard& board)
{
    const auto& state = board.state(slot);
    const bool isIn = board.presence(slot) == station::Presence::Present;
    const bool waits = std::holds_alternative<SlotReady>(state);
    if (code == ScanCode::NoClearAnswer) {
        return !board.unclear(slot);
    }
    if (code == ScanCode::OldDeviceInSlot) {
        return !isIn || !station::showsResult(state) || board.unnamed(slot);
    }
    if (code == ScanCode::DeviceAwaited || code == ScanCode::NoDeviceInTime) {
        return isIn || !waits;
    }
    if (code == ScanCode::SerialHasResult) {
        return !station::showsResult(state) && !board.asksForChoice(slot); // there, or said by the device that is here
    }
    if (code == ScanCode::SerialAlreadyInSlot) {
        return !waits && !std::holds_alternative<SlotRunning>(state) && !board.saidIn(slot) && !isIn;
    }
    const bool isOfWhatItSays = code == ScanCode::DeviceSaysOther || code == ScanCode::TwoDevicesSaySerial;
    return isOfWhatItSays && !board.saidIn(slot) && !isIn; // one look that missed what it says tells nothing
}

/// No slot was free for a serial, and one is now.
bool isFreeNow(ErrorCode code, const station::SlotBoard& board)
{
    const bool waited =
        code == ScanCode::NoFreeSlot || code == ScanCode::ResultsWait || code == ScanCode::SlotsWaitForStart;
    return waited && board.target({});
}

/// Of a serial that waits in \p slot: what starts its test now.
std::optional<ScanMessage> readyNow(const ScanMessage& message, SlotNumber slot, const station::SlotBoard& board)
{
    const auto* ready = std::get_if<SlotReady>(&board.state(slot));
    const auto leftOut = board.leftOut();
    const bool isStillAsked = message.news == ScanNews::LeftOut && std::ranges::find(leftOut, slot) != leftOut.end();
    if (ready == nullptr) {
        return message;
    }
    if (isStillAsked) {
        return leftOutMessage(slot, board);
    }
    auto now = boundMessage({slot, message.gaveWay}, QString::fromStdString(ready->serial.text()), board);
    if (message.news == ScanNews::Ready) {
        now.headline = message.headline;
    }
    return now;
}

/// A serial waits where no device is.
bool hasRoomForDevice(const station::SlotBoard& board)
{
    const auto waiting = board.ready();
    return board.inHand() || std::ranges::any_of(waiting, [&](SlotNumber slot) {
               return board.presence(slot) != station::Presence::Present;
           });
}

/// A key had nothing to act on: what it had now.
std::optional<ScanMessage> keyNow(const ScanMessage& message, const station::SlotBoard& board)
{
    const auto whileSo = [&](bool isSo) { return isSo ? std::optional{message} : std::nullopt; };
    if (message.news == ScanNews::NothingReady) {
        if (message.slot) { // because of a device that nobody named
            return whileSo(board.unnamed(*message.slot));
        }
        return board.ready().empty() ? nothingToStartMessage(board) : whileSo(message == noSlotToStartMessage(board));
    }
    if (!message.slot) {
        return message.news == ScanNews::NothingToStop ? nothingToStopMessage({}, board) : message;
    }
    const auto& state = board.state(*message.slot);
    if (message.news == ScanNews::NothingToStop) {
        return std::holds_alternative<SlotRunning>(state) ? std::nullopt
                                                          : std::optional{nothingToStopMessage(message.slot, board)};
    }
    const auto* unknown = std::get_if<station::SlotUnknown>(&state);
    const bool waitsForPerson = (unknown != nullptr && unknown->searched) ||
                                (std::holds_alternative<station::SlotFinished>(state) && !station::givesWay(state));
    return waitsForPerson ? std::nullopt : std::optional{nothingToAcknowledgeMessage(message.slot, board)};
}

bool isAboutKey(const ScanMessage& message)
{
    using enum ScanNews;
    return message.news == NothingReady || message.news == NothingToStop || message.news == NoResultThere;
}

std::optional<ScanMessage> refusalNow(const ScanMessage& message, SlotNumber slot, const station::SlotBoard& board)
{
    if (!isOver(*message.code, slot, board)) {
        return message;
    }
    const bool asksForStart =
        message.code == ScanCode::NoDeviceInTime && std::holds_alternative<SlotReady>(board.state(slot));
    return asksForStart ? readyNow(message, slot, board) : std::nullopt;
}

} // namespace

std::optional<ScanMessage> asItIsNow(const ScanMessage& message, const station::SlotBoard& board)
{
    if (isAboutKey(message) && (!message.slot || board.has(*message.slot))) {
        return keyNow(message, board);
    }
    if (!message.slot || !board.has(*message.slot)) {
        return message.code && isFreeNow(*message.code, board) ? std::nullopt : std::optional{message};
    }
    using enum ScanNews;
    const auto slot = *message.slot;
    const auto& state = board.state(slot);
    const auto whileSo = [&](bool isSo) { return isSo ? std::optional{message} : std::nullopt; };
    if (isOutdated(message, board)) {
        return board.unnamed(slot) ? std::optional{whoItSays(slot, board)} : std::nullopt;
    }
    if (message.code) {
        return refusalNow(message, slot, board);
    }
    switch (message.news) {
    case Misplaced:
        if (board.unnamed(slot) && !hasRoomForDevice(board)) {
            return whoseDevice(slot, board);
        }
        [[fallthrough]];
    case WhoseDevice:
        return whileSo(board.unnamed(slot));
    case ChoiceOver:
        return choiceOverMessage(slot, board);
    case Acknowledged:
        return std::holds_alternative<station::SlotEmpty>(state) ? std::optional{acknowledgedMessage(slot, board)}
                                                                 : std::nullopt;
    case InHand:
        return board.inHand() ? inHandMessage(*board.inHand(), board) : message;
    case Stopping:
    case TooLateToStop:
    case RunsAlready:
        return whileSo(std::holds_alternative<SlotRunning>(state));
    case Ready:
    case LeftOut:
        return readyNow(message, slot, board);
    case NotJudged:
    case StartsAgain:
    case ResultStays: {
        const auto* finished = std::get_if<station::SlotFinished>(&state);
        return finished != nullptr ? resultMessage(finished->run, board) : message;
    }
    case Selected:
    case TakesNext: {
        auto now = message;
        now.next = offerOf(slot, board);
        return now;
    }
    default:
        return message;
    }
}

} // namespace enroll::ui
