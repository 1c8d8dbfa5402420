#include "core/tpm/tpm_error.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/tpm/response_code.h"
#include "core/tpm/response_code_table.h"

#include <tss2/tss2_common.h>

#include <algorithm>
#include <array>

namespace enroll::tpm {
namespace {

constexpr std::array<std::uint32_t, 3> kLayersOfTheTpm{TSS2_TPM_RC_LAYER, TSS2_RESMGR_RC_LAYER,
                                                       TSS2_RESMGR_TPM_RC_LAYER};

// Raised by the library on a response whose frame is sound but whose content is not.
constexpr std::array<std::uint32_t, 4> kCodesOfABadResponse{TSS2_BASE_RC_MALFORMED_RESPONSE,
                                                            TSS2_BASE_RC_INSUFFICIENT_RESPONSE,
                                                            TSS2_BASE_RC_RSP_AUTH_FAILED, TSS2_BASE_RC_BAD_SIZE};

// Raised by ESYS and SAPI on a value that they do not know, such as an unknown hash algorithm. The values that this
// product passes in are fixed and known, so the unknown one came from the device. ESYS' general failure is left out: it
// reports a failure of OpenSSL on this machine.
constexpr std::array<std::uint32_t, 4> kCodesOfAnUnknownValue{TSS2_ESYS_RC_NOT_IMPLEMENTED, TSS2_ESYS_RC_BAD_VALUE,
                                                              TSS2_SYS_RC_GENERAL_FAILURE, TSS2_SYS_RC_BAD_VALUE};

bool contains(const auto& list, std::uint32_t value) noexcept
{
    return std::ranges::find(list, value) != list.end();
}

ErrorCode meaningOfLibraryCode(std::uint32_t code) noexcept
{
    const bool badResponse = (code & TSS2_RC_LAYER_MASK) == TSS2_MU_RC_LAYER ||
                             contains(kCodesOfAnUnknownValue, code) ||
                             contains(kCodesOfABadResponse, code & ~TSS2_RC_LAYER_MASK);
    return badResponse ? ErrorCode{DeviceCode::TpmResponseMalformed} : StationCode::InternalFault;
}

/// What a person must know of a refusal beyond its name.
std::string_view explanationOf(const ResponseCodeRow* row) noexcept
{
    if (row != nullptr && row->number == rc::kAuthFail) {
        return ": this try counts towards lockout";
    }
    if (row != nullptr && row->number == rc::kAuthUnavailable) {
        return ": what the command uses can only be used by a policy, or by nobody";
    }
    return "";
}

} // namespace

bool isOfTheLibrary(std::uint32_t code) noexcept
{
    return code != TSS2_RC_SUCCESS && !contains(kLayersOfTheTpm, code & TSS2_RC_LAYER_MASK);
}

Error tpmError(std::uint32_t code, std::string operation)
{
    if (isOfTheLibrary(code)) {
        return makeError(meaningOfLibraryCode(code), "the TPM library returned an error of its own",
                         std::move(operation), TssCode{code});
    }
    const auto* row = findResponseCode(decodeResponseCode(code).number);
    const auto meaning = row == nullptr ? DeviceCode::TpmRefusedCommand : row->meaning;
    return makeError(meaning, responseCodeText(code) + std::string{explanationOf(row)}, std::move(operation),
                     TssCode{code});
}

} // namespace enroll::tpm
