#pragma once

#include "app/enrollctl/output.h"
#include "core/attestation/device_tpm.h"
#include "core/config/station_config.h"
#include "core/crypto/trust_store.h"
#include "core/enrollment/attestation_run.h"
#include "core/transport/device_address.h"

#include <memory>
#include <stop_token>

namespace enroll::app::enrollctl {

/// What stands before or after any command's own options.
struct GlobalOptions {
    std::optional<std::filesystem::path> config;
    std::optional<std::filesystem::path> data;
    std::optional<std::filesystem::path> profile;
};

/// What every command is given.
struct Context {
    GlobalOptions options;
    Output& output;
    std::stop_token stop; ///< asked by the first SIGINT or SIGTERM
};

/// The configuration that holds for this command. Error S-330.
Result<config::StationConfig> loadStation(const Context& context);

/// The product profile: --profile, else the configuration's, else the shipped "production". Error S-330.
Result<enrollment::ProductProfile> loadProductProfile(const config::StationConfig& station);

/// The trust anchors of a data directory. Error S-332 naming the file that cannot be used.
Result<crypto::TrustStore> loadTrust(const config::StationConfig& station);
std::filesystem::path trustDirectory(const config::StationConfig& station);

/// Names of the destinations a record is queued for; "default" where none is configured.
std::vector<enrollment::DestinationName> destinationNames(const config::StationConfig& station);
inline constexpr const char* kDefaultDestination = "default";

/// Where shipped profiles are: ENROLL_PROFILES, else beside the installed program, else the source tree's.
std::filesystem::path shippedProfileDirectory();

/// The address if it can be parsed and the profile allows its transport. Error S-331 saying which are allowed.
Result<transport::DeviceAddress> requireAllowedAddress(const std::string& text,
                                                       const enrollment::ProductProfile& profile);

/// The TPM at an address with the profile's deadlines. Nothing is opened.
std::unique_ptr<attestation::DeviceTpm> makeDeviceTpm(const transport::DeviceAddress& address,
                                                      const enrollment::ProductProfile& profile,
                                                      const std::stop_token& stop);

/// The version and build that go into run documents.
enrollment::SoftwareStamp softwareStamp();

} // namespace enroll::app::enrollctl
