#include "core/tpm/response_code_table.h"

#include "core/base/device_code.h"

#include <algorithm>
#include <array>

namespace enroll::tpm {
namespace {

using C = DeviceCode;

// Source: TPM 2.0 Library Part 2, "TPM_RC". The third column is this product's reading of it.
constexpr std::array kRows{
    ResponseCodeRow{0x100, "TPM_RC_INITIALIZE", C::TpmNotStarted},
    ResponseCodeRow{0x101, "TPM_RC_FAILURE", C::TpmSelfTestFailed},
    ResponseCodeRow{0x103, "TPM_RC_SEQUENCE", C::TpmRefusedCommand},
    ResponseCodeRow{0x120, "TPM_RC_DISABLED", C::HierarchyOff},
    ResponseCodeRow{0x121, "TPM_RC_EXCLUSIVE", C::TpmRefusedCommand},
    ResponseCodeRow{0x124, "TPM_RC_AUTH_TYPE", C::TpmRefusedCommand},
    ResponseCodeRow{0x125, "TPM_RC_AUTH_MISSING", C::TpmRefusedCommand},
    ResponseCodeRow{0x126, "TPM_RC_POLICY", C::TpmRefusedCommand},
    ResponseCodeRow{0x127, "TPM_RC_PCR", C::TpmRefusedCommand},
    ResponseCodeRow{0x128, "TPM_RC_PCR_CHANGED", C::TpmRefusedCommand},
    ResponseCodeRow{0x12D, "TPM_RC_UPGRADE", C::FirmwareUpdateUnfinished},
    ResponseCodeRow{0x12E, "TPM_RC_TOO_MANY_CONTEXTS", C::TpmResourcesExhausted},
    ResponseCodeRow{rc::kAuthUnavailable, "TPM_RC_AUTH_UNAVAILABLE", C::NotAsShipped},
    ResponseCodeRow{0x130, "TPM_RC_REBOOT", C::TpmResourcesExhausted},
    ResponseCodeRow{0x131, "TPM_RC_UNBALANCED", C::TpmRefusedCommand},
    ResponseCodeRow{0x142, "TPM_RC_COMMAND_SIZE", C::TpmRefusedCommand},
    ResponseCodeRow{0x143, "TPM_RC_COMMAND_CODE", C::TpmRefusedCommand},
    ResponseCodeRow{0x144, "TPM_RC_AUTHSIZE", C::TpmRefusedCommand},
    ResponseCodeRow{0x145, "TPM_RC_AUTH_CONTEXT", C::TpmRefusedCommand},
    ResponseCodeRow{0x146, "TPM_RC_NV_RANGE", C::TpmRefusedCommand},
    ResponseCodeRow{0x147, "TPM_RC_NV_SIZE", C::TpmRefusedCommand},
    ResponseCodeRow{0x148, "TPM_RC_NV_LOCKED", C::TpmRefusedCommand},
    ResponseCodeRow{0x149, "TPM_RC_NV_AUTHORIZATION", C::TpmRefusedCommand},
    ResponseCodeRow{rc::kNvUninitialized, "TPM_RC_NV_UNINITIALIZED", C::TpmRefusedCommand},
    ResponseCodeRow{rc::kNvSpace, "TPM_RC_NV_SPACE", C::TpmResourcesExhausted},
    ResponseCodeRow{0x14C, "TPM_RC_NV_DEFINED", C::TpmRefusedCommand},
    ResponseCodeRow{0x150, "TPM_RC_BAD_CONTEXT", C::TpmRefusedCommand},
    ResponseCodeRow{0x151, "TPM_RC_CPHASH", C::TpmRefusedCommand},
    ResponseCodeRow{0x152, "TPM_RC_PARENT", C::TpmRefusedCommand},
    ResponseCodeRow{0x153, "TPM_RC_NEEDS_TEST", C::TpmNotTested},
    ResponseCodeRow{0x154, "TPM_RC_NO_RESULT", C::TpmRefusedCommand},
    ResponseCodeRow{0x155, "TPM_RC_SENSITIVE", C::TpmRefusedCommand},
    ResponseCodeRow{0x081, "TPM_RC_ASYMMETRIC", C::TpmRefusedCommand},
    ResponseCodeRow{0x082, "TPM_RC_ATTRIBUTES", C::TpmRefusedCommand},
    ResponseCodeRow{0x083, "TPM_RC_HASH", C::TpmRefusedCommand},
    ResponseCodeRow{0x084, "TPM_RC_VALUE", C::TpmRefusedCommand},
    ResponseCodeRow{0x085, "TPM_RC_HIERARCHY", C::HierarchyOff},
    ResponseCodeRow{0x087, "TPM_RC_KEY_SIZE", C::TpmRefusedCommand},
    ResponseCodeRow{0x089, "TPM_RC_MODE", C::TpmRefusedCommand},
    ResponseCodeRow{0x08A, "TPM_RC_TYPE", C::TpmRefusedCommand},
    ResponseCodeRow{rc::kHandle, "TPM_RC_HANDLE", C::TpmRefusedCommand},
    ResponseCodeRow{0x08C, "TPM_RC_KDF", C::TpmRefusedCommand},
    ResponseCodeRow{0x08D, "TPM_RC_RANGE", C::TpmRefusedCommand},
    ResponseCodeRow{rc::kAuthFail, "TPM_RC_AUTH_FAIL", C::TpmHierarchyLocked},
    ResponseCodeRow{0x08F, "TPM_RC_NONCE", C::TpmRefusedCommand},
    ResponseCodeRow{0x092, "TPM_RC_SCHEME", C::TpmRefusedCommand},
    ResponseCodeRow{0x095, "TPM_RC_SIZE", C::TpmRefusedCommand},
    ResponseCodeRow{0x096, "TPM_RC_SYMMETRIC", C::TpmRefusedCommand},
    ResponseCodeRow{0x097, "TPM_RC_TAG", C::TpmRefusedCommand},
    ResponseCodeRow{0x098, "TPM_RC_SELECTOR", C::TpmRefusedCommand},
    ResponseCodeRow{0x09A, "TPM_RC_INSUFFICIENT", C::TpmRefusedCommand},
    ResponseCodeRow{0x09B, "TPM_RC_SIGNATURE", C::TpmRefusedCommand},
    ResponseCodeRow{0x09C, "TPM_RC_KEY", C::TpmRefusedCommand},
    ResponseCodeRow{0x09D, "TPM_RC_POLICY_FAIL", C::TpmRefusedCommand},
    ResponseCodeRow{0x09F, "TPM_RC_INTEGRITY", C::TpmRefusedCommand},
    ResponseCodeRow{0x0A0, "TPM_RC_TICKET", C::TpmRefusedCommand},
    ResponseCodeRow{0x0A1, "TPM_RC_RESERVED_BITS", C::TpmRefusedCommand},
    ResponseCodeRow{0x0A2, "TPM_RC_BAD_AUTH", C::TpmHierarchyLocked},
    ResponseCodeRow{0x0A3, "TPM_RC_EXPIRED", C::TpmRefusedCommand},
    ResponseCodeRow{0x0A4, "TPM_RC_POLICY_CC", C::TpmRefusedCommand},
    ResponseCodeRow{0x0A5, "TPM_RC_BINDING", C::TpmRefusedCommand},
    ResponseCodeRow{0x0A6, "TPM_RC_CURVE", C::TpmRefusedCommand},
    ResponseCodeRow{0x0A7, "TPM_RC_ECC_POINT", C::TpmRefusedCommand},
    ResponseCodeRow{0x901, "TPM_RC_CONTEXT_GAP", C::TpmResourcesExhausted},
    ResponseCodeRow{0x902, "TPM_RC_OBJECT_MEMORY", C::TpmResourcesExhausted},
    ResponseCodeRow{0x903, "TPM_RC_SESSION_MEMORY", C::TpmResourcesExhausted},
    ResponseCodeRow{0x904, "TPM_RC_MEMORY", C::TpmResourcesExhausted},
    ResponseCodeRow{0x905, "TPM_RC_SESSION_HANDLES", C::TpmResourcesExhausted},
    ResponseCodeRow{0x906, "TPM_RC_OBJECT_HANDLES", C::TpmResourcesExhausted},
    ResponseCodeRow{0x907, "TPM_RC_LOCALITY", C::TpmRefusedCommand},
    ResponseCodeRow{rc::kYielded, "TPM_RC_YIELDED", C::TpmStaysBusy},
    ResponseCodeRow{rc::kCanceled, "TPM_RC_CANCELED", C::TpmStaysBusy},
    ResponseCodeRow{rc::kTesting, "TPM_RC_TESTING", C::TpmStaysBusy},
    ResponseCodeRow{0x910, "TPM_RC_REFERENCE_H0", C::TpmRefusedCommand},
    ResponseCodeRow{0x911, "TPM_RC_REFERENCE_H1", C::TpmRefusedCommand},
    ResponseCodeRow{0x912, "TPM_RC_REFERENCE_H2", C::TpmRefusedCommand},
    ResponseCodeRow{0x913, "TPM_RC_REFERENCE_H3", C::TpmRefusedCommand},
    ResponseCodeRow{0x914, "TPM_RC_REFERENCE_H4", C::TpmRefusedCommand},
    ResponseCodeRow{0x915, "TPM_RC_REFERENCE_H5", C::TpmRefusedCommand},
    ResponseCodeRow{0x916, "TPM_RC_REFERENCE_H6", C::TpmRefusedCommand},
    ResponseCodeRow{0x918, "TPM_RC_REFERENCE_S0", C::TpmRefusedCommand},
    ResponseCodeRow{0x919, "TPM_RC_REFERENCE_S1", C::TpmRefusedCommand},
    ResponseCodeRow{0x91A, "TPM_RC_REFERENCE_S2", C::TpmRefusedCommand},
    ResponseCodeRow{0x91B, "TPM_RC_REFERENCE_S3", C::TpmRefusedCommand},
    ResponseCodeRow{0x91C, "TPM_RC_REFERENCE_S4", C::TpmRefusedCommand},
    ResponseCodeRow{0x91D, "TPM_RC_REFERENCE_S5", C::TpmRefusedCommand},
    ResponseCodeRow{0x91E, "TPM_RC_REFERENCE_S6", C::TpmRefusedCommand},
    ResponseCodeRow{rc::kNvRate, "TPM_RC_NV_RATE", C::TpmStaysBusy},
    ResponseCodeRow{0x921, "TPM_RC_LOCKOUT", C::TpmLockedOut},
    ResponseCodeRow{rc::kRetry, "TPM_RC_RETRY", C::TpmStaysBusy},
    ResponseCodeRow{rc::kNvUnavailable, "TPM_RC_NV_UNAVAILABLE", C::TpmStaysBusy},
};

} // namespace

std::span<const ResponseCodeRow> responseCodes() noexcept
{
    return kRows;
}

const ResponseCodeRow* findResponseCode(std::uint32_t number) noexcept
{
    const auto* row = std::ranges::find(kRows, number, &ResponseCodeRow::number);
    return row == kRows.end() ? nullptr : row;
}

} // namespace enroll::tpm
