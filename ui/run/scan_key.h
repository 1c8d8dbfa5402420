#pragma once

#include "core/station/scan_burst.h"

class QKeyEvent;

/// What a key tells of who pressed it.
namespace enroll::ui::scan_key {

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

} // namespace enroll::ui::scan_key
