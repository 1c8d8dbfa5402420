#pragma once

#include "core/station/slot_board.h"
#include "ui/run/scan_bar.h"

namespace enroll::ui {

// What the scan bar says of the slots, as values. With a single slot nothing is said of other slots.

/// What the next serial would do.
ScanMessage idleMessage(const station::SlotBoard& board);
/// Which serial the device in \p slot carries, or what it says and how it is tested all the same.
ScanMessage whoseDevice(enrollment::SlotNumber slot, const station::SlotBoard& board);
ScanMessage boundMessage(const station::Binding& binding, const QString& serial, const station::SlotBoard& board);
/// What the hands do now, so that the test of the serial that waits in \p slot starts.
QString startOffer(enrollment::SlotNumber slot, const station::SlotBoard& board);
/// \p serial was taken out of \p slot.
ScanMessage takenBackMessage(const enrollment::SerialNumber& serial, enrollment::SlotNumber slot);
/// The result in \p slot is dealt with.
ScanMessage acknowledgedMessage(enrollment::SlotNumber slot, const station::SlotBoard& board);
/// What some slots showed last could not be read.
ScanMessage forgottenMessage();
/// Of the first slot that the key for all slots did not start, because its device is doubted.
ScanMessage leftOutMessage(enrollment::SlotNumber slot, const station::SlotBoard& board);
/// The test in \p slot is over, which was chosen while it ran.
ScanMessage choiceOverMessage(enrollment::SlotNumber slot, const station::SlotBoard& board);
/// The serial in hand has no slot yet. While a device without a serial is in a slot, it may be of that one or not.
ScanMessage inHandMessage(const enrollment::SerialNumber& serial, const station::SlotBoard& board);
/// What a look at the slots brought about.
ScanMessage newsMessage(const station::SlotNews& news, const station::SlotBoard& board);
/// \p slot: the one that was started, if it is one alone.
ScanMessage startedMessage(const QString& headline, const station::SlotBoard& board,
                           std::optional<enrollment::SlotNumber> slot = {});
/// \p slot started because its device is there.
ScanMessage startedItselfMessage(enrollment::SlotNumber slot, const station::SlotBoard& board);
/// What the only slot's run came to, and what to do now.
ScanMessage resultMessage(const enrollment::AttestationRun& run, const station::SlotBoard& board);
/// What the tile of \p run asks for, where that is another scan; where devices say their serials, they come first.
std::optional<QString> scanAgain(const enrollment::AttestationRun& run, const station::SlotBoard& board);
/// Names the slot where a refused serial is, and \p scanned beside what a device says.
ScanMessage refusalMessage(const Error& error, const station::SlotBoard& board, const QString& scanned = {});

/// The window was asked to close while slots test.
ScanMessage closeQuestion(const station::SlotBoard& board);
/// A kiosk was asked to close.
ScanMessage kioskMessage();

/// Its device may be the one of the result that the slot shows, and is in: F8 is refused until it is out.
bool mayHoldOldDevice(enrollment::SlotNumber slot, const station::SlotBoard& board);
/// What a slot that was chosen can be told.
QString offerOf(enrollment::SlotNumber slot, const station::SlotBoard& board);

} // namespace enroll::ui
