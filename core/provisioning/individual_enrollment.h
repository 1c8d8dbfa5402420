#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/enrollment/enrollment_settings.h"
#include "core/enrollment/ids.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enroll::provisioning {

/// Whether the device may register. "enabled", "disabled".
enum class ProvisioningStatus { Enabled, Disabled };
std::string_view provisioningStatusText(ProvisioningStatus status) noexcept;

using enrollment::AllocationPolicy;
using enrollment::allocationPolicyText;
using enrollment::ReprovisionPolicy;

/// The keys by which a TPM proves who it is.
struct TpmAttestation {
    Bytes endorsementKey;                ///< TPM2B_PUBLIC, size prefix included
    std::optional<Bytes> storageRootKey; ///< TPM2B_PUBLIC; the service never compares it
    bool operator==(const TpmAttestation&) const = default;
};

struct CustomAllocationDefinition {
    std::string webhookUrl;
    std::string apiVersion;
    bool operator==(const CustomAllocationDefinition&) const = default;
};

/// One entry of the provisioning service's enrollment list: the settings of the device, and whose they are.
/// Source: DPS REST specification, service API 2026-11-01, "IndividualEnrollment".
struct IndividualEnrollment : enrollment::EnrollmentSettings {
    enrollment::RegistrationId registrationId; ///< in the letter case it was given
    std::string deviceId;                      ///< empty: the service uses the registration id
    TpmAttestation attestation;
    std::string iotHubHostName; ///< legacy; empty if absent
    ProvisioningStatus provisioningStatus = ProvisioningStatus::Enabled;
    std::optional<CustomAllocationDefinition> customAllocation;
    std::optional<std::string> deviceInformationJson; ///< optionalDeviceInformation: a JSON object, kept as it came
    std::string etag;                                 ///< quotes included, as in If-Match; empty if never stored
    std::optional<UtcTime> createdAt;                 ///< read-only at the service
    std::optional<UtcTime> updatedAt;                 ///< read-only at the service
    bool operator==(const IndividualEnrollment&) const = default;
};

/// What a bulk call does with its enrollments. "create", "update", "updateIfMatchETag", "delete".
enum class BulkMode { Create, Update, UpdateIfMatchEtag, Delete };
std::string_view bulkModeText(BulkMode mode) noexcept;
/// Without regard to letter case: client libraries write both "updateIfMatchETag" and "updateIfMatchEtag".
std::optional<BulkMode> bulkModeFromText(std::string_view text) noexcept;

/// Most enrollments one bulk call may carry. Source: DPS REST specification, "BulkEnrollmentOperation".
inline constexpr std::size_t kMostBulkEnrollments = 10;

struct BulkEnrollmentOperation {
    BulkMode mode = BulkMode::Create;
    std::vector<IndividualEnrollment> enrollments;
    bool operator==(const BulkEnrollmentOperation&) const = default;
};

/// Why one enrollment of a bulk call was refused.
struct BulkEnrollmentError {
    enrollment::RegistrationId registrationId;
    int errorCode = 0; ///< HTTP status * 1000 + number
    std::string errorStatus;
    bool operator==(const BulkEnrollmentError&) const = default;
};

struct BulkEnrollmentResult {
    bool isSuccessful = true;
    std::vector<BulkEnrollmentError> errors;
    bool operator==(const BulkEnrollmentResult&) const = default;
};

} // namespace enroll::provisioning
