#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enroll::enrollment {

/// How a hub is chosen. "hashed", "geoLatency", "static", "custom".
enum class AllocationPolicy { Hashed, GeoLatency, Static, Custom };
std::string_view allocationPolicyText(AllocationPolicy policy) noexcept;

/// What happens to the device's data and hub when it registers again.
struct ReprovisionPolicy {
    bool updateHubAssignment = true;
    bool migrateDeviceData = true;
    bool operator==(const ReprovisionPolicy&) const = default;
};

/// What an entry of a provisioning service's enrollment list says of a device beside its names and its key.
///
/// Absent members stay absent when the entry is sent on: the service has defaults of its own for them.
/// Source: DPS REST specification, service API 2026-11-01, "IndividualEnrollment".
struct EnrollmentSettings {
    std::optional<bool> iotEdge;         ///< capabilities.iotEdge
    std::optional<std::string> twinJson; ///< initialTwin: a JSON object
    std::optional<ReprovisionPolicy> reprovisionPolicy;
    std::optional<AllocationPolicy> allocationPolicy;
    std::vector<std::string> iotHubs;
    // The three below: service API 2026-11-01. Empty if absent.
    std::string namespaceName;
    std::string certificateAuthorityName;
    std::string certificatePolicyName;
    bool operator==(const EnrollmentSettings&) const = default;
};

/// True if a service whose API is older than 2026-11-01 does not know all of \p settings.
bool needApiOf2026(const EnrollmentSettings& settings) noexcept;

} // namespace enroll::enrollment
