#pragma once

#include "core/base/device_code.h"
#include "core/base/result.h"

#include <stop_token>

namespace enroll {

/// Error D-141 if a stop was asked. Call it between steps only: a step that was begun is finished or undone.
inline Result<void> requireNotCancelled(const std::stop_token& stop)
{
    if (stop.stop_requested()) {
        return makeError(DeviceCode::Cancelled, "a stop was asked");
    }
    return {};
}

} // namespace enroll
