#pragma once

#include "core/base/device_code.h"
#include "core/base/result.h"

#include <stop_token>

namespace enroll {

/// Error D-141 if a stop was asked. Called between steps, never inside one.
inline Result<void> requireNotCancelled(const std::stop_token& stop)
{
    if (stop.stop_requested()) {
        return makeError(DeviceCode::Cancelled, "a stop was asked");
    }
    return {};
}

} // namespace enroll
