#pragma once

#include "core/attestation/finding.h"
#include "core/attestation/handle_range.h"

namespace enroll::attestation {

struct AttestationPolicy;
struct EndorsementKeyReading;

/// How a device must leave the factory: nobody's, with nothing in its TPM but what the profile names.
struct ShipState {
    /// Of persistent objects. The storage root key's handle, and those at which the key that the profile enrolls belongs
    /// and was found, are allowed without being named. Where it belongs, and at kDeviceSdkHandle, lies this key or one that is
    /// certified and no other, whatever is named: device SDKs use the key there as it is.
    std::vector<HandleRange> persistentHandles;
    std::vector<HandleRange> ownerIndices; ///< of the NV indices that belong to a TPM's owner, in kOwnerIndices
    bool operator==(const ShipState&) const = default;
};

/// What is in a TPM besides what is asked for by its handle.
struct TpmContents {
    std::vector<std::uint32_t> persistentHandles; ///< kPersistentObjects
    std::vector<std::uint32_t> ownerIndices;      ///< of kOwnerIndices; of kMakerIndices those that an owner defined
    bool operator==(const TpmContents&) const = default;
};

/// Persistent objects of the owner and the endorsement hierarchy. Those of the platform are its maker's affair.
/// Source: TCG Registry of Reserved TPM 2.0 Handles and Localities, "Persistent handles" and "NV indices".
inline constexpr HandleRange kPersistentObjects{0x81000000, 0x817FFFFF};
/// Where a TPM's owner has NV indices. The registry gives the lower half to the makers of TPM and platform, and no TPM holds
/// an owner to that: Azure's C# SDK keeps its identity's data at 0x01400100. From 0x01C00000 on stand those of TCG's
/// profiles, such as EK certificates.
inline constexpr HandleRange kOwnerIndices{0x01000000, 0x01BFFFFF};
inline constexpr HandleRange kMakerIndices{0x01000000, 0x017FFFFF};

/// Where the storage root key of Azure's SDKs is persistent.
inline constexpr std::uint32_t kStorageRootKeyAt = 0x81000001;

/// What lies in the TPM that \p policy does not let ship; none if it does not look (no shipState). Pure.
/// \param key  the key that the profile enrolls, as it was read
std::vector<Finding> shipStateFindings(const TpmContents& contents, const EndorsementKeyReading& key,
                                       const AttestationPolicy& policy);

} // namespace enroll::attestation
