#pragma once

#include "ui/run/tile_content.h"

namespace enroll::ui {

// What a tile says of the next serial and the next device. Called by tileContent() alone.

/// Marks the tile where the next serial goes. An empty tile elsewhere says why no serial is asked for there.
void takeTurn(TileContent& tile, const TileContext& context);

/// What a slot says that the serial in hand may go to.
QString putItIn(const enrollment::SerialNumber& serial);

} // namespace enroll::ui
