#include "core/provisioning/allocation.h"

#include "core/crypto/digest.h"
#include "core/enrollment/registration_id.h"

namespace enroll::provisioning {
namespace {

std::vector<std::string> candidateHubs(const IndividualEnrollment& enrollment,
                                       const std::vector<std::string>& serviceHubs)
{
    if (!enrollment.iotHubs.empty()) {
        return enrollment.iotHubs;
    }
    if (!enrollment.iotHubHostName.empty()) {
        return {enrollment.iotHubHostName};
    }
    return serviceHubs;
}

/// Rendezvous hashing: each hub gets a score for this device, and the highest wins.
Result<std::string> highestScore(const enrollment::RegistrationId& id, const std::vector<std::string>& hubs)
{
    const auto key = enrollment::registrationKey(id);
    std::string chosen;
    Bytes best;
    for (const auto& hub : hubs) {
        TRY_ASSIGN(auto score, crypto::sha256({asBytes(key), asBytes("\n"), asBytes(hub)}));
        if (chosen.empty() || score > best) {
            chosen = hub;
            best = std::move(score);
        }
    }
    return chosen;
}

} // namespace

ServiceResult<std::string> chooseHub(const IndividualEnrollment& enrollment,
                                     const std::vector<std::string>& serviceHubs)
{
    const auto policy = enrollment.allocationPolicy.value_or(AllocationPolicy::Hashed);
    if (policy == AllocationPolicy::Custom) {
        return ServiceError{ServiceErrorCode::AllocationNotOffered,
                            "This service calls no web hook; use hashed, geoLatency or static."};
    }
    const auto hubs = candidateHubs(enrollment, serviceHubs);
    if (hubs.empty()) {
        return ServiceError{ServiceErrorCode::NoLinkedHub};
    }
    if (policy == AllocationPolicy::Static) {
        return hubs.front();
    }
    TRY_ASSIGN(auto hub, highestScore(enrollment.registrationId, hubs));
    return hub;
}

} // namespace enroll::provisioning
