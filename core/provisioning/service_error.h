#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace enroll::provisioning {

/// The error codes of the provisioning service: the HTTP status times 1000, plus a number.
///
/// The public service was seen to use 400004, 400208, 401000, 401002, 404201, 404202 and 409203. Its documentation
/// names only HTTP statuses, so the other numbers are this service's own, in the same scheme.
enum class ServiceErrorCode : int {
    RequestMalformed = 400001,
    ApiVersionMissing = 400002,
    EndorsementKeyInvalid = 400004,
    StorageRootKeyInvalid = 400005,
    BulkMalformed = 400006,
    RegistrationIdInvalid = 400007,
    AllocationNotOffered = 400008,
    NoLinkedHub = 400208,
    Unauthorized = 401000,
    RightMissing = 401001,
    SignatureRefused = 401002,
    ResourceUnknown = 404000,
    IdScopeUnknown = 404002,
    EnrollmentUnknown = 404201,
    RegistrationUnknown = 404202,
    OperationUnknown = 404203,
    MethodNotAllowed = 405000,
    EnrollmentExists = 409201,
    ConcurrentChange = 409203,
    EtagDiffers = 412001,
    BodyTooLarge = 413000,
    MediaTypeUnsupported = 415000,
    HeaderTooLarge = 431000,
    InternalFault = 500000,
    Overloaded = 503000,
};

/// 404201 -> 404.
int httpStatusOf(ServiceErrorCode code) noexcept;

/// The English message for a code; every code has one.
std::string_view messageOf(ServiceErrorCode code) noexcept;

/// A refusal by the service. `detail` is sent to the caller; `log` stays in the service's log, as it could help an
/// attacker.
struct ServiceError {
    ServiceError(ServiceErrorCode refusal, std::string explanation = {},
                 std::string note = {}) // NOLINT(google-explicit-constructor)
        : code(refusal), detail(std::move(explanation)), log(std::move(note))
    {}
    /// The refusal for an error of the domain or of the list: D-113 gives 400004, D-114 gives 400005, a code that asks
    /// for a corrected input gives 400001, a busy list gives 503000. Every other error gives 500000 with its details in
    /// `log`; a file that cannot be used is among them, because it is the service's own.
    explicit ServiceError(const Error& error);

    /// messageOf() the code, followed by the detail if there is one.
    [[nodiscard]] std::string message() const;

    ServiceErrorCode code;
    std::string detail;
    std::string log;
};

/// A value, or the refusal the caller gets.
template <class T>
using ServiceResult = Result<T, ServiceError>;

} // namespace enroll::provisioning
