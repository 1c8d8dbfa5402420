#pragma once

#include "core/base/result.h"
#include "core/config/destination_settings.h"
#include "core/config/security_settings.h"
#include "core/enrollment/ids.h"
#include "core/enrollment/pairing_rule.h"
#include "core/enrollment/scanner_settings.h"
#include "core/enrollment/start_rule.h"
#include "core/transport/agent_files.h"

#include <filesystem>
#include <map>
#include <optional>
#include <vector>

namespace enroll::config {

struct SlotConfig {
    int number = 0;
    std::string device; ///< device address as text; parsed again where it is opened
    bool operator==(const SlotConfig&) const = default;
};

/// What the station tells by ear.
struct SoundSettings {
    bool fail = true;      ///< a device failed, a scan was refused
    bool attention = true; ///< a slot or the station needs a person
    int volume = 60;       ///< percent; 0: none is heard
    bool operator==(const SoundSettings&) const = default;
};

struct DestinationConfig {
    enrollment::DestinationName name;
    DestinationSettings settings;
    std::map<std::string, std::string> places = {}; ///< "ca_file" -> "/etc/…/station.toml:9", for the keys that are set
    bool operator==(const DestinationConfig&) const = default;
};

/// The origin of a value that nobody set.
inline constexpr auto kDefaultOrigin = "default";

/// A file as it was read: whoever changes it later changes nothing of what was taken from it.
struct FileRead {
    std::filesystem::path file;
    std::string sha256; ///< hex, of its bytes
    bool operator==(const FileRead&) const = default;
};

/// The station's configuration with every value resolved, and for each where it came from.
struct StationConfig {
    std::filesystem::path file;           ///< where a key that is missing belongs
    std::vector<FileRead> filesRead = {}; ///< the files that these values come from
    enrollment::StationId stationId{"station"};
    std::string site;
    std::string line;
    std::filesystem::path dataDirectory;
    std::string locale; ///< "de", "pt_BR"; empty: as the system is set
    double viewingDistanceMetres = 1.0;
    std::optional<double> screenWidthMillimetres; ///< absent: what the screen says of itself
    std::filesystem::path profile;                ///< file; empty: the production profile
    /// Not Insert unless the file says so: an address alone does not tell a slot whose devices come and go from one whose
    /// device is always there, and in the latter no device would ever appear.
    enrollment::PairingRule pairing = enrollment::PairingRule::NextSlot;
    enrollment::StartRule start = enrollment::StartRule::Key;
    bool requireOperator = false; ///< no test without a person; scanner.patterns has "operator" then
    bool requireBatch = false;    ///< no test without a work order; scanner.patterns has "batch" then
    enrollment::ScannerSettings scanner;
    SoundSettings sounds;
    SecuritySettings security;
    transport::AgentFiles agent;   ///< of this station; needed where a slot has a device at tls:// or ssh://
    std::vector<SlotConfig> slots; ///< by number
    std::vector<DestinationConfig> destinations;
    std::map<std::string, std::string>
        origins; ///< "station.id" -> "/etc/…/station.toml:3", "default", "command line", "environment"
};

/// Every key of this version's file, with its section: "schema", "station.id", "slot.number", "destination.ca_file". What
/// resources/station.toml, the sample, has to show.
std::vector<std::string> stationConfigKeys();

/// What the command line says. A value is taken from the first of these that has it: command line, environment
/// (ENROLL_DATA, ENROLL_CONFIG), files, defaults.
struct ConfigSources {
    std::optional<std::filesystem::path> file;                     ///< --config
    std::optional<std::filesystem::path> dataDirectory;            ///< --data
    std::optional<std::filesystem::path> profile;                  ///< --profile
    std::filesystem::path systemDirectory = "/etc/enroll-station"; ///< of station.toml and conf.d/*.toml
};

/// The file that \p sources name, else station.toml of the system directory: where a key that is missing belongs, also if
/// there is no such file yet.
std::filesystem::path configurationFile(const ConfigSources& sources);
/// True if the command line or the environment names that file: it has to be there, and no other is read.
bool isConfigurationNamed(const ConfigSources& sources);

/// Reads and checks the configuration.
///
/// The file is --config or ENROLL_CONFIG; without both, station.toml and then conf.d/*.toml of the system directory, as
/// far as they exist; a later file overrides an earlier one. A relative path in a file is relative to that file's
/// directory. A profile without a slash and without ".toml" is the name of a shipped one.
/// \par Errors   S-330 with file, line and, for an unknown key, the nearest known one; also if a file exists and cannot
///               be read
Result<StationConfig> loadStationConfig(const ConfigSources& sources);

/// The files that \p config was read from and those that it names: profile, connection strings, authorities, keys. A program
/// that writes over one of them takes the station out of service.
std::vector<std::filesystem::path> filesInUse(const StationConfig& config);

/// Reads one configuration text, for tests and `config check`. \p origin names the text in errors.
Result<StationConfig> parseStationConfig(std::string_view text, const std::string& origin);

} // namespace enroll::config
