#pragma once

#include "app/enrollctl/commands.h"
#include "app/enrollctl/run_text.h"
#include "app/enrollctl/step_printer.h"
#include "app/wiring/device.h"
#include "core/enrollment/enroll_device.h"

namespace enroll::app::enrollctl {

/// The options of `attest` and `enroll` that describe the device.
struct DeviceRunOptions {
    std::string device;
    std::optional<std::string> serial;
    int slot = 0;
    std::string batch;
    std::string operatorId;
};

/// A run whose inputs were all checked: whatever fails from here on is the device, the journal or the station.
struct PreparedRun {
    config::StationConfig station;
    wiring::AllowedAddress address;
    enrollment::EnrollmentOrder order;
};

/// Reads configuration, profile and trust anchors, and checks address and serial number against them. Opens no device
/// and no journal. Errors S-330, S-331, S-333 or S-337, B-601.
Result<PreparedRun> prepareDeviceRun(const DeviceRunOptions& options, const Context& context);

/// Writes the run as text or as the run document. Returns the exit code for its outcome.
ExitCode showRun(const enrollment::AttestationRun& run, Context& context, Kept kept);

} // namespace enroll::app::enrollctl
