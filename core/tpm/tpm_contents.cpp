#include "core/tpm/tpm_contents.h"

#include "core/base/device_code.h"
#include "core/crypto/certificate.h"
#include "core/tpm/ek_certificate_reader.h"
#include "core/tpm/handle_list.h"
#include "core/tpm/named_handle.h"

#include <algorithm>

namespace enroll::tpm {
namespace {

/// The attributes of an index; nothing if it is said in the clear that there is none. The command in the session is
/// refused unless the TPM has exactly this public area there.
Result<std::optional<TPMA_NV>> attributesOf(EsysContext& context, TPM2_HANDLE index, SaltedSession& session)
{
    TRY_ASSIGN(const auto opened, openByHandle(context, index));
    if (!opened) {
        return std::optional<TPMA_NV>{};
    }
    TRY_ASSIGN(const auto covered, session.auditing());
    TPM2B_NV_PUBLIC* area = nullptr;
    const auto read =
        Esys_NV_ReadPublic(context.get(), opened->handle.get(), covered, ESYS_TR_NONE, ESYS_TR_NONE, &area, nullptr);
    const EsysPtr<TPM2B_NV_PUBLIC> owned{area};
    TRY(checkInSession(context, read, "TPM2_NV_ReadPublic", 1));
    return std::optional{owned->nvPublic.attributes};
}

/// Whether the owner defined an index in the makers' ranges, which the TPM listed in the session.
Result<bool> isOwners(EsysContext& context, TPM2_HANDLE index, SaltedSession& session)
{
    TRY_ASSIGN(const auto attributes, attributesOf(context, index, session));
    return !attributes || (*attributes & TPMA_NV_PLATFORMCREATE) == 0; // nobody can say what a denied one is
}

/// True if an index that the TPM listed in the session holds more than filler, or is denied.
/// \param unreadable  see requireNoHiddenCertificate()
Result<bool> holdsSomething(EsysContext& context, TPM2_HANDLE index, const NvRules& nv, const std::string& unreadable,
                            SaltedSession& session)
{
    TRY_ASSIGN(const auto attributes, attributesOf(context, index, session));
    if (!attributes) {
        return !nv.platformIndicesOff; // listed, and denied when asked for: the TPM itself does so where they are off
    }
    if ((*attributes & TPMA_NV_WRITTEN) == 0) {
        return false;
    }
    TRY_ASSIGN(const auto content, readNv(context, index, nv, &session));
    if (!content
             .bytes) { // what the station heard before, or a refusal that the TPM never made: it says that it was written
        return content.unwritten || content.why.empty() || unreadable.empty();
    }
    const auto found = crypto::certificatesFromNv(*content.bytes);
    return !found.ok() || !found->certificates.empty();
}

bool has(const std::vector<TPM2_HANDLE>& handles, TPM2_HANDLE handle)
{
    return std::ranges::find(handles, handle) != handles.end();
}

/// Adds \p handle to what the TPM lists, if it has an object there all the same.
Result<void> addIfTaken(EsysContext& context, TPM2_HANDLE handle, std::vector<TPM2_HANDLE>& listed,
                        SaltedSession& session)
{
    TRY_ASSIGN(const auto itself, handlesIn(context, {handle, handle}, &session));
    listed.insert(listed.end(), itself.begin(), itself.end());
    return {};
}

/// Asks for the handles of which something was said, and about which the list leaves a doubt.
Result<void> settle(EsysContext& context, const HandlesAsSaid& said, std::vector<TPM2_HANDLE>& listed,
                    SaltedSession& session)
{
    for (const auto handle : said.taken) {
        if (!has(listed, handle)) {
            TRY(addIfTaken(context, handle, listed, session));
        }
    }
    for (const auto handle : said.free) {
        if (!listed.empty() && handle > std::ranges::max(listed)) {
            TRY(addIfTaken(context, handle, listed, session));
        }
    }
    return {};
}

/// A handle that is not as it was said to be in the clear; nothing if all are.
std::optional<TPM2_HANDLE> firstLie(const HandlesAsSaid& said, const std::vector<TPM2_HANDLE>& listed)
{
    for (const auto handle : listed) {
        const auto wasLeftOut = [handle](const HandlesAsSaid::List& list) {
            return list.range.has(handle) && !has(list.handles, handle);
        };
        const bool leftOut = !said.taken.contains(handle) && std::ranges::any_of(said.lists, wasLeftOut);
        if (said.free.contains(handle) || leftOut) {
            return handle;
        }
    }
    const auto gone = std::ranges::find_if(said.taken, [&](auto handle) { return !has(listed, handle); });
    return gone == said.taken.end() ? std::nullopt : std::optional{*gone};
}

constexpr attestation::HandleRange kTransientObjects{0x80000000, 0x80FFFFFF};

std::size_t objectsOf(const LoadedHandles& handles)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(handles, [](auto handle) { return kTransientObjects.has(handle); }));
}

} // namespace

