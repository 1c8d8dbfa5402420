#include "core/tpm/handle_list.h"

#include "core/base/device_code.h"

#include <algorithm>

namespace enroll::tpm {

Result<std::vector<TPM2_HANDLE>> handlesIn(EsysContext& context, const attestation::HandleRange& range,
                                           SaltedSession* session)
{
    constexpr UINT32 kMost = 64;
    TRY_ASSIGN(const auto covered, session == nullptr ? Result<ESYS_TR>{ESYS_TR_NONE} : session->auditing());
    TPMS_CAPABILITY_DATA* data = nullptr;
    const auto asked = Esys_GetCapability(context.get(), covered, ESYS_TR_NONE, ESYS_TR_NONE, TPM2_CAP_HANDLES,
                                          range.first, kMost, nullptr, &data);
    const EsysPtr<TPMS_CAPABILITY_DATA> owned{data};
    TRY(checkInSession(context, asked, "TPM2_GetCapability", session == nullptr ? 0 : 1));
    if (owned->capability != TPM2_CAP_HANDLES) {
        return makeError(DeviceCode::TpmResponseMalformed,
                         "the TPM was asked for handles and returned another capability", "TPM2_GetCapability");
    }
    const auto& list = owned->data.handles;
    std::vector<TPM2_HANDLE> handles{list.handle, list.handle + std::min(list.count, kMost)};
    std::erase_if(handles, [&range](auto handle) { return !range.has(handle); });
    return handles;
}

} // namespace enroll::tpm
