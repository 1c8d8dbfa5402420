#pragma once

#include "core/attestation/public_area.h"
#include "core/tpm/transient_handle.h"

#include <optional>

namespace enroll::tpm {

/// A key of the TPM with its public area.
struct TpmObject {
    TransientHandle handle;
    TPM2B_PUBLIC area{};
};

/// What becomes of an object when its handle is released: a persistent one stays in the TPM.
inline bool isPersistent(const TpmObject& object) noexcept
{
    return object.handle.onRelease() == OnRelease::Close;
}

/// The object at a persistent handle, or nothing if the handle is free. Two commands.
Result<std::optional<TpmObject>> readPersistent(EsysContext& context, TPM2_HANDLE handle);

/// A primary key made from a template, with an empty password. Slow: seconds on a discrete TPM.
/// Error D-112 if the hierarchy has a password.
Result<TpmObject> createPrimary(EsysContext& context, ESYS_TR hierarchy, const attestation::PublicArea& templateArea);

/// Keeps a copy of \p object at a free persistent handle. Errors D-109 if it is taken, D-112.
Result<void> persist(EsysContext& context, const TpmObject& object, TPM2_HANDLE handle);

/// The TPM2B_PUBLIC, size prefix included. Error D-103 if the library cannot marshal what the TPM sent.
Result<Bytes> marshalled(const TPM2B_PUBLIC& area);

/// True for an asymmetric key that only decrypts, as endorsement and storage keys do.
bool isRestrictedDecryptionKey(const TPM2B_PUBLIC& area) noexcept;

} // namespace enroll::tpm
