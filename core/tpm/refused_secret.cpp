#include "core/tpm/refused_secret.h"

#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/tpm/esys_ptr.h"
#include "core/tpm/response_code.h"

namespace enroll::tpm {
namespace {

bool worksOn(EsysContext& context)
{
    constexpr UINT16 kAnyNumber = 1;
    TPM2B_DIGEST* bytes = nullptr;
    const auto got = Esys_GetRandom(context.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, kAnyNumber, &bytes);
    const EsysPtr<TPM2B_DIGEST> owned{bytes};
    return got == TSS2_RC_SUCCESS;
}

} // namespace

Error refusalOfSecret(EsysContext& context, Error error, TSS2_RC code)
{
    if (saysNotLoaded(code)) {
        return error;
    }
    if (error.code == DeviceCode::TpmSelfTestFailed && worksOn(context)) {
        return recoded(std::move(error), DeviceCode::ActivationRefused);
    }
    return recodedIf(std::move(error), DeviceCode::TpmRefusedCommand, DeviceCode::ActivationRefused);
}

} // namespace enroll::tpm
