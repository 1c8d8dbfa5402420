#include "core/tpm/nv_reader.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/tpm/named_handle.h"
#include "core/tpm/response_code_table.h"

#include <tss2/tss2_mu.h>

#include <algorithm>

namespace enroll::tpm {
namespace {

constexpr std::size_t kSmallestChunk = 64; // a device that claims 1 would make a certificate thousands of commands
constexpr std::size_t kLargestChunk = 1024;

struct NvIndex {
    TransientHandle handle;
    std::size_t size = 0;
    TPMA_NV attributes = 0;
    ESYS_TR authorization = ESYS_TR_NONE; ///< whose password reads it; none if neither the owner's nor its own does
};

/// Who authorises the reading, chosen by the attributes and never by trying: each failed authorisation of an index
/// under dictionary attack protection counts towards lockout. Merely using such an index counts as a failure if the
/// device loses power afterwards, so the owner, whose authorisation never counts, comes first.
ESYS_TR authorizationFor(TPMA_NV attributes, ESYS_TR index) noexcept
{
    if ((attributes & TPMA_NV_READLOCKED) != 0) {
        return ESYS_TR_NONE;
    }
    if ((attributes & TPMA_NV_OWNERREAD) != 0) {
        return ESYS_TR_RH_OWNER;
    }
    return (attributes & TPMA_NV_AUTHREAD) != 0 ? index : ESYS_TR_NONE;
}

/// True if reading failed because the owner has a password, and the index may be tried by its own empty password
/// without risk: it has AUTHREAD, and NO_DA exempts it from dictionary attack protection.
bool mayTryByItself(const NvIndex& index, const Error& error) noexcept
{
    constexpr TPMA_NV kFree = TPMA_NV_AUTHREAD | TPMA_NV_NO_DA;
    return error.code == DeviceCode::TpmHierarchyLocked && index.authorization == ESYS_TR_RH_OWNER &&
           (index.attributes & kFree) == kFree;
}

Result<TPMS_NV_PUBLIC> unmarshalled(ByteView area)
{
    TPM2B_NV_PUBLIC read{};
    std::size_t offset = 0;
    if (Tss2_MU_TPM2B_NV_PUBLIC_Unmarshal(u8(area), area.size(), &offset, &read) != TSS2_RC_SUCCESS) {
        return makeError(StationCode::InternalFault, "the TPM library does not know this NV index's public area");
    }
    return read.nvPublic;
}

/// Reads size and attributes of an index; nothing if it does not exist.
Result<std::optional<NvIndex>> openIndex(EsysContext& context, TPM2_HANDLE index)
{
    TRY_ASSIGN(auto found, openByHandle(context, index));
    if (!found) {
        return std::optional<NvIndex>{};
    }
    TRY_ASSIGN(const auto area, unmarshalled(found->area));
    if (area.dataSize > kLargestNvContent) {
        return makeError(DeviceCode::TpmResponseMalformed, "an NV index claims more than 16 KiB", "TPM2_NV_ReadPublic");
    }
    const auto authorization = authorizationFor(area.attributes, found->handle.get());
    return std::optional{NvIndex{std::move(found->handle), area.dataSize, area.attributes, authorization}};
}

Result<Bytes> readPiece(EsysContext& context, const NvIndex& index, std::size_t offset, std::size_t size,
                        SaltedSession* session)
{
    TRY_ASSIGN(const auto covered, session == nullptr ? Result<ESYS_TR>{ESYS_TR_NONE} : session->encrypting());
    TPM2B_MAX_NV_BUFFER* data = nullptr;
    const auto read = Esys_NV_Read(context.get(), index.authorization, index.handle.get(), ESYS_TR_PASSWORD, covered,
                                   ESYS_TR_NONE, static_cast<UINT16>(size), static_cast<UINT16>(offset), &data);
    const EsysPtr<TPM2B_MAX_NV_BUFFER> owned{data};
    TRY(checkInSession(context, read, "TPM2_NV_Read", session == nullptr ? 0 : 2));
    if (owned->size != size) {
        return makeError(DeviceCode::TpmResponseMalformed,
                         "the TPM returned another number of bytes than was asked for", "TPM2_NV_Read");
    }
    return toBytes(std::as_bytes(std::span{owned->buffer, owned->size}));
}

Result<Bytes> readAll(EsysContext& context, const NvIndex& index, std::size_t chunk, SaltedSession* session)
{
    Bytes content;
    if (index.authorization == index.handle.get() && (index.attributes & TPMA_NV_NO_DA) == 0) {
        context.noteProtectedUse();
    }
    while (content.size() < index.size) {
        TRY_ASSIGN(const auto piece,
                   readPiece(context, index, content.size(), std::min(chunk, index.size - content.size()), session));
        content.insert(content.end(), piece.begin(), piece.end());
    }
    return content;
}

/// Reads by the chosen authorisation, and once more by the index's own where that is free of risk.
Result<Bytes> readAllowed(EsysContext& context, NvIndex& index, std::size_t chunk, SaltedSession* session)
{
    auto content = readAll(context, index, chunk, session);
    if (!content && mayTryByItself(index, content.error())) {
        index.authorization = index.handle.get();
        return readAll(context, index, chunk, session);
    }
    return content;
}

NvContent unreadable(TPM2_HANDLE index, std::string_view why)
{
    return {std::nullopt, "NV index 0x" + toHex(ByteWriter{}.u32(index).view()) + " " + std::string{why}};
}

} // namespace

Result<NvContent> readNv(EsysContext& context, TPM2_HANDLE index, std::size_t chunk, SaltedSession* session)
{
    TRY_ASSIGN(auto opened, openIndex(context, index));
    if (!opened) {
        return NvContent{};
    }
    if (opened->authorization == ESYS_TR_NONE) {
        return unreadable(index, (opened->attributes & TPMA_NV_READLOCKED) != 0
                                     ? "is locked against reading"
                                     : "gives neither the owner nor its own password the right to read");
    }
    auto content = readAllowed(context, *opened, std::clamp(chunk, kSmallestChunk, kLargestChunk), session);
    if (!content && hasResponseCode(content.error(), rc::kNvUninitialized)) {
        return NvContent{};
    }
    TRY_ASSIGN(auto bytes, std::move(content));
    return NvContent{std::move(bytes), {}};
}

} // namespace enroll::tpm
