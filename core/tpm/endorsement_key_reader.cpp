#include "core/tpm/endorsement_key_reader.h"

#include "core/base/device_code.h"
#include "core/tpm/ek_certificate_reader.h"
#include "core/tpm/templates.h"

#include <algorithm>

namespace enroll::tpm {
namespace {

using attestation::EkTemplate;
using attestation::EndorsementKeyReading;

// Source: TCG TPM v2.0 Provisioning Guidance, "Reserved handles": keys of the endorsement hierarchy.
constexpr TPM2_HANDLE kFirstEndorsementHandle = 0x81010000;
constexpr TPM2_HANDLE kLastEndorsementHandle = 0x8101FFFF;
constexpr UINT32 kMostPersistent = 64;

Result<EndorsementKeyReading> readingOf(EsysContext& context, const TpmObject& key, std::optional<TPM2_HANDLE> handle,
                                        EkTemplate templateKind, std::size_t nvBuffer)
{
    EndorsementKeyReading reading;
    TRY_ASSIGN(reading.publicArea, marshalled(key.area));
    reading.source = {handle};
    reading.templateKind = templateKind;
    TRY(addCertificate(context, key, nvBuffer, reading));
    return reading;
}

Result<TpmObject> createEndorsementKey(EsysContext& context, const TPM2B_PUBLIC& templateArea)
{
    auto created = createPrimary(context, ESYS_TR_RH_ENDORSEMENT, templateArea);
    if (!created && created.error().code == DeviceCode::TpmRefusedCommand) {
        auto error = std::move(created).error();
        error.code = DeviceCode::EndorsementKeyUnusable; // a TPM that cannot make this key has none for us
        return error;
    }
    return created;
}

Result<LoadedEndorsementKey> makeDefaultKey(EsysContext& context, attestation::Persistence persistence,
                                            std::size_t nvBuffer)
{
    TRY_ASSIGN(auto created, createEndorsementKey(context, tcgEndorsementKeyTemplate()));
    if (persistence == attestation::Persistence::PersistIfAbsent) {
        TRY(persist(context, created, kEndorsementKeyHandle));
    }
    TRY_ASSIGN(auto reading, readingOf(context, created, std::nullopt, EkTemplate::TcgL1, nvBuffer));
    return LoadedEndorsementKey{std::move(created), std::move(reading)};
}

Result<std::vector<TPM2_HANDLE>> persistentEndorsementHandles(EsysContext& context)
{
    TPMS_CAPABILITY_DATA* data = nullptr;
    const auto asked = Esys_GetCapability(context.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, TPM2_CAP_HANDLES,
                                          kFirstEndorsementHandle, kMostPersistent, nullptr, &data);
    const EsysPtr<TPMS_CAPABILITY_DATA> owned{data};
    TRY(context.check(asked, "TPM2_GetCapability"));
    if (owned->capability != TPM2_CAP_HANDLES) {
        return makeError(DeviceCode::TpmResponseMalformed, "handles were asked, something else came",
                         "TPM2_GetCapability");
    }
    const auto& list = owned->data.handles;
    std::vector<TPM2_HANDLE> handles{list.handle, list.handle + std::min(list.count, kMostPersistent)};
    std::erase_if(handles, [](auto h) { return h < kFirstEndorsementHandle || h > kLastEndorsementHandle; });
    return handles;
}

/// The key at 0x81010001, or nothing if the handle is free. Error D-113 if what is there is no endorsement key.
Result<std::optional<TpmObject>> keyAtDefaultHandle(EsysContext& context)
{
    TRY_ASSIGN(auto found, readPersistent(context, kEndorsementKeyHandle));
    if (found && !isRestrictedDecryptionKey(found->area)) {
        return makeError(DeviceCode::EndorsementKeyUnusable, "what is at 0x81010001 is no endorsement key",
                         "TPM2_ReadPublic");
    }
    return found;
}

Result<void> addKeyAtDefaultHandle(EsysContext& context, std::size_t nvBuffer,
                                   std::vector<EndorsementKeyReading>& readings)
{
    if (const auto key = TRY(keyAtDefaultHandle(context))) {
        readings.push_back(TRY(readingOf(context, *key, kEndorsementKeyHandle, EkTemplate::Unknown, nvBuffer)));
    }
    return {};
}

Result<void> addOtherPersistentKeys(EsysContext& context, std::size_t nvBuffer,
                                    std::vector<EndorsementKeyReading>& readings)
{
    for (const auto handle : TRY(persistentEndorsementHandles(context))) {
        if (handle == kEndorsementKeyHandle) {
            continue;
        }
        TRY_ASSIGN(const auto found, readPersistent(context, handle));
        if (found && isRestrictedDecryptionKey(found->area)) {
            readings.push_back(TRY(readingOf(context, *found, handle, EkTemplate::Unknown, nvBuffer)));
        }
    }
    return {};
}

/// Makes the key of a template: a persistent key that is the same was made from it too; otherwise it is one more. Error
/// D-113 if the TPM cannot make it. Returns its place.
Result<std::size_t> addCreatedKey(EsysContext& context, EkTemplate templateKind, const TPM2B_PUBLIC& templateArea,
                                  std::size_t nvBuffer, std::vector<EndorsementKeyReading>& readings)
{
    TRY_ASSIGN(auto created, createEndorsementKey(context, templateArea));
    TRY_ASSIGN(const auto area, marshalled(created.area));
    const auto same = std::ranges::find(readings, area, &EndorsementKeyReading::publicArea);
    const auto place = static_cast<std::size_t>(same - readings.begin());
    if (same != readings.end()) {
        same->templateKind = templateKind;
    } else {
        readings.push_back(TRY(readingOf(context, created, std::nullopt, templateKind, nvBuffer)));
    }
    TRY(created.handle.release());
    return place;
}

/// A TPM that cannot make the key of a template, as one without RSA, has one key less to present.
Result<std::optional<std::size_t>> placeIfMade(Result<std::size_t> created)
{
    if (!created && created.error().code == DeviceCode::EndorsementKeyUnusable) {
        return std::optional<std::size_t>{};
    }
    return std::optional{TRY(std::move(created))};
}

/// The key of the TCG L-1 template, which stands for the one at 0x81010001 where that handle is free.
Result<void> addDefaultKey(EsysContext& context, std::size_t nvBuffer, std::vector<EndorsementKeyReading>& readings)
{
    const bool handleIsFree =
        readings.empty() || readings.front().source.persistentHandle != std::optional{kEndorsementKeyHandle};
    auto created = addCreatedKey(context, EkTemplate::TcgL1, tcgEndorsementKeyTemplate(), nvBuffer, readings);
    if (!handleIsFree) {
        TRY(placeIfMade(std::move(created)));
        return {};
    }
    const auto place = readings.begin() + static_cast<std::ptrdiff_t>(TRY(std::move(created)));
    std::rotate(readings.begin(), place, place + 1);
    return {};
}

} // namespace

Result<LoadedEndorsementKey> readEndorsementKey(EsysContext& context, attestation::Persistence persistence,
                                                std::size_t nvBuffer)
{
    TRY_ASSIGN(auto found, keyAtDefaultHandle(context));
    if (!found) {
        return makeDefaultKey(context, persistence, nvBuffer);
    }
    TRY_ASSIGN(auto reading, readingOf(context, *found, kEndorsementKeyHandle, EkTemplate::Unknown, nvBuffer));
    return LoadedEndorsementKey{std::move(*found), std::move(reading)};
}

Result<std::vector<EndorsementKeyReading>> readEveryEndorsementKey(EsysContext& context, std::size_t nvBuffer)
{
    std::vector<EndorsementKeyReading> readings;
    TRY(addKeyAtDefaultHandle(context, nvBuffer, readings));
    TRY(addOtherPersistentKeys(context, nvBuffer, readings));
    TRY(addDefaultKey(context, nvBuffer, readings));
    TRY(placeIfMade(
        addCreatedKey(context, EkTemplate::AzureEmptyUnique, azureEndorsementKeyTemplate(), nvBuffer, readings)));
    return readings;
}

} // namespace enroll::tpm
