#include "app/enrollctl/context.h"

#include "core/config/profile_file.h"
#include "core/tpm/esys_device_tpm.h"

#include <algorithm>
#include <cstdlib>

namespace enroll::app::enrollctl {
namespace {

namespace fs = std::filesystem;

fs::path programDirectory()
{
    std::error_code ignored;
    return fs::read_symlink("/proc/self/exe", ignored).parent_path();
}

std::string joined(std::span<const std::string> words)
{
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : ", ") + word + "://";
    }
    return text;
}

} // namespace

Result<config::StationConfig> loadStation(const Context& context)
{
    return config::loadStationConfig({context.options.config, context.options.data, context.options.profile});
}

Result<enrollment::ProductProfile> loadProductProfile(const config::StationConfig& station)
{
    return config::loadProfile(station.profile.empty() ? fs::path{"production"} : station.profile,
                               shippedProfileDirectory());
}

fs::path trustDirectory(const config::StationConfig& station)
{
    return station.dataDirectory / "trust";
}

Result<crypto::TrustStore> loadTrust(const config::StationConfig& station)
{
    return crypto::TrustStore::fromDirectory(trustDirectory(station));
}

std::vector<enrollment::DestinationName> destinationNames(const config::StationConfig& station)
{
    std::vector<enrollment::DestinationName> names;
    std::ranges::transform(station.destinations, std::back_inserter(names), &config::DestinationConfig::name);
    if (names.empty()) {
        names.emplace_back(kDefaultDestination);
    }
    return names;
}

fs::path shippedProfileDirectory()
{
    if (const char* given = std::getenv("ENROLL_PROFILES");
        given != nullptr && *given != '\0') { // NOLINT(concurrency-mt-unsafe)
        return given;
    }
    const auto installed = programDirectory().parent_path() / "share/enroll-station/profiles";
    std::error_code ignored;
    return fs::is_directory(installed, ignored) ? installed : fs::path{ENROLL_PROFILE_DIR};
}

Result<transport::DeviceAddress> requireAllowedAddress(const std::string& text,
                                                       const enrollment::ProductProfile& profile)
{
    auto address = TRY(transport::parseDeviceAddress(text));
    const auto& allowed = profile.allowedTransports;
    if (!allowed.empty() && std::ranges::find(allowed, transport::schemeOf(address)) == allowed.end()) {
        return makeError(ErrorCode::UsageInvalid, "--device " + text + ": the profile \"" + profile.stamp.name +
                                                      "\" allows " + joined(allowed) + " only");
    }
    return address;
}

std::unique_ptr<attestation::DeviceTpm> makeDeviceTpm(const transport::DeviceAddress& address,
                                                      const enrollment::ProductProfile& profile,
                                                      const std::stop_token& stop)
{
    tpm::CommandDeadlines deadlines;
    deadlines.normal = profile.commandTimeout;
    deadlines.createKey = profile.createPrimaryTimeout;
    return tpm::makeEsysDeviceTpm(address, deadlines, stop);
}

enrollment::SoftwareStamp softwareStamp()
{
    return {ENROLL_VERSION, ENROLL_BUILD};
}

} // namespace enroll::app::enrollctl
