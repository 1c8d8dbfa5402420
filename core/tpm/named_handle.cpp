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
Result<Serialized> serialized(EsysContext& context, ESYS_TR reference)
{
    std::uint8_t* buffer = nullptr;
    std::size_t size = 0;
    const auto code = Esys_TR_Serialize(context.get(), reference, &buffer, &size);
    const EsysPtr<std::uint8_t> owned{buffer};
    TRY(context.check(code, "Esys_TR_Serialize"));
    return recoded(parseSerialized(std::as_bytes(std::span{buffer, size})), StationCode::InternalFault);
}

} // namespace

Result<Bytes> areaOfOwnName(EsysContext& context, ESYS_TR reference)
{
    TRY_ASSIGN(auto object, serialized(context, reference));
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
    ESYS_TR reference = ESYS_TR_NONE;
    const auto found =
        Esys_TR_FromTPMPublic(context.get(), handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &reference);
    if (found != TSS2_RC_SUCCESS) {
        auto error = context.errorOf(found, nvIndex ? "TPM2_NV_ReadPublic" : "TPM2_ReadPublic");
        if (hasResponseCode(error, rc::kHandle)) {
            return std::optional<NamedHandle>{};
        }
        return error;
    }
    TransientHandle held{context, reference, OnRelease::Close};
    TRY_ASSIGN(auto area, areaOfOwnName(context, reference));
    return std::optional{NamedHandle{std::move(held), std::move(area)}};
}

} // namespace enroll::tpm
