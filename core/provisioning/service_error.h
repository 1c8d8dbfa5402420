#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace enroll::provisioning {

/// What the provisioning service says when it refuses: the HTTP status times 1000, plus a number.
///
/// 400004, 400208, 401000, 401002, 404201, 404202 and 409203 are numbers the public service was seen to use; the rest
/// keeps its scheme, since its documentation names statuses alone.
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
    TooManyRequests = 429001,
    HeaderTooLarge = 431000,
    InternalFault = 500000,
    Overloaded = 503000,
};

/// 404201 -> 404.
int httpStatusOf(ServiceErrorCode code) noexcept;

/// The service's words for a code. Total.
std::string_view messageOf(ServiceErrorCode code) noexcept;

/// A refusal by the service. `detail` explains it to the caller and is sent; `log` is for the operator and is not.
struct ServiceError {
    ServiceError(ServiceErrorCode refusal, std::string explanation = {},
                 std::string note = {}) // NOLINT(google-explicit-constructor)
        : code(refusal), detail(std::move(explanation)), log(std::move(note))
    {}
    /// What the domain or the store found wrong, as the caller is told it: D-113 is 400004, D-114 is 400005, S-332 is
    /// 400001, a store that is busy 503000; everything else is a fault of the service, whose details stay in `log`.
    explicit ServiceError(const Error& error);

    /// The words of the code, and the detail if there is one.
    [[nodiscard]] std::string message() const;

    ServiceErrorCode code;
    std::string detail;
    std::string log;
};

/// A value, or the refusal the caller gets.
template <class T>
using ServiceResult = Result<T, ServiceError>;

} // namespace enroll::provisioning
