#pragma once

#include "core/enrollment/enrollment_settings.h"
#include "core/enrollment/twin_value.h"

namespace enroll::enrollment {

/// What a profile puts into the enrollment of each of its devices.
struct EnrollmentTemplate {
    TextPattern deviceId; ///< empty: the service uses the registration id
    TwinObject tags;
    TwinObject desiredProperties;
    EnrollmentSettings settings; ///< the same for every device; its twinJson is absent: tags and properties make it
    bool operator==(const EnrollmentTemplate&) const = default;
};

/// The device id for one device; empty where the template names none. Error S-338 if a part that the device brings, such
/// as a serial number with a space, makes it one that no hub takes.
Result<std::string> deviceIdFor(const EnrollmentTemplate& enrollment, const DeviceWords& words);

/// The settings for one device, its twin included.
EnrollmentSettings settingsFor(const EnrollmentTemplate& enrollment, const DeviceWords& words);

} // namespace enroll::enrollment
