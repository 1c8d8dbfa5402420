#include "app/wiring/device.h"

#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/tpm/esys_device_tpm.h"

#include <algorithm>

namespace enroll::app::wiring {

Result<transport::DeviceAddress> requireAllowedAddress(const std::string& text,
                                                       const enrollment::ProductProfile& profile)
{
    TRY_ASSIGN(auto address, transport::parseDeviceAddress(text));
    const auto& allowed = profile.allowedTransports;
    if (!allowed.empty() && std::ranges::find(allowed, transport::schemeOf(address)) == allowed.end()) {
        return makeError(StationCode::UsageInvalid, "device " + text + ": the profile \"" + profile.stamp.name +
                                                        "\" allows " + joined(allowed, "://, ") + ":// only");
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

} // namespace enroll::app::wiring
