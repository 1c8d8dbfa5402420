#pragma once

#include "core/base/result.h"
#include "core/config/destination_settings.h"
#include "core/delivery/destination.h"
#include "core/delivery/waiting.h"

#include <memory>

namespace enroll::app::wiring {

/// The destination that \p settings stand for. Its secrets and certificates are read; nothing is connected yet. Lives on
/// the thread that made it; \p waiting outlives it. Error S-330 naming the file that cannot be used.
Result<std::unique_ptr<delivery::Destination>> openDestination(const config::DestinationSettings& settings,
                                                               delivery::Waiting& waiting);

/// What a connection string on the command line stands for. \p caFile may be empty.
config::DestinationSettings settingsOfConnectionString(std::filesystem::path file, std::filesystem::path caFile);

} // namespace enroll::app::wiring
