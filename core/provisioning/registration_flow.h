#pragma once

#include "core/provisioning/enrollment_list.h"
#include "core/provisioning/service_error.h"

#include <functional>

namespace enroll::provisioning {

struct FlowSettings {
    std::string idScope;
    std::vector<std::string> hubs;               ///< linked hubs, for enrollments that name none
    std::chrono::seconds challengeLifetime{600}; ///< long enough for a slow TPM and a slow line
};

/// How far a device's clock may be off before its signature counts as expired. Source: the service's .NET library.
inline constexpr std::chrono::minutes kClockSkew{5};

/// The keys a device shows, TPM2B_PUBLIC each.
struct DeviceKeys {
    Bytes endorsementKey;
    Bytes storageRootKey;
};

/// A call of the device API, decoded from its path, header and body.
struct DeviceRequest {
    std::string idScope;
    std::string registrationId;
    std::string authorization;      ///< the header's text; empty if there is none
    std::optional<DeviceKeys> keys; ///< some clients leave them out once they can sign
};

/// What an unsigned call is answered with: only the TPM that holds both keys can read it.
struct Challenge {
    Bytes blob; ///< the six parts of an activation blob
    bool operator==(const Challenge&) const = default;
};

/// Either a challenge, or the operation that a valid answer has begun.
using RegisterAnswer = std::variant<Challenge, RegistrationOperation>;
/// Either a challenge, or what became of the device.
using LookUpAnswer = std::variant<Challenge, RegistrationState>;

/// The device's side of the service: challenge, judgement, assignment.
///
/// Security properties:
/// - a challenge binds the enrolled endorsement key and the storage root key the device showed to one TPM;
/// - an answer is judged by the latest challenge alone, and by the keys stored with it, never by what the body says;
/// - an answer begins one operation, however often it is sent; its outcome is worked out once and stored;
/// - whether an enrollment is disabled is told only to a device that has proved itself;
/// - a device whose enrollment is disabled, has another key or is gone gets no key, however far its operation had got:
///   each call looks at the enrollment of that moment, and an outcome is stored only upon the version it was read in.
/// Holds no state: every decision is the list's, so a restart between two calls, or another instance, changes nothing.
/// \par Source   DPS REST specification, device API; "TPM attestation concepts"
class RegistrationFlow {
public:
    RegistrationFlow(FlowSettings settings, EnrollmentList& list, std::function<UtcTime()> now)
        : m_settings(std::move(settings)), m_list(list), m_now(std::move(now))
    {}

    /// PUT …/register. The operation is assigning, or disabled, or, if the answer came before, where it has got to.
    /// \par Errors   404002 (scope), 400007 (id), 404201, 400001 (no keys), 400004 (endorsement key), 400005, 401002
    ServiceResult<RegisterAnswer> registerDevice(const DeviceRequest& request);

    /// GET …/operations/…: assigns the device unless that has been done. Keys are not looked at.
    /// \par Errors   404002, 400007, 404203, 401000 (unsigned), 401002, 404201, 400004 (the enrollment has changed)
    ServiceResult<RegistrationOperation> queryOperation(const DeviceRequest& request, const std::string& operationId);

    /// POST …/{id}: what became of the device.
    ///
    /// \par Errors   those of registerDevice, 404202 (nothing yet)
    ServiceResult<LookUpAnswer> lookUp(const DeviceRequest& request);

private:
    struct Caller {
        enrollment::RegistrationId id;
        IndividualEnrollment enrollment;
    };

    ServiceResult<Caller> requireCaller(const DeviceRequest& request);
    ServiceResult<IndividualEnrollment> enrolled(const enrollment::RegistrationId& id);
    ServiceResult<Challenge> challenge(const Caller& caller, const DeviceRequest& request);
    ServiceResult<PendingChallenge> requireAnswered(const Caller& caller, const DeviceRequest& request);
    ServiceResult<void> requireSignature(const DeviceRequest& request, ByteView key);
    ServiceResult<RegisterAnswer> begin(const Caller& caller, const PendingChallenge& challenge);
    ServiceResult<RegisterAnswer> begunBefore(const Caller& caller, const PendingChallenge& challenge);
    ServiceResult<RegistrationOperation> resumed(const Caller& caller, RegistrationOperation operation);
    ServiceResult<RegisterAnswer> resumedAnswer(const Caller& caller, RegistrationOperation operation);
    ServiceResult<RegistrationOperation> stored(const std::string& operationId);
    ServiceResult<RegistrationOperation> assign(const Caller& caller, const RegistrationOperation& operation);
    ServiceResult<Settlement> settlementFor(const IndividualEnrollment& enrollment,
                                            const RegistrationOperation& operation);
    ServiceResult<RegistrationState> assignedState(const IndividualEnrollment& enrollment,
                                                   const std::optional<RegistrationState>& before);

    FlowSettings m_settings;
    EnrollmentList& m_list;
    std::function<UtcTime()> m_now;
};

} // namespace enroll::provisioning
