#pragma once

#include "core/base/secret_bytes.h"
#include "core/provisioning/individual_enrollment.h"
#include "core/provisioning/registration_state.h"

#include <optional>
#include <string>
#include <vector>

namespace enroll::provisioning {

/// What a write came to. Only Done has changed anything.
enum class WriteOutcome { Done, AlreadyThere, NotThere, Changed };

/// The challenge a device has been sent last. Any instance of the service can judge the answer from it.
struct PendingChallenge {
    enrollment::RegistrationId registrationId;
    std::string challengeId; ///< UUIDv7
    SecretBytes idKey;       ///< what the device's TPM recovers from the challenge
    Bytes endorsementKey;    ///< TPM2B_PUBLIC the challenge was made for
    Bytes storageRootKey;    ///< likewise
    UtcTime expiresAt{};     ///< an answer that comes later is refused
    std::string operationId; ///< of the operation its answer began; empty until then
};

/// A registration under way or done.
struct RegistrationOperation {
    std::string operationId;
    SecretBytes idKey;    ///< of the challenge whose answer began it: judges who may ask for the outcome
    Bytes endorsementKey; ///< of that challenge
    Bytes storageRootKey; ///< of that challenge
    RegistrationState state;
    Bytes hubKeyBlob; ///< the hub device key, wrapped for the device's TPM; empty unless assigned
};

/// The outcome of an operation, as it is put into the list in one step.
struct Settlement {
    std::string operationId;
    RegistrationState state;
    Bytes hubKeyBlob;
    SecretBytes hubDeviceKey;
    std::string enrollmentEtag; ///< of the enrollment it was worked out from
    std::string previousEtag;   ///< of the registration state it was worked out from; empty if there was none
};

/// Port: the service's stored state, the only thing that decides.
///
/// Several instances work on one list at a time: every write is one durable step that names what it was worked out
/// from, and comes to Changed if somebody else was there first. Registration ids are compared without regard to letter
/// case. One object per thread.
///
/// \par Errors   S-301 (cannot read or save), S-302 (busy for too long)
class EnrollmentList {
public:
    EnrollmentList() = default;
    EnrollmentList(const EnrollmentList&) = delete;
    EnrollmentList& operator=(const EnrollmentList&) = delete;
    virtual ~EnrollmentList() = default;

    virtual Result<std::optional<IndividualEnrollment>> enrollment(const enrollment::RegistrationId& id) = 0;
    /// AlreadyThere if the id is taken.
    virtual Result<WriteOutcome> insert(const IndividualEnrollment& enrollment) = 0;
    /// NotThere, or Changed unless the stored ETag is \p etag exactly.
    virtual Result<WriteOutcome> replace(const IndividualEnrollment& enrollment, const std::string& etag) = 0;
    /// Takes the registration state, the challenge, the operations and the hub device key with it. NotThere, Changed.
    virtual Result<WriteOutcome> remove(const enrollment::RegistrationId& id, const std::string& etag) = 0;
    /// At most \p most enrollments whose registrationKey() is greater than \p afterKey, in that order.
    virtual Result<std::vector<IndividualEnrollment>> page(const std::string& afterKey, std::size_t most) = 0;

    virtual Result<std::optional<RegistrationState>> registration(const enrollment::RegistrationId& id) = 0;
    /// Takes the challenge, the operations and the hub device key with it. NotThere, Changed.
    virtual Result<WriteOutcome> removeRegistration(const enrollment::RegistrationId& id, const std::string& etag) = 0;
    /// The key the device was given for its hub; absent if it is not assigned.
    virtual Result<std::optional<SecretBytes>> hubDeviceKey(const enrollment::RegistrationId& id) = 0;

    /// From now on the registration's only challenge. NotThere if there is no such enrollment.
    virtual Result<WriteOutcome> keepChallenge(const PendingChallenge& challenge) = 0;
    virtual Result<std::optional<PendingChallenge>> challenge(const enrollment::RegistrationId& id) = 0;

    /// Begins the operation that the answer to \p challengeId earns. AlreadyThere if that answer has begun one before,
    /// Changed if another challenge has taken its place.
    virtual Result<WriteOutcome> begin(const std::string& challengeId, const RegistrationOperation& operation) = 0;
    virtual Result<std::optional<RegistrationOperation>> operation(const std::string& operationId) = 0;
    /// Ends an operation that is still assigning. Its state becomes the registration's; but a device that is assigned
    /// stays so, with its key, when it is refused later. AlreadyThere if the operation has ended, NotThere, Changed if
    /// the enrollment or the registration state is no longer the one it was worked out from.
    virtual Result<WriteOutcome> settle(const Settlement& settlement) = 0;
};

} // namespace enroll::provisioning
