#include "core/base/bytes.h"
#include "core/base/station_code.h"
#include "core/config/station_config.h"
#include "core/transport/device_address.h"

#include <cstdlib>

/// A configuration is refused with its place in the file, or every value of it is in its range.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    const auto config = config::parseStationConfig(asText(std::as_bytes(std::span{data, size})), "/etc/s.toml");
    if (!config.ok()) {
        const auto& error = config.error();
        return error.code == StationCode::ConfigurationInvalid && error.what.starts_with("/etc/s.toml")
                   ? 0
                   : (std::abort(), 0);
    }
    if (!(config->viewingDistanceMetres >= 0.3 && config->viewingDistanceMetres <= 5.0) ||
        config->stationId.text().empty()) {
        std::abort();
    }
    for (const auto& slot : config->slots) {
        if (slot.number < 1 || !transport::parseDeviceAddress(slot.device).ok()) {
            std::abort();
        }
    }
    for (const auto& destination : config->destinations) {
        const auto* dps = std::get_if<config::DpsSettings>(&destination.settings);
        if (dps != nullptr && (dps->connectionStringFile.empty() || dps->maxOperationsPerMinute < 1)) {
            std::abort();
        }
    }
    return 0;
}
