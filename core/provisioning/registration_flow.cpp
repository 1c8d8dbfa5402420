#include "core/provisioning/registration_flow.h"

#include "core/attestation/activation_challenge.h"
#include "core/attestation/storage_root_key.h"
#include "core/base/text.h"
#include "core/base/uuid.h"
#include "core/crypto/sas_token.h"
#include "core/enrollment/registration_id.h"
#include "core/provisioning/allocation.h"
#include "core/provisioning/enrollment_flow.h"

namespace enroll::provisioning {
namespace {

constexpr int kMostTries = 8; // of an assignment while the enrollment keeps changing

/// True if the signed resource names this registration. Clients percent-encode it with upper-case or lower-case digits
/// or not at all. So it is decoded for this comparison; the signature is checked over the text as it was sent.
bool namesRegistration(const std::string& resource, const DeviceRequest& request)
{
    const auto decoded = crypto::percentDecode(resource);
    return decoded.ok() && equalWithoutCase(*decoded, request.idScope + "/registrations/" + request.registrationId);
}

/// True for "registration" and for no policy name: one client library leaves the name out.
bool isRegistrationPolicy(const std::string& policy)
{
    return policy.empty() || equalWithoutCase(policy, "registration");
}

ServiceError refusedSignature(std::string why)
{
    return {ServiceErrorCode::SignatureRefused, {}, std::move(why)};
}

ServiceResult<attestation::PublicArea> storageRootKeyOf(ByteView tpm2bPublic)
{
    auto area = attestation::parsePublic(tpm2bPublic);
    if (!area.ok()) {
        return ServiceError{ServiceErrorCode::StorageRootKeyInvalid, area.error().what};
    }
    TRY(attestation::requireStorageParentShape(*area));
    return std::move(area).value();
}

ServiceResult<attestation::PublicArea> endorsementKeyOf(ByteView tpm2bPublic)
{
    auto area = attestation::parsePublic(tpm2bPublic);
    if (!area.ok()) {
        return ServiceError{ServiceErrorCode::EndorsementKeyInvalid, area.error().what};
    }
    return std::move(area).value();
}

ServiceResult<void> requireEnrolledKey(const IndividualEnrollment& enrollment, ByteView endorsementKey)
{
    if (!equalBytes(enrollment.attestation.endorsementKey, endorsementKey)) {
        return ServiceError{ServiceErrorCode::EndorsementKeyInvalid};
    }
    return {};
}

bool isDisabled(const IndividualEnrollment& enrollment)
{
    return enrollment.provisioningStatus == ProvisioningStatus::Disabled;
}

/// The substatus after \p hub was chosen, by what the device had before.
RegistrationSubstatus substatusAfter(const std::optional<RegistrationState>& before, const std::string& hub,
                                     const ReprovisionPolicy& policy)
{
    if (!before || before->assignedHub.empty()) {
        return RegistrationSubstatus::InitialAssignment;
    }
    if (before->assignedHub == hub) {
        return RegistrationSubstatus::ReprovisionedToInitialAssignment;
    }
    return policy.migrateDeviceData ? RegistrationSubstatus::DeviceDataMigrated
                                    : RegistrationSubstatus::DeviceDataReset;
}

RegistrationState stateOf(const enrollment::RegistrationId& id, RegistrationStatus status, UtcTime now)
{
    RegistrationState state;
    state.registrationId = id;
    state.status = status;
    state.createdAt = now;
    state.updatedAt = now;
    state.etag = newEtag();
    return state;
}

RegistrationState failedState(const enrollment::RegistrationId& id, const ServiceError& error, UtcTime now)
{
    auto state = stateOf(id, RegistrationStatus::Failed, now);
    state.errorCode = static_cast<int>(error.code);
    state.errorMessage = error.message();
    return state;
}

/// The operation as the device may see it now: if the enrollment is disabled by now, without the hub and the key that
/// the operation has assigned before.
RegistrationOperation asSeenByDevice(const IndividualEnrollment& enrollment, RegistrationOperation operation,
                                     UtcTime now)
{
    if (isDisabled(enrollment) && operation.state.status != RegistrationStatus::Disabled) {
        operation.state = stateOf(enrollment.registrationId, RegistrationStatus::Disabled, now);
        operation.hubKeyBlob.clear();
    }
    return operation;
}

} // namespace

ServiceResult<RegisterAnswer> RegistrationFlow::registerDevice(const DeviceRequest& request)
{
    TRY_ASSIGN(const auto caller, requireCaller(request));
    if (request.authorization.empty()) {
        TRY_ASSIGN(auto made, challenge(caller, request));
        return RegisterAnswer{std::move(made)};
    }
    TRY_ASSIGN(const auto answered, requireAnswered(caller, request));
    return begin(caller, answered);
}

ServiceResult<LookUpAnswer> RegistrationFlow::lookUp(const DeviceRequest& request)
{
    TRY_ASSIGN(const auto caller, requireCaller(request));
    if (request.authorization.empty()) {
        TRY_ASSIGN(auto made, challenge(caller, request));
        return LookUpAnswer{std::move(made)};
    }
    TRY(requireAnswered(caller, request));
    if (isDisabled(caller.enrollment)) {
        return LookUpAnswer{stateOf(caller.enrollment.registrationId, RegistrationStatus::Disabled, m_now())};
    }

    TRY_ASSIGN(auto state, m_list.registration(caller.id));
    if (!state) {
        return ServiceError{ServiceErrorCode::RegistrationUnknown};
    }
    return LookUpAnswer{std::move(*state)};
}

ServiceResult<RegistrationOperation> RegistrationFlow::queryOperation(const DeviceRequest& request,
                                                                      const std::string& operationId)
{
    TRY_ASSIGN(const auto caller, requireCaller(request));
    if (request.authorization.empty()) {
        return ServiceError{ServiceErrorCode::Unauthorized};
    }
    TRY_ASSIGN(auto operation, stored(operationId));
    if (!enrollment::sameRegistrationId(operation.state.registrationId, caller.id)) {
        return ServiceError{ServiceErrorCode::OperationUnknown};
    }
    TRY(requireSignature(request, operation.idKey.view()));
    TRY(requireEnrolledKey(caller.enrollment, operation.endorsementKey)); // it may have been given another key since

    if (operation.state.status != RegistrationStatus::Assigning) {
        return asSeenByDevice(caller.enrollment, std::move(operation), m_now());
    }
    return assign(caller, operation);
}

ServiceResult<RegistrationFlow::Caller> RegistrationFlow::requireCaller(const DeviceRequest& request)
{
    if (!equalWithoutCase(request.idScope, m_settings.idScope)) {
        return ServiceError{ServiceErrorCode::IdScopeUnknown};
    }
    auto id = enrollment::parseRegistrationId(request.registrationId);
    if (!id.ok()) {
        return ServiceError{ServiceErrorCode::RegistrationIdInvalid, id.error().what};
    }
    TRY_ASSIGN(auto enrollment, enrolled(*id));
    return Caller{std::move(id).value(), std::move(enrollment)};
}

ServiceResult<IndividualEnrollment> RegistrationFlow::enrolled(const enrollment::RegistrationId& id)
{
    TRY_ASSIGN(auto enrollment, m_list.enrollment(id));
    if (!enrollment) {
        return ServiceError{ServiceErrorCode::EnrollmentUnknown};
    }
    return std::move(*enrollment);
}

/// Makes and stores a challenge for the keys of the request. The endorsement key must be the enrolled one: a challenge
/// for another key would prove nothing. The storage root key may be any that has the right shape; the challenge binds
/// it.
ServiceResult<Challenge> RegistrationFlow::challenge(const Caller& caller, const DeviceRequest& request)
{
    if (!request.keys) {
        return ServiceError{ServiceErrorCode::RequestMalformed,
                            "tpm.endorsementKey and tpm.storageRootKey are missing."};
    }
    TRY_ASSIGN(const auto endorsementKey, endorsementKeyOf(request.keys->endorsementKey));
    TRY(requireEnrolledKey(caller.enrollment, request.keys->endorsementKey));
    TRY_ASSIGN(const auto storageRootKey, storageRootKeyOf(request.keys->storageRootKey));

    TRY_ASSIGN(auto made, attestation::makeActivationChallenge(endorsementKey, storageRootKey));
    const PendingChallenge pending{caller.enrollment.registrationId,
                                   makeUuidV7(),
                                   std::move(made.idKey),
                                   request.keys->endorsementKey,
                                   request.keys->storageRootKey,
                                   m_now() + m_settings.challengeLifetime,
                                   {}};
    TRY_ASSIGN(const auto kept, m_list.keepChallenge(pending));
    if (kept == WriteOutcome::NotThere) {
        return ServiceError{ServiceErrorCode::EnrollmentUnknown};
    }
    return Challenge{made.blob.marshal()};
}

/// The pending challenge, if the request is signed with its key. Once it has begun an operation it no longer expires: a
/// device whose first response was lost sends the same answer again.
ServiceResult<PendingChallenge> RegistrationFlow::requireAnswered(const Caller& caller, const DeviceRequest& request)
{
    TRY_ASSIGN(auto pending, m_list.challenge(caller.id));
    if (!pending) {
        return refusedSignature("no challenge is pending");
    }
    if (pending->operationId.empty() && pending->expiresAt < m_now()) {
        return refusedSignature("the challenge has expired");
    }
    TRY(requireSignature(request, pending->idKey.view()));
    TRY(requireEnrolledKey(caller.enrollment, pending->endorsementKey));
    return std::move(*pending);
}

ServiceResult<void> RegistrationFlow::requireSignature(const DeviceRequest& request, ByteView key)
{
    const auto token = crypto::parseSasToken(request.authorization);
    if (!token.ok()) {
        return refusedSignature("the token is malformed: " + token.error().what);
    }
    if (!namesRegistration(token->resource, request) || !isRegistrationPolicy(token->policy)) {
        return refusedSignature("the token is for another registration or another policy");
    }
    if (crypto::judgeSasToken(*token, key, m_now(), kClockSkew) != crypto::SasJudgement::Valid) {
        return refusedSignature("the token is expired or signed with another key");
    }
    return {};
}

ServiceResult<RegisterAnswer> RegistrationFlow::begin(const Caller& caller, const PendingChallenge& challenge)
{
    if (!challenge.operationId.empty()) {
        TRY_ASSIGN(auto operation, stored(challenge.operationId));
        return resumedAnswer(caller, std::move(operation));
    }
    RegistrationOperation operation{makeUuidV7(),
                                    SecretBytes::copyOf(challenge.idKey.view()),
                                    challenge.endorsementKey,
                                    challenge.storageRootKey,
                                    stateOf(caller.enrollment.registrationId, RegistrationStatus::Assigning, m_now()),
                                    {}};
    TRY_ASSIGN(const auto begun, m_list.begin(challenge.challengeId, operation));
    switch (begun) {
    case WriteOutcome::Done:
        return resumedAnswer(caller, std::move(operation));
    case WriteOutcome::AlreadyThere:
        return begunBefore(caller, challenge);
    case WriteOutcome::NotThere:
    case WriteOutcome::Changed:
        return refusedSignature("a later challenge has taken this one's place");
    }
    return refusedSignature("the challenge is gone");
}

/// Another instance of the service has begun the operation of the same answer. Returns that operation, unless a newer
/// challenge is pending by now: its operation does not belong to this answer.
ServiceResult<RegisterAnswer> RegistrationFlow::begunBefore(const Caller& caller, const PendingChallenge& challenge)
{
    TRY_ASSIGN(const auto pending, m_list.challenge(caller.id));
    if (!pending || pending->challengeId != challenge.challengeId || pending->operationId.empty()) {
        return refusedSignature("a later challenge has taken this one's place");
    }
    TRY_ASSIGN(auto operation, stored(pending->operationId));
    return resumedAnswer(caller, std::move(operation));
}

ServiceResult<RegisterAnswer> RegistrationFlow::resumedAnswer(const Caller& caller, RegistrationOperation operation)
{
    TRY_ASSIGN(auto told, resumed(caller, std::move(operation)));
    return RegisterAnswer{std::move(told)};
}

/// An operation that was begun. If the enrollment is disabled, it is settled at once: there is nothing to poll for.
ServiceResult<RegistrationOperation> RegistrationFlow::resumed(const Caller& caller, RegistrationOperation operation)
{
    if (operation.state.status == RegistrationStatus::Assigning && isDisabled(caller.enrollment)) {
        return assign(caller, operation);
    }
    return asSeenByDevice(caller.enrollment, std::move(operation), m_now());
}

ServiceResult<RegistrationOperation> RegistrationFlow::stored(const std::string& operationId)
{
    TRY_ASSIGN(auto operation, m_list.operation(operationId));
    if (!operation) {
        return ServiceError{ServiceErrorCode::OperationUnknown};
    }
    return std::move(*operation);
}

ServiceResult<RegistrationOperation> RegistrationFlow::assign(const Caller& caller,
                                                              const RegistrationOperation& operation)
{
    auto enrollment = caller.enrollment;
    for (int attempt = 0; attempt < kMostTries; ++attempt) {
        TRY_ASSIGN(const auto settlement, settlementFor(enrollment, operation));
        TRY_ASSIGN(const auto outcome, m_list.settle(settlement));
        if (outcome != WriteOutcome::Changed) {
            // Read back, also after Done: of two callers at once, both must get the key that was stored.
            TRY_ASSIGN(auto settled, stored(operation.operationId));
            return asSeenByDevice(enrollment, std::move(settled), m_now());
        }
        // Changed: the enrollment may have been disabled or given another key since it was read.
        TRY_ASSIGN(enrollment, enrolled(caller.id));
        TRY(requireEnrolledKey(enrollment, operation.endorsementKey));
    }
    return ServiceError{ServiceErrorCode::ConcurrentChange};
}

/// Computes the outcome of an operation from the enrollment and the registration state of this moment, and notes the
/// ETags of both: settle() stores it only if neither has changed.
///
/// The hub key is made here and given to the device as an activation challenge for the keys of the challenge that it
/// has answered, so that only the same TPM can take it.
ServiceResult<Settlement> RegistrationFlow::settlementFor(const IndividualEnrollment& enrollment,
                                                          const RegistrationOperation& operation)
{
    const auto& id = enrollment.registrationId;
    TRY_ASSIGN(const auto before, m_list.registration(id));
    const auto previousEtag = before ? before->etag : std::string{};
    if (isDisabled(enrollment)) {
        auto disabled = stateOf(id, RegistrationStatus::Disabled, m_now());
        return Settlement{operation.operationId, std::move(disabled), {}, {}, enrollment.etag, previousEtag};
    }
    auto state = assignedState(enrollment, before);
    if (!state.ok()) {
        auto failed = failedState(id, state.error(), m_now());
        return Settlement{operation.operationId, std::move(failed), {}, {}, enrollment.etag, previousEtag};
    }
    TRY_ASSIGN(const auto endorsementKey, endorsementKeyOf(operation.endorsementKey));
    TRY_ASSIGN(const auto storageRootKey, storageRootKeyOf(operation.storageRootKey));
    TRY_ASSIGN(auto hubKey, attestation::makeActivationChallenge(endorsementKey, storageRootKey));
    return Settlement{operation.operationId,   std::move(state).value(), hubKey.blob.marshal(),
                      std::move(hubKey.idKey), enrollment.etag,          previousEtag};
}

/// A device that was assigned before keeps its hub if its reprovision policy says so.
ServiceResult<RegistrationState> RegistrationFlow::assignedState(const IndividualEnrollment& enrollment,
                                                                 const std::optional<RegistrationState>& before)
{
    const auto policy = enrollment.reprovisionPolicy.value_or(ReprovisionPolicy{});
    auto state = stateOf(enrollment.registrationId, RegistrationStatus::Assigned, m_now());
    const bool stays = before && !before->assignedHub.empty() && !policy.updateHubAssignment;
    if (stays) {
        state.assignedHub = before->assignedHub;
    } else {
        TRY_ASSIGN(state.assignedHub, chooseHub(enrollment, m_settings.hubs));
    }
    state.deviceId = enrollment.deviceId.empty() ? enrollment.registrationId.text() : enrollment.deviceId;
    state.substatus = substatusAfter(before, state.assignedHub, policy);
    state.createdAt = before ? before->createdAt : state.createdAt;
    return state;
}

} // namespace enroll::provisioning
