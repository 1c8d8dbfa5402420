#pragma once

#include "core/config/station_config.h"
#include "core/crypto/trust_store.h"
#include "core/enrollment/product_profile.h"
#include "ui/run/run_controller.h"
#include "ui/run/run_screen.h"

namespace enroll::app::station {

/// Everything read from files before the first window.
struct StationSetup {
    config::StationConfig config;
    enrollment::ProductProfile profile;
    crypto::TrustStore anchors;
};

/// Reads configuration, profile and trust anchors, and checks every slot's address by the profile. Nothing is opened.
/// Errors S-330 (also: no slot is configured, an address that cannot be used), S-332 (trust anchors).
Result<StationSetup> loadStationSetup(const config::ConfigSources& sources);

/// The concrete adapters behind a slot's ports: SQLite and ESYS.
ui::RunSetup runSetupOf(const StationSetup& setup);

ui::StationIdentity identityOf(const StationSetup& setup);

} // namespace enroll::app::station
