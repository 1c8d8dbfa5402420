#include "app/wiring/station_files.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/config/profile_file.h"
#include "db/trust/trust_directory.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace enroll::app::wiring {
namespace {

namespace fs = std::filesystem;

fs::path programDirectory()
{
    std::error_code ignored;
    return fs::read_symlink("/proc/self/exe", ignored).parent_path();
}

} // namespace

fs::path shippedProfileDirectory()
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets it while the program runs
    if (const char* given = std::getenv("ENROLL_PROFILES"); given != nullptr && *given != '\0') {
        return given;
    }
    const auto installed = programDirectory().parent_path() / "share/enroll-station/profiles";
    std::error_code ignored;
    return fs::is_directory(installed, ignored) ? installed : fs::path{ENROLL_PROFILE_DIR};
}

fs::path productProfile(const config::StationConfig& station)
{
    return station.profile.empty() ? fs::path{"production"} : station.profile;
}

Result<enrollment::ProductProfile> loadProductProfile(const config::StationConfig& station)
{
    auto profile = config::loadProfile(productProfile(station), shippedProfileDirectory());
    const auto origin = station.origins.find("station.profile");
    const bool chosen = origin != station.origins.end() && origin->second != "default";
    return chosen ? prefixed(origin->second + ": station.profile: ", std::move(profile)) : std::move(profile);
}

fs::path trustDirectory(const config::StationConfig& station)
{
    return station.dataDirectory / "trust";
}

Result<crypto::TrustStore> loadTrust(const config::StationConfig& station, const enrollment::ProductProfile& profile)
{
    return db::trust::loadTrustStore(trustDirectory(station), profile.trustSets);
}

Result<std::optional<UtcTime>> newestTrust(const config::StationConfig& station,
                                           const enrollment::ProductProfile& profile)
{
    return db::trust::newestImport(trustDirectory(station), profile.trustSets);
}

std::vector<enrollment::DestinationName> destinationNames(const config::StationConfig& station)
{
    std::vector<enrollment::DestinationName> names;
    std::ranges::transform(station.destinations, std::back_inserter(names), &config::DestinationConfig::name);
    return names;
}

db::journal::JournalOptions journalOptions(const config::StationConfig& station)
{
    return {.dataDirectory = station.dataDirectory, .destinations = destinationNames(station)};
}

Result<void> requireUsableScanner(const config::StationConfig& station, const enrollment::ProductProfile& profile)
{
    if (station.scanner.end == enrollment::ScanEnd::Silence && profile.serialPattern.text().empty()) {
        return makeError(StationCode::ConfigurationInvalid,
                         station.origins.at("scanner.suffix") +
                             ": scanner.suffix is \"none\", and the profile has no serial_pattern, so that two codes "
                             "scanned at once would pass for one: set the scanner to end its codes with Return, or "
                             "describe the serial number in the profile");
    }
    return {};
}

} // namespace enroll::app::wiring
