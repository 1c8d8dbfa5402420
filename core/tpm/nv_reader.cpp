#include "core/tpm/nv_reader.h"

#include "core/base/device_code.h"
#include "core/tpm/response_code_table.h"
#include "core/tpm/transient_handle.h"

#include <algorithm>

namespace enroll::tpm {
namespace {

constexpr std::size_t kSmallestChunk = 64; // a device that claims less would make a certificate thousands of commands
constexpr std::size_t kLargestChunk = 1024;

struct NvIndex {
    TransientHandle handle;
    std::size_t size = 0;
    ESYS_TR authorization = ESYS_TR_NONE;
};

Result<std::optional<TransientHandle>> findIndex(EsysContext& context, TPM2_HANDLE index)
{
    ESYS_TR reference = ESYS_TR_NONE;
    const auto found =
        Esys_TR_FromTPMPublic(context.get(), index, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &reference);
    if (found == TSS2_RC_SUCCESS) {
        return std::optional{TransientHandle{context, reference, OnRelease::Close}};
    }
    auto error = context.errorOf(found, "TPM2_NV_ReadPublic");
    if (hasResponseCode(error, rc::kHandle)) {
        return std::optional<TransientHandle>{};
    }
    return error;
}

Result<std::optional<NvIndex>> openIndex(EsysContext& context, TPM2_HANDLE index)
{
    TRY_ASSIGN(auto handle, findIndex(context, index));
    if (!handle) {
        return std::optional<NvIndex>{};
    }
    TPM2B_NV_PUBLIC* area = nullptr;
    const auto read =
        Esys_NV_ReadPublic(context.get(), handle->get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &area, nullptr);
    const EsysPtr<TPM2B_NV_PUBLIC> owned{area};
    TRY(context.check(read, "TPM2_NV_ReadPublic"));
    if (owned->nvPublic.dataSize > kLargestNvContent) {
        return makeError(DeviceCode::TpmResponseMalformed, "an NV index claims more than 16 KiB", "TPM2_NV_ReadPublic");
    }
    // By its attributes, not by trying: a wrong guess could count towards the TPM's lockout.
    const bool byItself = (owned->nvPublic.attributes & TPMA_NV_AUTHREAD) != 0;
    const auto authorization = byItself ? handle->get() : ESYS_TR_RH_OWNER;
    return std::optional{NvIndex{std::move(*handle), owned->nvPublic.dataSize, authorization}};
}

Result<Bytes> readPiece(EsysContext& context, const NvIndex& index, std::size_t offset, std::size_t size)
{
    TPM2B_MAX_NV_BUFFER* data = nullptr;
    const auto read =
        Esys_NV_Read(context.get(), index.authorization, index.handle.get(), ESYS_TR_PASSWORD, ESYS_TR_NONE,
                     ESYS_TR_NONE, static_cast<UINT16>(size), static_cast<UINT16>(offset), &data);
    const EsysPtr<TPM2B_MAX_NV_BUFFER> owned{data};
    TRY(context.check(read, "TPM2_NV_Read"));
    if (owned->size != size) {
        return makeError(DeviceCode::TpmResponseMalformed, "the TPM returned another length than asked",
                         "TPM2_NV_Read");
    }
    return toBytes(std::as_bytes(std::span{owned->buffer, owned->size}));
}

Result<Bytes> readAll(EsysContext& context, const NvIndex& index, std::size_t chunk)
{
    Bytes content;
    while (content.size() < index.size) {
        TRY_ASSIGN(const auto piece,
                   readPiece(context, index, content.size(), std::min(chunk, index.size - content.size())));
        content.insert(content.end(), piece.begin(), piece.end());
    }
    return content;
}

} // namespace

Result<std::optional<Bytes>> readNv(EsysContext& context, TPM2_HANDLE index, std::size_t chunk)
{
    TRY_ASSIGN(auto opened, openIndex(context, index));
    if (!opened) {
        return std::optional<Bytes>{};
    }
    auto content = readAll(context, *opened, std::clamp(chunk, kSmallestChunk, kLargestChunk));
    if (!content && hasResponseCode(content.error(), rc::kNvUninitialized)) {
        return std::optional<Bytes>{};
    }
    return std::optional{TRY(std::move(content))};
}

} // namespace enroll::tpm
