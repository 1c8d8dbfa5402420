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
    [[nodiscard]] bool has(TPMA_NV attribute) const noexcept { return (attributes & attribute) != 0; }
};

/// Whose passwords read an index, in the order in which the empty one is tried. Chosen by the attributes: each failed
/// authorisation of an index under dictionary attack protection counts towards lockout, and merely using it counts if the
/// device loses power afterwards. So those whose authorisation never counts come first: the owner, the index itself where
/// NO_DA exempts it, and the platform. An index that only its own password reads is tried as long as no try is used.
///
/// The platform reads only in the place of another who may: what its maker gives the platform alone is for the firmware,
/// and not for a station.
std::vector<ESYS_TR> readersOf(const NvIndex& index, const NvRules& nv)
{
    std::vector<ESYS_TR> readers;
    const bool byItself = index.has(TPMA_NV_AUTHREAD);
    const bool exempt = index.has(TPMA_NV_NO_DA);
    const auto add = [&readers](bool may, ESYS_TR reader) {
        if (may) {
            readers.push_back(reader);
        }
    };
    add(index.has(TPMA_NV_OWNERREAD), ESYS_TR_RH_OWNER);
    add(byItself && exempt, index.handle.get());
    add(index.has(TPMA_NV_PPREAD) && (byItself || index.has(TPMA_NV_OWNERREAD)), ESYS_TR_RH_PLATFORM);
    const bool worthATry = nv.need == NvNeed::Required && nv.failedTries == 0;
    add(byItself && !exempt && !index.has(TPMA_NV_OWNERREAD) && worthATry, index.handle.get());
    return readers;
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
    return std::optional{NvIndex{std::move(found->handle), area.dataSize, area.attributes}};
}

Result<Bytes> readPiece(EsysContext& context, const NvIndex& index, ESYS_TR reader, std::size_t offset,
                        std::size_t size, SaltedSession* session)
{
    TRY_ASSIGN(const auto covered, session == nullptr ? Result<ESYS_TR>{ESYS_TR_NONE} : session->encrypting());
    TPM2B_MAX_NV_BUFFER* data = nullptr;
    const auto read = Esys_NV_Read(context.get(), reader, index.handle.get(), ESYS_TR_PASSWORD, covered, ESYS_TR_NONE,
                                   static_cast<UINT16>(size), static_cast<UINT16>(offset), &data);
    const EsysPtr<TPM2B_MAX_NV_BUFFER> owned{data};
    TRY(checkInSession(context, read, "TPM2_NV_Read", session == nullptr ? 0 : 2));
    if (owned->size != size) {
        return makeError(DeviceCode::TpmResponseMalformed,
                         "the TPM returned another number of bytes than was asked for", "TPM2_NV_Read");
    }
    return toBytes(std::as_bytes(std::span{owned->buffer, owned->size}));
}

Result<Bytes> readAll(EsysContext& context, const NvIndex& index, ESYS_TR reader, std::size_t chunk,
                      SaltedSession* session)
{
    Bytes content;
    if (reader == index.handle.get() && !index.has(TPMA_NV_NO_DA)) {
        context.noteProtectedUse();
    }
    while (content.size() < index.size) {
        const auto offset = content.size();
        TRY_ASSIGN(const auto piece,
                   readPiece(context, index, reader, offset, std::min(chunk, index.size - offset), session));
        content.insert(content.end(), piece.begin(), piece.end());
    }
    return content;
}

bool saysThatAnotherMayRead(const Error& error) noexcept
{
    return error.code == DeviceCode::TpmHierarchyLocked || error.code == DeviceCode::HierarchyOff ||
           hasResponseCode(error, rc::kAuthUnavailable);
}

constexpr auto kAskItsMaker = ": ask the device's maker to give the owner the right to read";

/// Why an index gives out nothing, and what to do.
/// \param platformLocked  the platform may read it, and has a password
std::string whyClosed(const NvIndex& index, const NvRules& nv, bool platformLocked = false)
{
    const std::string only{"gives only "};
    if (index.has(TPMA_NV_READLOCKED)) { // ends with the next TPM2_Startup(CLEAR)
        return "is locked against reading: switch the device off and on; where that does not help, its firmware locks "
               "it at each start";
    }
    if (index.has(TPMA_NV_AUTHREAD) && nv.need == NvNeed::Optional) {
        return only +
               "its own password the right to read; a wrong one counts towards lockout, so that the station does not "
               "try it for what it can do without";
    }
    if (index.has(TPMA_NV_AUTHREAD)) {
        return only + "its own password " +
               (platformLocked ? "and the platform hierarchy, for which a password is set as well, " : "") +
               "the right to read; a wrong one of its own counts towards lockout, and " +
               std::to_string(nv.failedTries) + " of " + std::to_string(nv.triesAllowed) +
               " tries are used, so that the station does not try it: reset the lockout counter, test again";
    }
    if (index.has(TPMA_NV_PPREAD)) {
        return only + "the platform hierarchy the right to read" +
               (platformLocked ? ", for which a password is set, as the device's firmware does at each start" : "") +
               kAskItsMaker;
    }
    return index.has(TPMA_NV_POLICYREAD)
               ? only + "a policy the right to read, which the station does not know" + kAskItsMaker
               : std::string{"gives nobody the right to read"} + kAskItsMaker;
}

