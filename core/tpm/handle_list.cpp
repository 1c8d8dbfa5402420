#include "core/tpm/handle_list.h"

#include "core/base/device_code.h"

#include <algorithm>

namespace enroll::tpm {

namespace {

struct Part {
    std::vector<TPM2_HANDLE> handles;
    bool more = false;
};

Result<Part> ask(EsysContext& context, TPM2_HANDLE first, SaltedSession* session)
{
    constexpr UINT32 kMost = 64;
    TRY_ASSIGN(const auto covered, session == nullptr ? Result<ESYS_TR>{ESYS_TR_NONE} : session->auditing());
    TPMI_YES_NO more = TPM2_NO;
    TPMS_CAPABILITY_DATA* data = nullptr;
    const auto asked = Esys_GetCapability(context.get(), covered, ESYS_TR_NONE, ESYS_TR_NONE, TPM2_CAP_HANDLES, first,
                                          kMost, &more, &data);
    const EsysPtr<TPMS_CAPABILITY_DATA> owned{data};
    TRY(checkInSession(context, asked, "TPM2_GetCapability", session == nullptr ? 0 : 1));
    if (owned->capability != TPM2_CAP_HANDLES) {
        return makeError(DeviceCode::TpmResponseMalformed,
                         "the TPM was asked for handles and returned another capability", "TPM2_GetCapability");
    }
    const auto& list = owned->data.handles;
    return Part{{list.handle, list.handle + std::min(list.count, kMost)}, more == TPM2_YES};
}

} // namespace

Result<std::vector<TPM2_HANDLE>> handlesIn(EsysContext& context, const attestation::HandleRange& range,
                                           SaltedSession* session)
{
    constexpr std::size_t kMostInAll = 256;
    std::vector<TPM2_HANDLE> handles;
    for (auto first = range.first;;) {
        TRY_ASSIGN(auto part, ask(context, first, session));
        std::erase_if(part.handles, [&](auto handle) { return handle < first || handle > range.last; });
        handles.insert(handles.end(), part.handles.begin(), part.handles.end());
        if (handles.size() > kMostInAll) {
            return makeError(DeviceCode::TpmResponseMalformed,
                             "the TPM lists more than " + std::to_string(kMostInAll) + " handles",
                             "TPM2_GetCapability");
        }
        const auto last = part.handles.empty() ? range.last : *std::ranges::max_element(part.handles);
        if (!part.more || last >= range.last) {
            return handles;
        }
        first = last + 1;
    }
}

} // namespace enroll::tpm
