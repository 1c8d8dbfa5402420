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
    ServiceErrorCode code;
    std::string detail = {};
    std::string log = {};

    /// The words of the code, and the detail if there is one.
    [[nodiscard]] std::string message() const;
};

/// Maps what the domain or the store found wrong: D-113 is 400004, D-114 is 400005, S-332 is 400001, a store that is
/// busy 503000; everything else is a fault of the service, whose details stay in `log`.
ServiceError serviceErrorFrom(const Error& error);

/// A value, or the refusal the caller gets. Works with TRY, and takes an Error for what it means to the caller.
template <class T>
class [[nodiscard]] ServiceResult {
public:
    ServiceResult(T value) : m_state(std::in_place_index<0>, std::move(value)) {} // NOLINT(google-explicit-constructor)
    ServiceResult(ServiceError error)                                             // NOLINT(google-explicit-constructor)
        : m_state(std::in_place_index<1>, std::move(error))
    {}
    ServiceResult(const Error& error) // NOLINT(google-explicit-constructor)
        : m_state(std::in_place_index<1>, serviceErrorFrom(error))
    {}

    [[nodiscard]] bool ok() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    const T& value() const& { return std::get<0>(m_state); }
    T& value() & { return std::get<0>(m_state); }
    T value() && { return std::get<0>(std::move(m_state)); }
    const T& operator*() const& { return value(); }
    const T* operator->() const { return &value(); }

    const ServiceError& error() const& { return std::get<1>(m_state); }
    ServiceError error() && { return std::get<1>(std::move(m_state)); }

private:
    std::variant<T, ServiceError> m_state;
};

/// What an action that yields nothing succeeds with.
struct Done {
    bool operator==(const Done&) const = default;
};

} // namespace enroll::provisioning
