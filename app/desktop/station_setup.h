#pragma once

#include "app/desktop/station_self_check.h"
#include "core/config/station_config.h"
#include "core/enrollment/product_profile.h"
#include "db/duty/duty_file.h"
#include "db/slot_memory/slot_memory_file.h"
#include "db/trust/current_trust.h"
#include "ui/run/run_controller.h"
#include "ui/run/run_screen.h"

namespace enroll::app::desktop {

/// Everything that is read from files before the window is made.
struct StationSetup {
    config::StationConfig config;
    enrollment::ProductProfile profile;
    std::shared_ptr<db::trust::CurrentTrust> trust; ///< whom the devices' certificates are judged by
    station::ScanRouter scans;
    /// What the slots showed last. As long as it lives no other program opens the station.
    std::shared_ptr<db::slot_memory::SlotMemoryFile> memory = {};
    std::shared_ptr<db::duty::DutyFile> duty = {}; ///< the work order that was taken last, and wrong PINs
    station::DeviceTpmFactory tpm = {};            ///< opens the TPM in a slot, by ESYS
    StationSelfCheck::Check selfCheck = {};
};

/// Reads configuration, profile and trust anchors, and checks every slot's address against the profile. No device is
/// opened.
/// What was kept of slots that are not configured any more is logged and dropped; why it could not be read is logged.
/// Errors S-330 (also: no slot is configured, an address that cannot be used), S-347 or S-348 (trust anchors), S-302
/// (another enroll-station has the data directory open).
Result<StationSetup> loadStationSetup(const config::ConfigSources& sources);

/// The file that a station without any configuration lacks; none if there is one, good or bad.
std::optional<std::filesystem::path> missingConfiguration(const config::ConfigSources& sources);

/// The settings and factories for the slots: SQLite behind the journal ports, ESYS behind DeviceTpm. \p acts keeps who did
/// what; none: nobody does.
ui::RunSetup runSetupOf(const StationSetup& setup, std::shared_ptr<station::ActLog> acts = {});

ui::StationIdentity identityOf(const StationSetup& setup);

} // namespace enroll::app::desktop
