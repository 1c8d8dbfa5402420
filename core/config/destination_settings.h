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
/// A new kind takes: its struct and its alternative here; keysOf(), "name" and "kind" among them, readSettings(),
/// settingValues() and settingFiles() in destination_settings.cpp, where its word leaves kLaterKinds, and its keys the list of
/// those that come later, if they are there; a room in db that implements delivery::Destination, with its row in
/// db/README.md and its name in db/CMakeLists.txt and tests/db/CMakeLists.txt; its arm in app/wiring/destinations.cpp,
/// which opens it, and the link beside it; a [[destination]] of its own in resources/station.toml. Without its functions and its arm it does not compile;
/// without its keys in the sample tst_station_config fails.
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
