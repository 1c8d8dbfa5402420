#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/enrollment/ids.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enroll::provisioning {

/// Whether the device may register. "enabled", "disabled".
enum class ProvisioningStatus { Enabled, Disabled };
std::string_view provisioningStatusText(ProvisioningStatus status) noexcept;

/// How a hub is chosen. "hashed", "geoLatency", "static", "custom".
enum class AllocationPolicy { Hashed, GeoLatency, Static, Custom };
std::string_view allocationPolicyText(AllocationPolicy policy) noexcept;

/// The keys by which a TPM proves who it is.
struct TpmAttestation {
    Bytes endorsementKey;                ///< TPM2B_PUBLIC, size prefix included
    std::optional<Bytes> storageRootKey; ///< TPM2B_PUBLIC; the service never compares it
    bool operator==(const TpmAttestation&) const = default;
};

/// What happens to the device's data and hub when it registers again.
struct ReprovisionPolicy {
    bool updateHubAssignment = true;
    bool migrateDeviceData = true;
    bool operator==(const ReprovisionPolicy&) const = default;
};

struct CustomAllocationDefinition {
    std::string webhookUrl;
    std::string apiVersion;
    bool operator==(const CustomAllocationDefinition&) const = default;
};

/// One entry of the provisioning service's enrollment list.
///
/// Absent members stay absent when the entry is sent on: the service has defaults of its own for them.
/// Source: DPS REST specification, service API 2021-10-01, "IndividualEnrollment".
struct IndividualEnrollment {
    enrollment::RegistrationId registrationId; ///< in the letter case it was given
    std::string deviceId;                      ///< empty: the service uses the registration id
    TpmAttestation attestation;
    std::optional<bool> iotEdge;         ///< capabilities.iotEdge
    std::string iotHubHostName;          ///< legacy; empty if absent
    std::optional<std::string> twinJson; ///< initialTwin: a JSON object, kept as it came
    ProvisioningStatus provisioningStatus = ProvisioningStatus::Enabled;
    std::optional<ReprovisionPolicy> reprovisionPolicy;
    std::optional<AllocationPolicy> allocationPolicy;
    std::vector<std::string> iotHubs;
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