NvContent without(TPM2_HANDLE index, std::string_view why, bool unwritten = false)
{
    return {std::nullopt, "NV index 0x" + toHex(ByteWriter{}.u32(index).view()) + " " + std::string{why}, unwritten};
}

NvContent unwritten(TPM2_HANDLE index)
{
    return without(index, "is there, and nothing was ever written to it", true);
}

/// Whether the platform hierarchy has a password, of which no property tells: to read nothing by the empty one is
/// refused then. A wrong password of the platform's never counts towards lockout.
Result<bool> hasPlatformPassword(EsysContext& context, const NvIndex& index)
{
    const auto tried = readPiece(context, index, ESYS_TR_RH_PLATFORM, 0, 0, nullptr);
    if (tried.ok() || tried.error().code == DeviceCode::TpmRefusedCommand || saysThatAnotherMayRead(tried.error())) {
        return !tried.ok() && tried.error().code == DeviceCode::TpmHierarchyLocked;
    }
    return tried.error();
}

/// Why nobody may read, where the TPM refused none who could.
Result<NvContent> closed(EsysContext& context, TPM2_HANDLE handle, const NvIndex& index, const NvRules& nv,
                         bool platformLocked)
{
    if (index.has(TPMA_NV_PPREAD) && !platformLocked) {
        TRY_ASSIGN(platformLocked, hasPlatformPassword(context, index));
    }
    auto content = without(handle, whyClosed(index, nv, platformLocked));
    content.refused = nv.need == NvNeed::Optional && index.has(TPMA_NV_AUTHREAD);
    return content;
}

/// What a refusal comes to.
Result<NvContent> refused(TPM2_HANDLE handle, Error refusal, const NvRules& nv)
{
    if (nv.need == NvNeed::Required) {
        return refusal;
    }
    auto content = without(handle, "is not given out: " + refusal.what);
    content.refused = true;
    return content;
}

/// Reads by the first of readersOf() that the TPM lets do so.
Result<NvContent> readAllowed(EsysContext& context, TPM2_HANDLE handle, const NvIndex& index, const NvRules& nv,
                              SaltedSession* session)
{
    std::optional<Error> refusal;
    bool platformLocked = false;
    for (const auto reader : readersOf(index, nv)) {
        auto content = readAll(context, index, reader, std::clamp(nv.chunk, kSmallestChunk, kLargestChunk), session);
        if (content.ok()) {
            return NvContent{std::move(content).value()};
        }
        if (hasResponseCode(content.error(), rc::kNvUninitialized)) {
            return unwritten(handle);
        }
        const bool refusedAnyhow = nv.need == NvNeed::Optional && content.error().code == DeviceCode::TpmRefusedCommand;
        if (!saysThatAnotherMayRead(content.error()) && !refusedAnyhow) {
            return std::move(content).error();
        }
        if (reader == ESYS_TR_RH_PLATFORM) {
            platformLocked = content.error().code == DeviceCode::TpmHierarchyLocked;
        } else if (!refusal) {
            refusal = std::move(content).error();
        }
    }
    if (!refusal) {
        return closed(context, handle, index, nv, platformLocked);
    }
    if (platformLocked) {
        refusal->what += "; the platform hierarchy may read it as well, and a password is set for that one, as the "
                         "device's firmware does at each start";
    }
    return refused(handle, std::move(*refusal), nv);
}

Result<NvContent> tooLarge(TPM2_HANDLE index, const NvRules& nv)
{
    if (nv.need == NvNeed::Required) {
        return makeError(DeviceCode::TpmResponseMalformed, "an NV index claims more than 16 KiB", "TPM2_NV_ReadPublic");
    }
    return without(index, "claims more than 16 KiB");
}

} // namespace

NvRules nvRulesOf(const TpmProperties& properties)
{
    const auto state = stateOf(properties);
    return {nvBufferSize(properties), state.failedTries, state.triesAllowed, switchesPlatformIndicesOff(properties)};
}

Result<NvContent> readNv(EsysContext& context, TPM2_HANDLE index, const NvRules& nv, SaltedSession* session)
{
    TRY_ASSIGN(const auto opened, openIndex(context, index));
    if (!opened) {
        return NvContent{};
    }
    if (opened->size > kLargestNvContent) {
        return tooLarge(index, nv);
    }
    if (!opened->has(TPMA_NV_WRITTEN)) {
        return unwritten(index);
    }
    if (opened->has(TPMA_NV_READLOCKED)) {
        return without(index, whyClosed(*opened, nv));
    }
    return readAllowed(context, index, *opened, nv, session);
}

} // namespace enroll::tpm
