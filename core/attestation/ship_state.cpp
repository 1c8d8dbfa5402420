#include "core/attestation/ship_state.h"

#include "core/attestation/attestation_policy.h"
#include "core/attestation/key_findings.h"
#include "core/base/text.h"

#include <algorithm>
#include <set>

namespace enroll::attestation {
namespace {

bool named(const std::vector<HandleRange>& ranges, std::uint32_t handle) noexcept
{
    return std::ranges::any_of(ranges, [handle](const auto& range) { return range.has(handle); });
}

/// "0x81000002, 0x81000003"; of many the first few.
std::string listed(const std::vector<std::uint32_t>& handles)
{
    constexpr std::size_t kMost = 8;
    std::vector<std::string> texts;
    for (const auto handle : handles) {
        if (texts.size() == kMost) {
            texts.emplace_back("and others");
            break;
        }
        texts.push_back(handleText(handle));
    }
    return joined(texts);
}

/// True if the object at \p handle is the key that the profile enrolls, or a certified one.
bool isOwnKey(std::uint32_t handle, const EndorsementKeyReading& key) noexcept
{
    return key.source.persistentHandle == handle || key.certifiedKeyAt == handle ||
           (handle == kDeviceSdkHandle && key.ownKeyAtSdkHandle);
}

std::string keyText(std::uint32_t handle, const EndorsementKeyReading& key, const AttestationPolicy& policy)
{
    if (key.copyAt == handle) {
        return copyText(key, policy);
    }
    return "The key at " + handleText(handle) +
           " is neither the one that the profile enrolls nor a certified one: a device SDK that takes the key there "
           "shows that one to the cloud.";
}

/// What Azure's device SDKs leave in a TPM when they register a device.
constexpr std::uint32_t kSdkIdentityAt = 0x81000100;
constexpr std::uint32_t kSdkIdentityDataAt = 0x01400100;

/// Takes \p handle out of \p handles. True if it was there.
bool taken(std::vector<std::uint32_t>& handles, std::uint32_t handle)
{
    return std::erase(handles, handle) > 0;
}

/// Says what of an earlier registration lies in the TPM, and takes it out of both lists.
void addSdkIdentity(std::vector<Finding>& found, std::vector<std::uint32_t>& objects,
                    std::vector<std::uint32_t>& indices, const AttestationPolicy& policy)
{
    constexpr auto kCure = " that an earlier registration with Azure's device SDK left: this device was provisioned "
                           "before. Find out for whom, then ";
    if (taken(objects, kSdkIdentityAt)) {
        found.push_back(makeFinding(policy, "tpm-foreign-object",
                                    "At " + handleText(kSdkIdentityAt) + " lies the identity" + kCure +
                                        "evict it, or clear the TPM."));
    }
    if (taken(indices, kSdkIdentityDataAt)) {
        found.push_back(makeFinding(policy, "tpm-foreign-index",
                                    "At " + handleText(kSdkIdentityDataAt) + " lie data of the identity" + kCure +
                                        "undefine the index, or clear the TPM."));
    }
}

} // namespace

std::vector<Finding> shipStateFindings(const TpmContents& contents, const EndorsementKeyReading& key,
                                       const AttestationPolicy& policy)
{
    std::vector<Finding> found;
    if (!policy.shipState) {
        return found;
    }
    const auto& allowed = *policy.shipState;
    const auto enrolledAt = *policy.endorsementKey.row().handle;
    auto objects = contents.persistentHandles;
    for (const auto handle : std::set{enrolledAt, kDeviceSdkHandle}) {
        const bool there = std::ranges::find(objects, handle) != objects.end();
        if (there && !isOwnKey(handle, key)) {
            found.push_back(makeFinding(policy, "tpm-foreign-object", keyText(handle, key, policy)));
            std::erase(objects, handle);
        }
    }
    std::erase_if(objects, [&](auto handle) {
        return handle == kStorageRootKeyAt || handle == enrolledAt || handle == key.source.persistentHandle ||
               named(allowed.persistentHandles, handle);
    });
    auto indices = contents.ownerIndices;
    std::erase_if(indices, [&](auto index) { return named(allowed.ownerIndices, index); });
    addSdkIdentity(found, objects, indices, policy);
    if (!objects.empty()) {
        found.push_back(
            makeFinding(policy, "tpm-foreign-object",
                        "The TPM holds persistent objects that the profile does not name: " + listed(objects) + "."));
    }
    if (!indices.empty()) {
        found.push_back(makeFinding(
            policy, "tpm-foreign-index",
            "The TPM holds NV indices of an owner that the profile does not name: " + listed(indices) + "."));
    }
    return found;
}

} // namespace enroll::attestation
