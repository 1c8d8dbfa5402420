#pragma once

#include "ui/model/caption.h"
#include "ui/model/station_identity.h"

namespace enroll::ui {

/// What the bar says beside the station for the Run screen: product, caution, devices tested today (absent: not known).
Caption runCaption(const StationIdentity& identity, std::optional<int> devicesToday);

} // namespace enroll::ui
