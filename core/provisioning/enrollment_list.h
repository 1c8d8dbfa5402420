#pragma once

#include "core/base/secret_bytes.h"
#include "core/provisioning/individual_enrollment.h"
#include "core/provisioning/registration_state.h"

#include <optional>
#include <string>
#include <vector>

namespace enroll::provisioning {

/// The outcome of a write. Only Done has changed the list.
enum class WriteOutcome { Done, AlreadyThere, NotThere, Changed };

/// The latest challenge sent to a device. It is stored, so that any instance of the service can judge the answer.
struct PendingChallenge {
    enrollment::RegistrationId registrationId;
    std::string challengeId; ///< UUIDv7
    SecretBytes idKey;       ///< the HMAC key that the device's TPM recovers from the challenge and signs with
    Bytes endorsementKey;    ///< TPM2B_PUBLIC the challenge was made for
    Bytes storageRootKey;    ///< likewise
    UtcTime expiresAt{};     ///< a first answer after this is refused
    std::string operationId; ///< of the operation that its answer began; empty until then
};

/// A registration under way or done.
struct RegistrationOperation {
    std::string operationId;
    SecretBytes idKey;    ///< of the challenge whose answer began it: whoever asks for the outcome signs with it
    Bytes endorsementKey; ///< of that challenge
    Bytes storageRootKey; ///< of that challenge
    RegistrationState state;
    Bytes hubKeyBlob; ///< the hub device key, wrapped for the device's TPM; empty unless assigned
};

/// The outcome of an operation, stored in one step if nothing that it was computed from has changed.
struct Settlement {
    std::string operationId;
    RegistrationState state;
    Bytes hubKeyBlob;
    SecretBytes hubDeviceKey;
    std::string enrollmentEtag; ///< ETag of the enrollment that it was computed from
    std::string previousEtag;   ///< ETag of the registration state that it was computed from; empty if there was none
};

/// Port: the service's stored state.
///
/// Several instances of the service may use one list at a time. Every write is one durable step and names the version
/// (ETag, challenge) that it was computed from; it returns Changed and does nothing if that is no longer the stored
/// one. Registration ids are compared without regard to letter case. One object per thread.
///
/// \par Errors   P-701 (cannot read or save), P-702 (busy for too long), P-703 (damaged)
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
    /// Removes the enrollment, its registration state, challenge, operations and hub device key. NotThere, Changed.
    virtual Result<WriteOutcome> remove(const enrollment::RegistrationId& id, const std::string& etag) = 0;
    /// At most \p most enrollments whose registrationKey() is greater than \p afterKey, in that order.
    virtual Result<std::vector<IndividualEnrollment>> page(const std::string& afterKey, std::size_t most) = 0;

    /// Reads the enrollments, and their registration states, of at most \p most ids greater than \p afterKey. The key of
    /// the last one, empty behind the last of all; P-703 names the first that cannot be read.
    virtual Result<std::string> requireReadable(const std::string& afterKey, std::size_t most) = 0;

    virtual Result<std::optional<RegistrationState>> registration(const enrollment::RegistrationId& id) = 0;
    /// Removes the registration state, challenge, operations and hub device key. NotThere, Changed.
    virtual Result<WriteOutcome> removeRegistration(const enrollment::RegistrationId& id, const std::string& etag) = 0;
    /// The key the device was given for its hub; absent if it is not assigned.
    virtual Result<std::optional<SecretBytes>> hubDeviceKey(const enrollment::RegistrationId& id) = 0;

    /// Stores \p challenge in place of any earlier one of this registration. NotThere if there is no such enrollment.
    virtual Result<WriteOutcome> keepChallenge(const PendingChallenge& challenge) = 0;
    virtual Result<std::optional<PendingChallenge>> challenge(const enrollment::RegistrationId& id) = 0;

    /// Stores \p operation as begun by the answer to the challenge \p challengeId. AlreadyThere if that challenge has
    /// begun one before, Changed if it is no longer the latest challenge.
    virtual Result<WriteOutcome> begin(const std::string& challengeId, const RegistrationOperation& operation) = 0;
    virtual Result<std::optional<RegistrationOperation>> operation(const std::string& operationId) = 0;
    /// Ends an operation that is still assigning, and makes its state the registration's. A device that was assigned
    /// before keeps that state and its hub key if the new outcome is a refusal. AlreadyThere if the operation has ended
    /// before, NotThere, Changed if the enrollment or the registration state has another ETag than \p settlement names.
    virtual Result<WriteOutcome> settle(const Settlement& settlement) = 0;
};

} // namespace enroll::provisioning
