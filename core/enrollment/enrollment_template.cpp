#include "core/enrollment/enrollment_template.h"

#include "core/base/station_code.h"
#include "core/base/written_text.h"
#include "core/enrollment/cloud_names.h"

namespace enroll::enrollment {

Result<std::string> deviceIdFor(const EnrollmentTemplate& enrollment, const DeviceWords& words)
{
    auto id = enrollment.deviceId.textFor(words);
    if (!enrollment.deviceId.empty() && !isDeviceId(id)) {
        return makeError(StationCode::NameNotAllowed,
                         quotedText(id) + ", made by the profile's device_id " +
                             quotedText(enrollment.deviceId.text()) +
                             ", is no device id: one has 1 to 128 letters, digits and " + std::string{kDeviceIdSigns},
                         "device id");
    }
    return id;
}

/// The members of initialTwin in the order of their names, as everywhere in JSON that the station writes.
EnrollmentSettings settingsFor(const EnrollmentTemplate& enrollment, const DeviceWords& words)
{
    auto settings = enrollment.settings;
    std::string members;
    if (!enrollment.desiredProperties.empty()) {
        members = R"("properties":{"desired":)" + twinJson(enrollment.desiredProperties, words) + "}";
    }
    if (!enrollment.tags.empty()) {
        members += (members.empty() ? "" : ",") + (R"("tags":)" + twinJson(enrollment.tags, words));
    }
    if (!members.empty()) {
        settings.twinJson = "{" + members + "}";
    }
    return settings;
}

} // namespace enroll::enrollment
