#include "core/tpm/endorsement_key_reader.h"

#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/tpm/ek_certificate_reader.h"
#include "core/tpm/handle_list.h"

#include <algorithm>
#include <iterator>

namespace enroll::tpm {
namespace {

using attestation::EkChoice;
using attestation::EkRecipe;
using attestation::EkRow;
using attestation::EkTemplate;
using attestation::EndorsementKeyReading;
using attestation::EndorsementKeySurvey;

// Source: TCG TPM v2.0 Provisioning Guidance, "Reserved handles": keys of the endorsement hierarchy.
constexpr attestation::HandleRange kEndorsementHandles{0x81010000, 0x8101FFFF};

struct KnownKey {
    LoadedEndorsementKey key;
    bool certified = false; ///< key.reading holds a certificate whose public key is this key
};

std::optional<attestation::PublicArea> areaOf(ByteView tpm2bPublic)
{
    auto area = attestation::parsePublic(tpm2bPublic);
    return area ? std::optional{std::move(area).value()} : std::nullopt;
}

/// Reads the certificate of \p object and describes the key.
/// \param handle  the persistent handle at which the key was found; absent for a created key
/// \param kind    the template that created the key; absent for a found key, whose public area has to tell
Result<KnownKey> knownKey(EsysContext& context, TpmObject&& object, std::optional<TPM2_HANDLE> handle,
                          std::optional<EkTemplate> kind, const NvRules& nv)
{
    EndorsementKeyReading reading;
    TRY_ASSIGN(reading.publicArea, marshalled(object.area));
    const auto area = areaOf(reading.publicArea);
    reading.source = {handle};
    reading.templateKind = kind.value_or(area ? ekTemplateOf(*area) : EkTemplate::Unknown);
    TRY_ASSIGN(const auto certified, addCertificate(context, area, nv, reading));
    return KnownKey{{std::move(object), std::move(reading)}, certified};
}

/// How a key is made.
struct Recipe {
    EkRecipe made;
    std::string unreadable; ///< EndorsementKeyReading::recipeUnreadable
};

/// The content of an NV index that holds a template or a nonce; none if the row names no index or it gives out none.
Result<NvContent> storedPart(EsysContext& context, const attestation::NvIndex& index, const NvRules& nv)
{
    return index ? readNv(context, *index, optional(nv)) : NvContent{};
}

/// How the TPM's maker made the key of a row: from the template and the nonce in NV where they exist, else from the row's
/// own template.
/// Source: TCG EK Credential Profile, "EK Template" and "EK Nonce".
Result<Recipe> recipeOf(EsysContext& context, const EkRow& row, const NvRules& nv)
{
    TRY_ASSIGN(const auto storedTemplate, storedPart(context, *row.storedTemplate, nv));
    TRY_ASSIGN(const auto nonce, storedPart(context, *row.nonce, nv));
    Recipe recipe{ekRecipe(row, storedTemplate.bytes, nonce.bytes), {}};
    for (const auto* part : {&nonce, &storedTemplate}) {
        if (!part->why.empty() && !part->unwritten) {
            recipe.unreadable = part->why;
        }
    }
    return recipe;
}

/// Creates a key. Error D-113 if the TPM refuses to.
Result<KnownKey> makeKey(EsysContext& context, const Recipe& recipe, const NvRules& nv)
{
    // A TPM that lacks the algorithm has no such endorsement key.
    TRY_ASSIGN(auto object, recodedIf(createPrimary(context, ESYS_TR_RH_ENDORSEMENT, recipe.made.area),
                                      DeviceCode::TpmRefusedCommand, DeviceCode::EndorsementKeyUnusable));
    TRY_ASSIGN(auto known, knownKey(context, std::move(object), std::nullopt, recipe.made.kind, nv));
    known.key.reading.recipeUnreadable = recipe.unreadable;
    return known;
}

/// The key at the row's handle, or nothing if the handle is free. Error D-135 if what is there is no endorsement key.
Result<std::optional<TpmObject>> keyAtHandle(EsysContext& context, const EkRow& row)
{
    TRY_ASSIGN(auto found, readPersistent(context, *row.handle));
    if (found && !isRestrictedDecryptionKey(found->area)) {
        return makeError(DeviceCode::NotAsShipped,
                         "the object at 0x" + toHex(ByteWriter{}.u32(*row.handle).view()) +
                             " is not an endorsement key",
                         "TPM2_ReadPublic");
    }
    return found;
}

Result<KnownKey> keyAtHandleOrMade(EsysContext& context, const EkRow& row, const NvRules& nv)
{
    TRY_ASSIGN(auto found, keyAtHandle(context, row));
    if (!found) {
        TRY_ASSIGN(const auto recipe, recipeOf(context, row, nv));
        return makeKey(context, recipe, nv);
    }
    return knownKey(context, std::move(*found), *row.handle, std::nullopt, nv);
}

/// What lies at the handle where the key of a row is persistent.
struct AtRowHandle {
    bool taken = false;
    Bytes publicArea; ///< TPM2B_PUBLIC of what is there
    std::optional<KnownKey>
        candidate; ///< a key whose algorithm is the row's, so that the row's template may have made it
};

Result<AtRowHandle> readAtRowHandle(EsysContext& context, const EkRow& row, const NvRules& nv)
{
    TRY_ASSIGN(auto found, readPersistent(context, *row.handle));
    if (!found) {
        return AtRowHandle{};
    }
    TRY_ASSIGN(auto bytes, marshalled(found->area));
    const auto area = areaOf(bytes);
    if (!area || !hasAlgorithmOf(*area, row)) {
        return AtRowHandle{true, std::move(bytes), {}};
    }
    TRY_ASSIGN(auto known, knownKey(context, std::move(*found), *row.handle, std::nullopt, nv));
    return AtRowHandle{true, std::move(bytes), std::move(known)};
}

/// The key that the row's template creates, as the persistent object at the row's handle where that is the same key.
///
/// A TPM derives a primary key from its seed and the template alone, so that the same public area means the same key.
Result<KnownKey> keyOfTemplate(EsysContext& context, const EkRow& row, const NvRules& nv)
{
    TRY_ASSIGN(auto there, readAtRowHandle(context, row, nv));
    auto& candidate = there.candidate;
    if (candidate && candidate->certified && candidate->key.reading.certificateIndex == *row.certificate) {
        return std::move(*candidate); // the row's certificate proves which key it is; creating it would take seconds
    }
    TRY_ASSIGN(const auto recipe, recipeOf(context, row, nv));
    TRY_ASSIGN(auto made, makeKey(context, recipe, nv));
    if (!candidate || candidate->key.reading.publicArea != made.key.reading.publicArea) {
        made.key.reading.handleTaken = there.taken;
        if (there.taken) {
            made.key.reading.otherKeys.push_back(std::move(there.publicArea));
        }
        return made;
    }
    TRY(made.key.object.handle.release());
    candidate->key.reading.templateKind = made.key.reading.templateKind;
    candidate->key.reading.recipeUnreadable = std::move(made.key.reading.recipeUnreadable);
    return std::move(*candidate);
}

/// The key that was read lies at the handle where device SDKs look as well.
Result<void> addOwnKeyAtSdkHandle(TpmObject&& there, LoadedEndorsementKey& key)
{
    if (key.reading.source.persistentHandle) {
        key.reading.copyAt = attestation::kDeviceSdkHandle;
        key.others.push_back(std::move(there));
        return {};
    }
    TRY(key.object.handle.release()); // was made for this reading: the persistent one is what the device uses
    key.object = std::move(there);
    key.reading.source = {attestation::kDeviceSdkHandle};
    key.reading.ownKeyAtSdkHandle = true;
    return {};
}

/// Says what is persistent at the handle where device SDKs look. certifiedKeyAt is filled in before.
Result<void> addKeyAtSdkHandle(EsysContext& context, const NvRules& nv, LoadedEndorsementKey& key)
{
    using attestation::kDeviceSdkHandle;
    auto& reading = key.reading;
    const bool known = reading.certifiedKeyAt == kDeviceSdkHandle; // opened already: ESYS knows one object a handle
    reading.ownKeyAtSdkHandle = known || reading.source.persistentHandle == kDeviceSdkHandle;
    if (reading.ownKeyAtSdkHandle) {
        reading.otherKeyAt = known ? std::optional{kDeviceSdkHandle} : std::nullopt;
        return {};
    }
    TRY_ASSIGN(auto found, readPersistent(context, kDeviceSdkHandle));
    if (!found) {
        return {};
    }
    TRY_ASSIGN(auto there, knownKey(context, std::move(*found), kDeviceSdkHandle, std::nullopt, optional(nv)));
    if (there.key.reading.publicArea == reading.publicArea) {
        return addOwnKeyAtSdkHandle(std::move(there.key.object), key);
    }
    reading.ownKeyAtSdkHandle = there.certified;
    reading.otherKeyAt = kDeviceSdkHandle;
    reading.otherKeys.push_back(std::move(there.key.reading.publicArea));
    key.others.push_back(std::move(there.key.object));
    return {};
}

/// The TPM2B_PUBLIC of the key at a handle that the TPM lists, or nothing where no endorsement key lies: the handle is free, or
/// taken by a signing key or an object of a kind that tpm2-tss does not know.
Result<std::optional<Bytes>> keyBeside(EsysContext& context, TPM2_HANDLE handle)
{
    TRY_ASSIGN(auto area, areaOfPersistent(context, handle));
    if (area && !isRestrictedDecryptionKey(ByteView{*area})) {
        area.reset();
    }
    return area;
}

/// The object at \p handle, whose public area was \p area a command ago. Error D-132 if it is not any more.
Result<TpmObject> openedAgain(EsysContext& context, TPM2_HANDLE handle, const Bytes& area)
{
    TRY_ASSIGN(auto found, readPersistent(context, handle));
    if (found) {
        TRY_ASSIGN(const auto bytes, marshalled(found->area));
        if (bytes == area) {
            return std::move(*found);
        }
    }
    return makeError(DeviceCode::AnswersChanged,
                     "the object at " + attestation::handleText(handle) + " changed between two readings in one test",
                     "TPM2_ReadPublic");
}

/// Says at which persistent handle the key lies that the certificate is for, where \p known is another key: a device that
/// was given its endorsement key at a handle of its own. Nothing is asked of the TPM where the certificate is this key's
/// or absent.
Result<void> addCertifiedKeyAt(EsysContext& context, KnownKey& known)
{
    auto& reading = known.key.reading;
    if (known.certified || !reading.certificateNv) {
        return {};
    }
    TRY_ASSIGN(const auto handles, handlesIn(context, kEndorsementHandles));
    context.handlesAsSaid().lists.push_back({kEndorsementHandles, handles});
    for (const auto handle : handles) {
        if (handle == reading.source.persistentHandle) { // opened already: ESYS knows one object a handle
            continue;
        }
        TRY_ASSIGN(auto bytes, keyBeside(context, handle));
        if (!bytes) {
            continue;
        }
        const auto area = areaOf(*bytes);
        reading.otherKeys.push_back(std::move(*bytes));
        if (area && holdsCertificateOf(*reading.certificateNv, *area)) {
            TRY_ASSIGN(auto found, openedAgain(context, handle, reading.otherKeys.back()));
            reading.certifiedKeyAt = handle;
            known.key.others.push_back(std::move(found));
            return {};
        }
    }
    return {};
}

/// Adds a key to the list. If the list has it, only its persistent handle and its template are filled in where unknown.
void merge(EndorsementKeyReading&& reading, std::vector<EndorsementKeyReading>& readings)
{
    const auto same = std::ranges::find(readings, reading.publicArea, &EndorsementKeyReading::publicArea);
    if (same == readings.end()) {
        readings.push_back(std::move(reading));
        return;
    }
    if (!same->source.persistentHandle) {
        same->source = reading.source;
    }
    if (same->templateKind == EkTemplate::Unknown) {
        same->templateKind = reading.templateKind;
    }
    if (same->recipeUnreadable.empty()) {
        same->recipeUnreadable = std::move(reading.recipeUnreadable);
    }
}

/// Adds the keys at persistent handles but at \p chosen, whose key the list has.
Result<void> addPersistentKeys(EsysContext& context, const NvRules& nv, std::optional<std::uint32_t> chosen,
                               std::vector<EndorsementKeyReading>& readings)
{
    TRY_ASSIGN(const auto handles, handlesIn(context, kEndorsementHandles));
    for (const auto handle : handles) {
        if (handle == chosen) {
            continue;
        }
        TRY_ASSIGN(const auto bytes, keyBeside(context, handle));
        if (bytes) {
            TRY_ASSIGN(auto found, openedAgain(context, handle, *bytes));
            TRY_ASSIGN(auto known, knownKey(context, std::move(found), handle, std::nullopt, nv));
            merge(std::move(known.key.reading), readings);
        }
    }
    return {};
}

/// Creates a key and adds it. A TPM that cannot create it, such as one without RSA, just has one key less.
Result<void> addMadeKey(EsysContext& context, const Recipe& recipe, const NvRules& nv,
                        std::vector<EndorsementKeyReading>& readings)
{
    auto made = makeKey(context, recipe, nv);
    if (!made && made.error().code == DeviceCode::EndorsementKeyUnusable) {
        return {};
    }
    TRY_ASSIGN(auto known, std::move(made));
    TRY(known.key.object.handle.release());
    merge(std::move(known.key.reading), readings);
    return {};
}

/// True if the first reading is the key that the row's template made.
bool wasMade(const EndorsementKeySurvey& survey, const EkRow& row, const EkChoice& choice)
{
    return !survey.notChosen && !survey.readings.front().source.persistentHandle && *row.kind == choice.kind;
}

/// Adds what can be made of a row: the key of its maker's recipe and, where that recipe is another than the row's own
/// template, that template's key beside it. Device software that does not read NV makes the latter.
Result<void> addKeysOf(EsysContext& context, const EkRow& row, const EkChoice& choice, const NvRules& nv,
                       EndorsementKeySurvey& survey)
{
    TRY_ASSIGN(const auto recipe, recipeOf(context, row, nv));
    if (!wasMade(survey, row, choice)) {
        TRY(addMadeKey(context, recipe, nv, survey.readings));
    }
    if (recipe.made.kind != EkTemplate::Nv) {
        return {};
    }
    return addMadeKey(context, {{attestation::ekTemplateArea(row), *row.kind}, {}}, nv, survey.readings);
}

} // namespace

Result<LoadedEndorsementKey> readEndorsementKey(EsysContext& context, const EkChoice& choice, const NvRules& nv)
{
    const auto& row = choice.row();
    if (choice.rule == EkChoice::Rule::AtHandle) {
        TRY_ASSIGN(auto found, keyAtHandleOrMade(context, row, nv));
        TRY(addCertifiedKeyAt(context, found));
        return std::move(found.key);
    }
    TRY_ASSIGN(auto made, keyOfTemplate(context, row, nv));
    TRY(addCertifiedKeyAt(context, made));
    TRY(addKeyAtSdkHandle(context, nv, made.key));
    return std::move(made.key);
}

Result<EndorsementKeySurvey> readEveryEndorsementKey(EsysContext& context, const EkChoice& choice, const NvRules& rules)
{
    const auto nv = optional(rules); // to look must cost the TPM nothing
    EndorsementKeySurvey survey;
    std::optional<std::uint32_t> handle;
    auto chosen = readEndorsementKey(context, choice, nv);
    if (chosen.ok()) {
        auto key = std::move(chosen).value();
        handle = key.reading.source.persistentHandle;
        survey.readings.push_back(std::move(key.reading));
        TRY(key.object.handle.release());
    } else if (chosen.error().code == DeviceCode::EndorsementKeyUnusable ||
               chosen.error().code == DeviceCode::NotAsShipped) {
        survey.notChosen = std::move(chosen).error();
    } else {
        return std::move(chosen).error();
    }
    TRY(addPersistentKeys(context, nv, handle, survey.readings));
    for (const auto& row : attestation::ekCatalog()) {
        TRY(addKeysOf(context, row, choice, nv, survey));
    }
    return survey;
}

std::vector<TPM2_HANDLE> unreadHandles(EsysContext& context, const std::vector<TPM2_HANDLE>& listed)
{
    const auto& read = context.handlesAsSaid().taken;
    std::vector<TPM2_HANDLE> unread;
    std::ranges::copy_if(listed, std::back_inserter(unread),
                         [&read](auto handle) { return kEndorsementHandles.has(handle) && !read.contains(handle); });
    return unread;
}

Result<std::vector<Bytes>> readKeysAt(EsysContext& context, const std::vector<TPM2_HANDLE>& handles)
{
    std::vector<Bytes> keys;
    for (const auto handle : handles) {
        TRY_ASSIGN(auto area, keyBeside(context, handle));
        if (context.handlesAsSaid().free.contains(handle)) {
            return makeError(DeviceCode::AnswersChanged,
                             "the TPM lists the handle " + attestation::handleText(handle) +
                                 " as taken, and it was said to be free",
                             "TPM2_ReadPublic");
        }
        if (area) {
            keys.push_back(std::move(*area));
        }
    }
    return keys;
}

} // namespace enroll::tpm
