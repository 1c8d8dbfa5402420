#include "core/provisioning/enrollment_names.h"

#include "core/base/host_text.h"
#include "core/enrollment/cloud_names.h"

#include <algorithm>

namespace enroll::provisioning {

using enrollment::isDeviceId;

namespace {

ServiceError unusable(const char* member, const char* why)
{
    return {ServiceErrorCode::RequestMalformed, std::string{member} + ": " + why};
}

} // namespace

ServiceResult<void> requireUsableNames(const IndividualEnrollment& enrollment)
{
    if (!enrollment.deviceId.empty() && !isDeviceId(enrollment.deviceId)) {
        return unusable("deviceId", "is not 1 to 128 letters, digits and -.%_#*?!(),:=@$'");
    }
    if (!std::ranges::all_of(enrollment.iotHubs, [](const auto& hub) { return isHostName(hub); })) {
        return unusable("iotHubs", "contains an entry that is not a host name");
    }
    if (!enrollment.iotHubHostName.empty() && !isHostName(enrollment.iotHubHostName)) {
        return unusable("iotHubHostName", "is not a host name");
    }
    return {};
}

} // namespace enroll::provisioning
