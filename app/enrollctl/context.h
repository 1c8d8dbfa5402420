#pragma once

#include "app/enrollctl/output.h"
#include "core/config/station_config.h"

#include <filesystem>
#include <optional>
#include <stop_token>

namespace enroll::app::enrollctl {

/// The options of every command; they may stand before or after the command's own.
struct GlobalOptions {
    std::optional<std::filesystem::path> config;
    std::optional<std::filesystem::path> data;
    std::optional<std::filesystem::path> profile;
};

/// What every command is given.
struct Context {
    GlobalOptions options;
    Output& output;
    std::stop_token stop; ///< asked by the first SIGINT, SIGTERM or SIGHUP
};

/// Where this command's configuration comes from.
config::ConfigSources configSources(const Context& context);

/// Reads the configuration for this command. Errors S-330, and S-331 for root where the data belong to another account and
/// --data does not name them.
Result<config::StationConfig> loadStation(const Context& context);

} // namespace enroll::app::enrollctl
