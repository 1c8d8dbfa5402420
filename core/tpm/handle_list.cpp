#include "core/tpm/handle_list.h"

#include "core/base/device_code.h"

#include <algorithm>

namespace enroll::tpm {

Result<std::vector<TPM2_HANDLE>> handlesBetween(EsysContext& context, TPM2_HANDLE first, TPM2_HANDLE last)
{
    constexpr UINT32 kMost = 64;
    TPMS_CAPABILITY_DATA* data = nullptr;
    const auto asked = Esys_GetCapability(context.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, TPM2_CAP_HANDLES,
                                          first, kMost, nullptr, &data);
    const EsysPtr<TPMS_CAPABILITY_DATA> owned{data};
    TRY(context.check(asked, "TPM2_GetCapability"));
    if (owned->capability != TPM2_CAP_HANDLES) {
        return makeError(DeviceCode::TpmResponseMalformed,
                         "the TPM was asked for handles and returned another capability", "TPM2_GetCapability");
    }
    const auto& list = owned->data.handles;
    std::vector<TPM2_HANDLE> handles{list.handle, list.handle + std::min(list.count, kMost)};
    std::erase_if(handles, [first, last](auto handle) { return handle < first || handle > last; });
    return handles;
}

} // namespace enroll::tpm
