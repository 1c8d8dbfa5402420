#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace enroll::config {

/// A provisioning service that speaks the DPS protocol.
struct DpsSettings {
    static constexpr std::string_view kKind = "dps";
    std::filesystem::path connectionStringFile;
    std::filesystem::path caFile; ///< empty: the system's authorities
    int maxOperationsPerMinute = 900;
    bool operator==(const DpsSettings&) const = default;
};

/// What a [[destination]] holds beside its name: one alternative a kind. `kKind` is the kind's word in the file; the
/// first alternative is meant where the file says no kind.
///
/// A new kind takes a room in db that implements delivery::Destination, with its tests, and a change of six files:
/// - destination_settings.h: its struct and its alternative;
/// - destination_settings.cpp: keysOf(), "name" and "kind" among them, readSettings(), settingValues() and settingFiles();
///   its word leaves kLaterKinds, and its keys leave the list of those that come later, if they are there (and the rows of
///   tst_station_config that refuse them);
/// - db/README.md: the row of the room;
/// - db/CMakeLists.txt: the room, and its library in db_destinations;
/// - app/wiring/destinations.cpp: the arm that opens it;
/// - resources/station.toml: a [[destination]] of its own.
///
/// A kind without its functions or its arm does not compile; a kind whose keys the sample lacks fails tst_station_config.
using DestinationSettings = std::variant<DpsSettings>;

/// "dps".
std::string_view kindOf(const DestinationSettings& settings) noexcept;

struct DestinationValue {
    std::string key; ///< as in the file: "ca_file"
    std::string value;
    bool operator==(const DestinationValue&) const = default;
};

/// Every value of the kind's own, in the order of the configuration file.
std::vector<DestinationValue> valuesOf(const DestinationSettings& settings);

/// The files that the settings name; an empty path for each that is not set.
std::vector<std::filesystem::path> filesOf(const DestinationSettings& settings);

} // namespace enroll::config
