#pragma once

#include "core/station/sign_in.h"
#include "core/station/work_order.h"
#include "ui/model/caption.h"
#include "ui/model/station_identity.h"

namespace enroll::ui {

/// What the bar says beside the station for the Run screen: work order, product, caution, devices tested today (absent: not
/// known), and who is signed in.
Caption runCaption(const StationIdentity& identity, const station::WorkOrder& order, const station::SignIn& signIn,
                   std::optional<int> devicesToday);

} // namespace enroll::ui
