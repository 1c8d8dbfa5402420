#pragma once

#include "app/enrollctl/commands.h"
#include "app/enrollctl/step_printer.h"
#include "app/wiring/device.h"
#include "core/enrollment/enroll_device.h"

namespace enroll::app::enrollctl {

/// What `attest` and `enroll` are told about the device.
struct DeviceRunOptions {
    std::string device;
    std::optional<std::string> serial;
    int slot = 0;
    std::string batch;
    std::string operatorId;
};

/// Everything that could be refused without opening anything was looked at.
struct PreparedRun {
    config::StationConfig station;
    wiring::AllowedAddress address;
    enrollment::EnrollmentOrder order;
};

/// Reads configuration, profile and trust anchors and checks address and serial number by them.
/// Errors S-330, S-331, S-332, B-601: nothing was opened.
Result<PreparedRun> prepareDeviceRun(const DeviceRunOptions& options, const Context& context);

/// Writes the run as text or as the run document; the exit code is the outcome's.
ExitCode showRun(const enrollment::AttestationRun& run, Context& context);

} // namespace enroll::app::enrollctl
