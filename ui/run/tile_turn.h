#pragma once

#include "ui/run/tile_content.h"

namespace enroll::ui {

// What a tile says of the next serial and the next device. Called by tileContent() alone.

/// Marks the tile where the next serial goes. An empty tile elsewhere says why no serial is asked for there.
void takeTurn(TileContent& tile, const TileContext& context);

/// A serial, or what a device says in place of one, as it fits in a line of a tile: its two ends where it is long, and only
/// characters that can be shown.
QString shortSerial(const std::string& serial);

/// What a slot says that the serial in hand may go to.
QString putItIn(const enrollment::SerialNumber& serial);

} // namespace enroll::ui
