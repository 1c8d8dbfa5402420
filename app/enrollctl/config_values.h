#pragma once

#include "core/config/station_config.h"

#include <QJsonObject>

#include <span>

namespace enroll::app::enrollctl {

/// One setting with the value in use.
struct ConfigValue {
    std::string key;   ///< "station.id", "slot.1.device", "destination.cloud.ca_file"
    std::string value; ///< never a secret: those are in files of their own
    std::string origin;
    bool operator==(const ConfigValue&) const = default;
};

/// Every setting in the order of the configuration file.
std::vector<ConfigValue> configValues(const config::StationConfig& station);

/// `{schema, values: [{key, value, origin}]}`
QJsonObject configDocument(std::span<const ConfigValue> values);

enum class OriginColumn { Hidden, Shown };
std::string configText(std::span<const ConfigValue> values, OriginColumn origin);

} // namespace enroll::app::enrollctl
