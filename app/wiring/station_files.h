#pragma once

#include "core/config/station_config.h"
#include "core/crypto/trust_store.h"
#include "core/enrollment/product_profile.h"
#include "db/journal/journal_options.h"

#include <filesystem>
#include <stop_token>
#include <vector>

namespace enroll::app::wiring {

/// Where shipped profiles are: ENROLL_PROFILES, else beside the installed program, else the source tree's.
std::filesystem::path shippedProfileDirectory();

/// The sample of a configuration with every key, each commented out: beside the profiles of the program or the source tree.
std::filesystem::path shippedConfiguration();
/// Writes that sample as \p file, and makes its folder. It says no more than the defaults. Error S-333 naming what hinders:
/// \p file is there already, and stays as it is; or it cannot be written.
Result<void> writeSampleConfiguration(const std::filesystem::path& file);

/// The file or the shipped name of the product profile: what the configuration or --profile says, else "production".
std::filesystem::path productProfile(const config::StationConfig& station);
/// The profile itself. Error S-330 naming where it is chosen.
Result<enrollment::ProductProfile> loadProductProfile(const config::StationConfig& station);

/// The authorities that count for \p profile: those of the sets it names, with what is revoked. A change that another program
/// is making is waited for. Errors as db::trust::CurrentTrust::now().
Result<crypto::TrustStore> loadTrust(const config::StationConfig& station, const enrollment::ProductProfile& profile,
                                     const std::stop_token& stop = {});
/// Where the sets of authorities are.
std::filesystem::path trustDirectory(const config::StationConfig& station);

/// Names of the destinations a record is queued for. None where none is configured: a destination that is configured
/// later takes what was recorded before.
std::vector<enrollment::DestinationName> destinationNames(const config::StationConfig& station);

/// Where the station's journal is, and for which destinations it queues new records: those of destinationNames().
db::journal::JournalOptions journalOptions(const config::StationConfig& station);

} // namespace enroll::app::wiring
