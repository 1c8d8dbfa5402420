#pragma once

#include "core/base/result.h"
#include "core/config/destination_settings.h"
#include "core/delivery/destination.h"
#include "core/delivery/waiting.h"

#include <map>
#include <memory>
#include <string>

namespace enroll::app::wiring {

/// Where each key of a destination is set: config::DestinationConfig::places.
using Places = std::map<std::string, std::string>;

/// The destination that \p settings stand for. Its secrets and certificates are read; nothing is connected yet. Lives on
/// the thread that made it; \p waiting outlives it. Error S-330 naming the file that cannot be used, and
/// the place in \p places that names it.
Result<std::unique_ptr<delivery::Destination>> openDestination(const config::DestinationSettings& settings,
                                                               delivery::Waiting& waiting, const Places& places = {});

/// What a connection string on the command line stands for. \p caFile may be empty.
config::DestinationSettings settingsOfConnectionString(std::filesystem::path file, std::filesystem::path caFile);

} // namespace enroll::app::wiring
