#include "core/tpm/refused_secret.h"

#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/tpm/esys_ptr.h"
#include "core/tpm/response_code.h"

namespace enroll::tpm {
namespace {

/// True if the TPM is in failure mode. Otherwise the error of the command that was to tell: D-108 of a TPM that stays busy.
Result<bool> isInFailureMode(EsysContext& context)
{
    constexpr UINT16 kAnyNumber = 1;
    TPM2B_DIGEST* bytes = nullptr;
    const auto got = Esys_GetRandom(context.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, kAnyNumber, &bytes);
    const EsysPtr<TPM2B_DIGEST> owned{bytes};
    if (got == TSS2_RC_SUCCESS) {
        return owned->size == 0;
    }
    auto error = context.errorOf(got, "TPM2_GetRandom");
    return error.code == DeviceCode::TpmSelfTestFailed ? Result<bool>{true} : Result<bool>{std::move(error)};
}

} // namespace

Error refusalOfSecret(EsysContext& context, Error error, TSS2_RC code)
{
    if (saysNotLoaded(code)) {
        return error;
    }
    if (error.code == DeviceCode::TpmSelfTestFailed) {
        auto failed = isInFailureMode(context);
        if (!failed) {
            return std::move(failed).error();
        }
        if (*failed) {
            return error;
        }
        return recoded(std::move(error), DeviceCode::ActivationRefused);
    }
    return recodedIf(std::move(error), DeviceCode::TpmRefusedCommand, DeviceCode::ActivationRefused);
}

} // namespace enroll::tpm
