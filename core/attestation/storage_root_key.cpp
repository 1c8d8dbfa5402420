#include "core/attestation/storage_root_key.h"

#include "core/attestation/parent_shape.h"
#include "core/attestation/public_area.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"

namespace enroll::attestation {

PublicArea storageRootKeyTemplate()
{
    using namespace object_attribute;
    PublicArea area;
    area.attributes = kFixedTpm | kFixedParent | kSensitiveDataOrigin | kUserWithAuth | kNoDa | kRestricted | kDecrypt;
    area.parameters = RsaParameters{.symmetric = SymmetricParent{}};
    return area;
}

Result<void> requireStorageParentShape(const PublicArea& area)
{
    return requireParentShape(area, DeviceCode::StorageRootKeyUnusable, "the storage root key");
}

Result<StorageRootKeyEvidence> storageRootKeyEvidence(ByteView tpm2bPublic)
{
    TRY_ASSIGN(const auto area, recoded(parsePublic(tpm2bPublic), DeviceCode::StorageRootKeyUnusable));
    TRY(requireStorageParentShape(area));
    TRY_ASSIGN(auto name, objectName(area));
    return StorageRootKeyEvidence{toBytes(tpm2bPublic), std::move(name)};
}

} // namespace enroll::attestation
