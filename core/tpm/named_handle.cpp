#include "core/tpm/named_handle.h"

#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/tpm/response_code_table.h"

namespace enroll::tpm {
namespace {

/// What ESYS keeps of an object or an NV index, both parts as the TPM sent them.
struct Serialized {
    bool nvIndex = false;
    Bytes name;
    Bytes area;
};

/// Layout: handle, TPM2B_NAME, kind of the resource, TPM2B_PUBLIC or TPM2B_NV_PUBLIC. Big-endian.
Result<Serialized> parseSerialized(ByteView bytes)
{
    ByteReader reader{bytes};
    TRY_ASSIGN(const auto handle, reader.u32("handle"));
    TRY_ASSIGN(const auto name, reader.sized(sizeof(TPMU_NAME), "name"));
    TRY(reader.u32("kind of the resource"));
    return Serialized{handle >> TPM2_HR_SHIFT == TPM2_HT_NV_INDEX, toBytes(name), toBytes(reader.rest())};
}

/// ESYS reads a public area for itself and gives it out in this form alone. To ask the TPM a second time would cost a
/// command and leave open which of two answers ESYS goes by.
Result<Bytes> serialized(EsysContext& context, ESYS_TR reference)
{
    std::uint8_t* buffer = nullptr;
    std::size_t size = 0;
    const auto code = Esys_TR_Serialize(context.get(), reference, &buffer, &size);
    const EsysPtr<std::uint8_t> owned{buffer};
    TRY(context.check(code, "Esys_TR_Serialize"));
    return toBytes(std::as_bytes(std::span{buffer, size}));
}

/// Asks the TPM for the object or index; nothing if it holds none there.
Result<std::optional<ESYS_TR>> ask(EsysContext& context, TPM2_HANDLE handle, std::string_view command)
{
    ESYS_TR reference = ESYS_TR_NONE;
    const auto found =
        Esys_TR_FromTPMPublic(context.get(), handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &reference);
    if (found == TSS2_RC_SUCCESS) {
        return std::optional{reference};
    }
    auto error = context.errorOf(found, command);
    if (hasResponseCode(error, rc::kHandle)) {
        return std::optional<ESYS_TR>{};
    }
    return error;
}

/// An index that was opened before, as it was then: no command. Should the TPM hold it under another name now, it
/// refuses each command about it that a salted session covers.
Result<NamedHandle> reopened(EsysContext& context, const Bytes& known)
{
    ESYS_TR reference = ESYS_TR_NONE;
    TRY(context.check(Esys_TR_Deserialize(context.get(), u8(ByteView{known}), known.size(), &reference),
                      "Esys_TR_Deserialize"));
    TransientHandle held{context, reference, OnRelease::Close};
    TRY_ASSIGN(auto area, areaOfOwnName(context, reference));
    return NamedHandle{std::move(held), std::move(area)};
}

} // namespace

Result<Bytes> areaOfOwnName(EsysContext& context, ESYS_TR reference)
{
    TRY_ASSIGN(const auto bytes, serialized(context, reference));
    TRY_ASSIGN(auto object, recoded(parseSerialized(bytes), StationCode::InternalFault));
    ByteReader reader{object.area, DeviceCode::TpmResponseMalformed};
    TRY_ASSIGN(const auto area, reader.sized(UINT16_MAX, "public area"));
    TRY_ASSIGN(const auto name, nameOfArea(area, object.nvIndex ? kBeforeNvNameAlgorithm : kBeforeObjectNameAlgorithm));
    if (!equalBytes(name, object.name)) {
        return makeError(DeviceCode::TpmResponseMalformed, "the TPM sent a public area and the name of another one");
    }
    return std::move(object.area);
}

Result<std::optional<NamedHandle>> openByHandle(EsysContext& context, TPM2_HANDLE handle)
{
    const bool nvIndex = handle >> TPM2_HR_SHIFT == TPM2_HT_NV_INDEX;
    auto& opened = context.openedIndices();
    if (const auto known = opened.find(handle); known != opened.end()) {
        TRY_ASSIGN(auto named, reopened(context, known->second));
        return std::optional{std::move(named)};
    }
    TRY_ASSIGN(const auto reference, ask(context, handle, nvIndex ? "TPM2_NV_ReadPublic" : "TPM2_ReadPublic"));
    if (!reference) {
        return std::optional<NamedHandle>{};
    }
    TransientHandle held{context, *reference, OnRelease::Close};
    TRY_ASSIGN(auto area, areaOfOwnName(context, *reference));
    if (nvIndex) {
        TRY_ASSIGN(opened[handle], serialized(context, *reference));
    }
    return std::optional{NamedHandle{std::move(held), std::move(area)}};
}

} // namespace enroll::tpm
