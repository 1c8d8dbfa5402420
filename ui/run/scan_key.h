#pragma once

#include "core/enrollment/scanner_settings.h"
#include "core/station/scan_burst.h"

class QKeyEvent;

/// What a key tells of who pressed it.
namespace enroll::ui::scan_key {

/// A scan whose latest key came in \p then may not be over yet, however busy the program is.
bool mayGoOn(std::chrono::steady_clock::time_point then);
/// Of the key itself, in milliseconds of the display server's clock; without one, when it came in.
station::ScanBurst::TimePoint timeOf(const QKeyEvent& key);
/// Names the key on the keyboard: what it makes may be another character when it comes up, because Shift went up first.
int placeOf(const QKeyEvent& key);
/// That the key puts into the text: one for a control character, which comes without a text.
int charactersOf(const QKeyEvent& key);
bool hasCapsLock(const QKeyEvent& key);
/// Keys that a scanner presses for a control character within a code, and a person for a command.
bool mayBeControl(const QKeyEvent& key);
/// Some scanners end their codes with Ctrl+J, some with X11's key of that name, which Qt has no name for.
bool isLineFeed(const QKeyEvent& key);

/// How long after a character none comes any more, and nothing that ends a code.
std::chrono::milliseconds silenceOf(const enrollment::ScannerSettings& scanner);
/// After a stall a timer may be asked before keys that came meanwhile: they are let in within this time.
inline constexpr std::chrono::milliseconds kSecondLook{20};
/// True for characters of a scanner that are no whole code while nothing comes behind them.
bool lacksItsEnd(const station::ScanBurst& burst, const enrollment::ScannerSettings& scanner);
/// True if \p key, which ends a code, comes later than a scanner sends it behind the characters of \p burst.
bool comesLate(const QKeyEvent& key, const station::ScanBurst& burst, const enrollment::ScannerSettings& scanner);

} // namespace enroll::ui::scan_key
