// What the scan bar says of the result of the only slot, and what a slot that was chosen can be told.

#include "ui/run/announced_messages.h"
#include "ui/run/scan_messages.h"

#include <QCoreApplication>

namespace enroll::ui {
namespace {

struct Bar {
    Q_DECLARE_TR_FUNCTIONS(ScanBar)
};

bool says(const station::SlotBoard& board)
{
    return board.rule() == enrollment::PairingRule::DeviceSerial;
}

/// Whatever starts a test, the slots are looked at.
bool looksForDevices(const station::SlotBoard& board)
{
    return board.rule() == enrollment::PairingRule::Insert || says(board);
}

/// Where the slot looks for its device: once that is out, a PASS gives way, and nothing else does.
ScanMessage sensedResult(const enrollment::AttestationRun& run, const station::SlotBoard& board)
{
    using enum ScanNews;
    const bool isOut = board.presence(run.slot) == station::Presence::Absent;
    if (run.outcome != Outcome::Pass || (board.has(run.slot) && !station::givesWay(board.state(run.slot)))) {
        return {ResultStays, Bar::tr("The result stays until it is dealt with."),
                isOut ? Bar::tr("Its device is out: press F8.") : Bar::tr("Take its device out, then press F8."),
                run.slot};
    }
    if (isOut) {
        return idleMessage(board);
    }
    return {ResultStays, Bar::tr("The result stays until its device is out."),
            says(board) ? Bar::tr("Take it out, then put the next device in.")
                        : Bar::tr("Take it out, then scan or type the next serial."),
            run.slot};
}

} // namespace

bool mayHoldOldDevice(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    return board.doubted(slot) && board.presence(slot) == station::Presence::Present;
}

ScanMessage resultMessage(const enrollment::AttestationRun& run, const station::SlotBoard& board)
{
    using enum ScanNews;
    if (board.startsAgain(run.slot)) {
        return {StartsAgain, Bar::tr("The device has no verdict."), Bar::tr("F4 starts its test again."), run.slot};
    }
    if (!says(board) && board.has(run.slot) && board.hidesResult(run.slot)) {
        return idleMessage(board);
    }
    const auto again = scanAgain(run, board);
    if (run.outcome == Outcome::StationFault || run.outcome == Outcome::Aborted) {
        return {NotJudged, Bar::tr("The device has no verdict."),
                again.value_or(Bar::tr("To test it again, press F2 and scan or type its serial.")), run.slot};
    }
    if (again) {
        return {ResultStays, Bar::tr("The result stays until it is dealt with."), *again, run.slot};
    }
    if (looksForDevices(board)) {
        return sensedResult(run, board);
    }
    if (!board.target({})) {
        return {ResultStays, Bar::tr("The result stays until it is dealt with."),
                Bar::tr("Then press F2 and scan or type a serial."), run.slot};
    }
    return {ResultStays, Bar::tr("The result stays until the next serial."), Bar::tr("Scan or type a serial."),
            run.slot};
}

namespace {

/// Of a slot that was chosen and shows a result.
QString offerOfResult(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    const bool isIn = mayHoldOldDevice(slot, board);
    const bool again = board.startsAgain(slot);
    if (isIn && board.rule() == enrollment::PairingRule::Insert) { // no other serial takes its place
        return again ? Bar::tr("F4 starts its test again. Esc keeps its result.")
                     : Bar::tr("To test its device again, scan its label. For another one take it out first.");
    }
    if (again) {
        return Bar::tr("F4 starts its test again. The next serial takes its place.");
    }
    if (station::givesWay(board.state(slot))) {
        return Bar::tr("Its result gives way to the next serial. Esc keeps it.");
    }
    return isIn ? Bar::tr("The next serial takes its place. F8 clears its result when its device is out.")
                : Bar::tr("F8 clears its result, the next serial takes its place. Esc keeps it.");
}

} // namespace

QString offerOf(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    const auto& state = board.state(slot);
    if (says(board)) {
        return offerForDevice(slot, board);
    }
    if (board.unnamed(slot)) {
        return Bar::tr("Scan or type the serial of the device that is in it.");
    }
    if (const auto* ready = std::get_if<station::SlotReady>(&state)) {
        return Bar::tr("F4 starts its test, F7 takes %1 out. The next serial takes its place.")
            .arg(QString::fromStdString(ready->serial.text()));
    }
    if (std::holds_alternative<station::SlotRunning>(state)) {
        return Bar::tr("It runs. F7 stops it.");
    }
    if (!station::showsResult(state)) {
        const auto& inHand = board.inHand();
        return inHand ? Bar::tr("For %1: scan or type it again.").arg(QString::fromStdString(inHand->text()))
                      : Bar::tr("Scan or type a serial.");
    }
    return offerOfResult(slot, board);
}

} // namespace enroll::ui