Result<std::vector<TPM2_HANDLE>> listPersistentObjects(EsysContext& context, SaltedSession& session)
{
    TRY_ASSIGN(auto listed, handlesIn(context, attestation::kPersistentObjects, &session));
    const auto& said = context.handlesAsSaid();
    TRY(settle(context, said, listed, session));
    if (const auto lie = firstLie(said, listed)) {
        return makeError(DeviceCode::AnswersChanged,
                         "the handle " + attestation::handleText(*lie) + " was said to be " +
                             (has(listed, *lie) ? "free, and an object lies there" : "taken, and is free"),
                         "TPM2_GetCapability");
    }
    return listed;
}

Result<std::vector<TPM2_HANDLE>> listOwnerIndices(EsysContext& context, SaltedSession& session)
{
    TRY_ASSIGN(const auto listed, handlesIn(context, attestation::kOwnerIndices, &session));
    std::vector<TPM2_HANDLE> indices;
    for (const auto index : listed) {
        bool counts = !attestation::kMakerIndices.has(index);
        if (!counts) {
            TRY_ASSIGN(counts, isOwners(context, index, session));
        }
        if (counts) {
            indices.push_back(index);
        }
    }
    return indices;
}

Result<void> requireNoStranger(EsysContext& context, const LoadedHandles& own, const LoadedHandles& left,
                               SaltedSession& session)
{
    TRY_ASSIGN(const auto listed, handlesIn(context, kTransientObjects, &session));
    if (listed.size() > objectsOf(own)) {
        const std::string_view cure =
            objectsOf(left) == 0 ? ""
                                 : "; at the beginning it said that one was loaded, and refused to let go of it: "
                                   "switch the device off and on, test again";
        return makeError(DeviceCode::AnswersChanged,
                         "the TPM holds an object that the station did not load" + std::string{cure},
                         "TPM2_GetCapability");
    }
    return {};
}

Result<void> requireThere(EsysContext& context, TPM2_HANDLE handle, SaltedSession& session)
{
    TRY_ASSIGN(const auto listed, handlesIn(context, {handle, handle}, &session));
    if (listed.empty()) {
        return makeError(DeviceCode::AnswersChanged,
                         "a key was read at " + attestation::handleText(handle) + ", and the handle is free",
                         "TPM2_GetCapability");
    }
    return {};
}

Result<void> requireNoHiddenCertificate(EsysContext& context, const TpmObject& key, const NvRules& nv,
                                        const std::string& unreadable, SaltedSession& session)
{
    TRY_ASSIGN(const auto bytes, marshalled(key.area));
    const auto area = attestation::parsePublic(bytes);
    const auto expected = area.ok() ? certificateIndices(*area) : std::vector<TPM2_HANDLE>{};
    if (expected.empty()) {
        return {};
    }
    const auto [first, last] = std::ranges::minmax(expected);
    TRY_ASSIGN(const auto listed, handlesIn(context, {first, last}, &session));
    for (const auto index : expected) {
        if (!has(listed, index)) {
            continue;
        }
        TRY_ASSIGN(const bool hidden, holdsSomething(context, index, nv, unreadable, session));
        if (hidden) {
            return makeError(DeviceCode::AnswersChanged,
                             "the NV index " + attestation::handleText(index) +
                                 " of the EK certificate was said to be empty, and is not",
                             "TPM2_GetCapability");
        }
    }
    return {};
}

} // namespace enroll::tpm
