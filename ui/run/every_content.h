#pragma once

#include "ui/run/tile_content.h"

namespace enroll::ui {

/// What tiles can say, in the language of the application: every code that a run or a record can end with, every step, and
/// every state without a code. Times and serial numbers are examples.
std::vector<TileContent> everyContent();

/// Of those, one with each word and the ones with the longest instructions: where these fit, all do.
std::vector<TileContent> longestContents();

} // namespace enroll::ui
