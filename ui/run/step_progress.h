#pragma once

#include "ui/run/tile_content.h"

namespace enroll::ui {

/// How far a slot's run is, measured against how long each step usually takes here.
StepProgress progressOf(const station::SlotRunning& state, const TileContext& context);

/// How long the step takes so far, and whether that is usual: "4 s of about 9 s".
QString paceText(const StepProgress& progress);

/// How long the whole run takes so far: "0:14 of 0:20", or "0:14" where the usual time is not known or too short to matter.
QString runTimeText(const station::SlotRunning& state, const TileContext& context);

} // namespace enroll::ui
