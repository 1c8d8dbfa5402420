#pragma once

#include "core/base/clock.h"
#include "core/enrollment/ids.h"

#include <optional>
#include <string>

namespace enroll::provisioning {

/// "unassigned", "assigning", "assigned", "failed", "disabled".
enum class RegistrationStatus { Unassigned, Assigning, Assigned, Failed, Disabled };
std::string_view registrationStatusText(RegistrationStatus status) noexcept;
std::optional<RegistrationStatus> registrationStatusFromText(std::string_view text) noexcept;

/// What became of the device's data in the last assignment. "initialAssignment", "deviceDataMigrated",
/// "deviceDataReset", "reprovisionedToInitialAssignment".
enum class RegistrationSubstatus {
    InitialAssignment,
    DeviceDataMigrated,
    DeviceDataReset,
    ReprovisionedToInitialAssignment ///< registered again and stayed at its hub
};
std::string_view registrationSubstatusText(RegistrationSubstatus substatus) noexcept;
std::optional<RegistrationSubstatus> registrationSubstatusFromText(std::string_view text) noexcept;

/// The registration state of a device: the hub that it was assigned to, or why it was not.
/// Source: DPS REST specification, service API 2021-10-01, "DeviceRegistrationState".
struct RegistrationState {
    enrollment::RegistrationId registrationId;
    RegistrationStatus status = RegistrationStatus::Unassigned;
    std::optional<RegistrationSubstatus> substatus;
    std::string assignedHub; ///< empty unless assigned
    std::string deviceId;    ///< empty unless assigned
    UtcTime createdAt{};
    UtcTime updatedAt{};
    std::string etag;
    int errorCode = 0; ///< HTTP status * 1000 + number; 0 unless failed
    std::string errorMessage;
    bool operator==(const RegistrationState&) const = default;
};

} // namespace enroll::provisioning
