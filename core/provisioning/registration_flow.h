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

/// The answer to a call without a signature. Only the TPM that holds both keys can recover the HMAC key inside.
struct Challenge {
    Bytes blob; ///< the six parts of an activation challenge, marshalled: attestation::ActivationBlob
    bool operator==(const Challenge&) const = default;
};

/// Either a challenge, or the operation that a valid answer has begun.
using RegisterAnswer = std::variant<Challenge, RegistrationOperation>;
/// Either a challenge, or what became of the device.
using LookUpAnswer = std::variant<Challenge, RegistrationState>;

/// The device API of the service: challenges a device, checks its signature, assigns it to a hub.
///
/// A device calls without a signature and gets a challenge. Its TPM recovers an HMAC key from it; the device calls
/// again with a SAS token signed by that key, and polls the operation which that call began.
///
/// Security properties:
/// - only a TPM that holds both the enrolled endorsement key and the storage root key of the request can answer;
/// - an answer is checked with the latest challenge alone and the keys stored with it, never with keys from the body;
/// - an answer begins one operation, however often it is sent; the outcome is computed once and stored;
/// - only a device that has proved itself learns that its enrollment is disabled;
/// - a device whose enrollment is disabled, removed or given another key gets no hub key, however far its operation
///   was: each call reads the enrollment anew, and an outcome is stored only if the enrollment has not changed since.
///
/// Keeps no state: a restart between two calls, or another instance of the service, makes no difference. One thread per
/// object, that of its list.
/// \par Source   DPS REST specification, device API; Azure documentation, "TPM attestation concepts"
class RegistrationFlow {
public:
    RegistrationFlow(FlowSettings settings, EnrollmentList& list, std::function<UtcTime()> now)
        : m_settings(std::move(settings)), m_list(list), m_now(std::move(now))
    {}

    /// PUT …/register. The operation is assigning or disabled; if this answer was sent before, it has the state that
    /// its operation has reached.
    /// \par Errors   404002 (scope), 400007 (id), 404201, 400001 (no keys), 400004 (endorsement key), 400005, 401002
    ServiceResult<RegisterAnswer> registerDevice(const DeviceRequest& request);

    /// GET …/operations/{id}. The first such call assigns the device. Keys in the request are ignored.
    /// \par Errors   404002, 400007, 404203, 401000 (unsigned), 401002, 404201, 400004 (the enrollment has changed)
    ServiceResult<RegistrationOperation> queryOperation(const DeviceRequest& request, const std::string& operationId);

    /// POST …/{id}: the registration state of the device.
    ///
    /// \par Errors   those of registerDevice(), 404202 (the device has not registered yet)
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
