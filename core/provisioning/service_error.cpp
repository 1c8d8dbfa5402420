#include "core/provisioning/service_error.h"

#include "core/base/device_code.h"
#include "core/base/service_code.h"
#include "core/base/station_code.h"

namespace enroll::provisioning {
namespace {

ServiceError refusalOf(const Error& error)
{
    if (error.code == DeviceCode::EndorsementKeyUnusable) {
        return {ServiceErrorCode::EndorsementKeyInvalid, error.what};
    }
    if (error.code == DeviceCode::StorageRootKeyUnusable) {
        return {ServiceErrorCode::StorageRootKeyInvalid, error.what};
    }
    // The service reads no file that its caller names: one that it cannot use is its own.
    if (error.next() == NextStep::CorrectInput && error.code != StationCode::FileUnusable) {
        return {ServiceErrorCode::RequestMalformed, error.what};
    }
    if (error.code == ServiceCode::Busy) {
        return {ServiceErrorCode::Overloaded, {}, describeForLog(error)};
    }
    return {ServiceErrorCode::InternalFault, {}, describeForLog(error)};
}

} // namespace

int httpStatusOf(ServiceErrorCode code) noexcept
{
    return static_cast<int>(code) / 1000;
}

std::string_view messageOf(ServiceErrorCode code) noexcept
{
    switch (code) {
    case ServiceErrorCode::RequestMalformed:
        return "The request is malformed.";
    case ServiceErrorCode::ApiVersionMissing:
        return "The api-version is missing or not supported.";
    case ServiceErrorCode::EndorsementKeyInvalid:
        return "Endorsement key is invalid, or does not match the Enrollment.";
    case ServiceErrorCode::StorageRootKeyInvalid:
        return "Storage root key is invalid.";
    case ServiceErrorCode::BulkMalformed:
        return "The bulk operation is malformed.";
    case ServiceErrorCode::RegistrationIdInvalid:
        return "The registration id is invalid.";
    case ServiceErrorCode::AllocationNotOffered:
        return "The allocation policy is not offered by this service.";
    case ServiceErrorCode::NoLinkedHub:
        return "No linked hub.";
    case ServiceErrorCode::Unauthorized:
    case ServiceErrorCode::SignatureRefused:
        return "Unauthorized";
    case ServiceErrorCode::RightMissing:
        return "The policy does not have the right that this call needs.";
    case ServiceErrorCode::ResourceUnknown:
        return "Resource not found.";
    case ServiceErrorCode::IdScopeUnknown:
        return "ID scope not found.";
    case ServiceErrorCode::EnrollmentUnknown:
        return "Enrollment not found.";
    case ServiceErrorCode::RegistrationUnknown:
        return "Registration not found.";
    case ServiceErrorCode::OperationUnknown:
        return "Operation not found.";
    case ServiceErrorCode::MethodNotAllowed:
        return "Method not allowed.";
    case ServiceErrorCode::EnrollmentExists:
        return "Enrollment already exists.";
    case ServiceErrorCode::ConcurrentChange:
        return "Precondition failed.";
    case ServiceErrorCode::EtagDiffers:
        return "The ETag does not match.";
    case ServiceErrorCode::BodyTooLarge:
        return "The body is too large.";
    case ServiceErrorCode::MediaTypeUnsupported:
        return "The body must be application/json.";
    case ServiceErrorCode::HeaderTooLarge:
        return "The header is too large.";
    case ServiceErrorCode::InternalFault:
        return "Internal error.";
    case ServiceErrorCode::Overloaded:
        return "The service is busy.";
    }
    return "Internal error.";
}

ServiceError::ServiceError(const Error& error) : ServiceError(refusalOf(error)) {}

std::string ServiceError::message() const
{
    std::string text{messageOf(code)};
    if (!detail.empty()) {
        text += " " + detail;
    }
    return text;
}

} // namespace enroll::provisioning
