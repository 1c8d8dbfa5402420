#pragma once

#include "core/attestation/public_area.h"

namespace enroll::attestation {

/// The storage root key under which the service's key is imported, as it goes into the run document.
struct StorageRootKeyEvidence {
    Bytes publicArea; ///< TPM2B_PUBLIC
    Bytes name;
    bool operator==(const StorageRootKeyEvidence&) const = default;
};

/// The template of the RSA-2048 storage root key that Azure's device SDKs create at 0x81000001.
/// Source: azure-utpm-c, GetSrkTemplate.
PublicArea storageRootKeyTemplate();

/// Error D-114 unless the area is a key under which DPS can have a key imported (requireParentShape()).
Result<void> requireStorageParentShape(const PublicArea& area);

/// Parses and checks a TPM2B_PUBLIC. Error D-114 if it is not such a key.
Result<StorageRootKeyEvidence> storageRootKeyEvidence(ByteView tpm2bPublic);

} // namespace enroll::attestation
