#include "app/wiring/station_files.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/config/profile_file.h"
#include "core/system/durable_file.h"
#include "core/system/whole_file.h"
#include "db/trust/current_trust.h"

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

/// What is installed with the program, else the source tree's.
fs::path shippedFiles()
{
    const auto installed = programDirectory().parent_path() / "share/enroll-station";
    std::error_code ignored;
    return fs::is_directory(installed / "profiles", ignored) ? installed : fs::path{ENROLL_RESOURCES};
}

} // namespace

fs::path shippedProfileDirectory()
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets it while the program runs
    if (const char* given = std::getenv("ENROLL_PROFILES"); given != nullptr && *given != '\0') {
        return given;
    }
    return shippedFiles() / "profiles";
}

fs::path shippedConfiguration()
{
    return shippedFiles() / "station.toml";
}

Result<void> writeSampleConfiguration(const fs::path& file)
{
    constexpr std::size_t kMostBytes = 65536;
    if (!file.has_filename()) {
        return makeError(StationCode::FileUnusable, file.string() + " names a directory: name a file in it");
    }
    TRY_ASSIGN(const auto sample, system::readWholeFile(shippedConfiguration(), kMostBytes));
    std::error_code fault;
    fs::create_directories(file.parent_path(), fault);
    if (fault && file.has_parent_path()) {
        return makeError(StationCode::FileUnusable, file.parent_path().string() + " cannot be made: " + fault.message(),
                         "create a directory", Errno{fault.value()});
    }
    TRY_ASSIGN(const bool written, system::writeToFreeName(file, sample, system::FileMode::AnyReader));
    if (!written) {
        return makeError(StationCode::FileUnusable,
                         file.string() + " is there already, and stays as it is: change it, or name another file with "
                                         "--config");
    }
    return {};
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

Result<crypto::TrustStore> loadTrust(const config::StationConfig& station, const enrollment::ProductProfile& profile,
                                     const std::stop_token& stop)
{
    db::trust::CurrentTrust trust{trustDirectory(station), profile.trustSets};
    TRY_ASSIGN(const auto now, trust.now(stop));
    return now->store;
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

} // namespace enroll::app::wiring
