#pragma once

#include "core/base/result.h"
#include "core/enrollment/ids.h"

#include <filesystem>
#include <map>
#include <optional>
#include <vector>

namespace enroll::config {

struct SlotConfig {
    int number = 0;
    std::string device; ///< device address, parsed by whoever opens it
    bool operator==(const SlotConfig&) const = default;
};

enum class DestinationKind { Dps, Postgres, File };

struct DestinationConfig {
    enrollment::DestinationName name;
    DestinationKind kind = DestinationKind::Dps;
    std::filesystem::path connectionStringFile; ///< dps
    std::filesystem::path caFile;               ///< dps; empty: the system's authorities
    int maxOperationsPerMinute = 900;
    bool operator==(const DestinationConfig&) const = default;
};

/// The station's configuration, every value resolved.
struct StationConfig {
    enrollment::StationId stationId{"station"};
    std::string site;
    std::string line;
    std::filesystem::path dataDirectory;
    std::string locale; ///< "de", "pt_BR"; empty: as the system is set
    double viewingDistanceMetres = 1.0;
    std::filesystem::path profile; ///< file; empty: the production profile
    std::vector<SlotConfig> slots; ///< by number
    std::vector<DestinationConfig> destinations;
    std::map<std::string, std::string>
        origins; ///< "station.id" -> "/etc/…/station.toml:3", "default", "command line", "environment"
};

/// Where values may come from, strongest first: command line, environment (ENROLL_DATA, ENROLL_CONFIG), files,
/// defaults.
struct ConfigSources {
    std::optional<std::filesystem::path> file;                     ///< --config
    std::optional<std::filesystem::path> dataDirectory;            ///< --data
    std::optional<std::filesystem::path> profile;                  ///< --profile
    std::filesystem::path systemDirectory = "/etc/enroll-station"; ///< of station.toml and conf.d/*.toml
};

/// Reads and checks everything. Without --config: station.toml and conf.d/*.toml of the system directory, where they
/// exist. Relative paths in a file are relative to that file; a profile without a slash and without ".toml" stays the
/// name of a shipped one. Error S-330 with file, line and, for an unknown key, the nearest valid one; also for what is
/// there and cannot be read.
Result<StationConfig> loadStationConfig(const ConfigSources& sources);

/// The same from a text, for tests and `config check`. \p origin names the text in errors.
Result<StationConfig> parseStationConfig(std::string_view text, const std::string& origin);

} // namespace enroll::config
