#pragma once

#include "core/base/clock.h"
#include "core/station/sign_in.h"
#include "core/station/work_order.h"
#include "ui/model/caption.h"
#include "ui/model/station_identity.h"

namespace enroll::ui {

struct DevicesTested {
    int number = 0;
    std::optional<UtcTime> since = {}; ///< when the shift began; absent: today
    int tests = 0;                     ///< that judged them: no fewer
};

/// What the bar says beside the station for the Run screen: work order, product, caution, devices judged (absent: not
/// known), and who is signed in.
Caption runCaption(const StationIdentity& identity, const station::WorkOrder& order, const station::SignIn& signIn,
                   const std::optional<DevicesTested>& tested);

} // namespace enroll::ui
