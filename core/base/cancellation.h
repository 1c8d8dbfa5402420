#pragma once

#include "core/base/device_code.h"
#include "core/base/result.h"

#include <stop_token>

namespace enroll {

/// D-141, the error of whatever a stop request ends. \p when says how far it was: "while waiting for the device".
inline Error stopAsked(std::string operation = {}, std::string_view when = {})
{
    std::string what = "a stop was asked";
    if (!when.empty()) {
        what.append(" ").append(when);
    }
    return makeError(DeviceCode::Cancelled, std::move(what), std::move(operation));
}

/// Error D-141 if a stop was asked. Call it between steps only: a step that was begun is finished or undone.
inline Result<void> requireNotCancelled(const std::stop_token& stop)
{
    if (stop.stop_requested()) {
        return stopAsked();
    }
    return {};
}

} // namespace enroll
