#pragma once

#include "core/attestation/public_area.h"

namespace enroll::attestation {

/// The parent under which the service's key is imported.
struct StorageRootKeyEvidence {
    Bytes publicArea; ///< TPM2B_PUBLIC
    Bytes name;
    bool operator==(const StorageRootKeyEvidence&) const = default;
};

/// RSA-2048 storage root key as Azure's SDKs make it at 0x81000001. Source: azure-utpm-c, GetSrkTemplate.
PublicArea storageRootKeyTemplate();

/// Error D-114 unless the area is a storage parent: restricted decrypt, fixedTPM and fixedParent, AES-CFB, usable key.
Result<void> requireStorageParentShape(const PublicArea& area);

/// Error D-114 if the bytes are no such key.
Result<StorageRootKeyEvidence> storageRootKeyEvidence(ByteView tpm2bPublic);

} // namespace enroll::attestation
