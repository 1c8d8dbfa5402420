#pragma once

#include "core/attestation/public_area.h"
#include "core/tpm/transient_handle.h"

#include <optional>

namespace enroll::tpm {

class SaltedSession;

/// A key that the TPM holds, transient or persistent, with its public area.
struct TpmObject {
    TransientHandle handle;
    TPM2B_PUBLIC area{};
};

/// True if the object stays in the TPM when its handle is released.
inline bool isPersistent(const TpmObject& object) noexcept
{
    return object.handle.onRelease() == OnRelease::Close;
}

/// The object at a persistent handle, or nothing if the handle is free. One command in the clear: TPM2_ReadPublic. What it
/// says of the handle is noted (EsysContext::handlesAsSaid()). Error D-103 if the public area and its name do not belong
/// together.
Result<std::optional<TpmObject>> readPersistent(EsysContext& context, TPM2_HANDLE handle);

/// The TPM2B_PUBLIC of the object at a persistent handle, or nothing if the handle is free, as readPersistent(); nothing is
/// opened. Also for an object of a kind that tpm2-tss does not know, as a key of an algorithm that is younger than it: ESYS
/// could not be used any more after such an answer.
Result<std::optional<Bytes>> areaOfPersistent(EsysContext& context, TPM2_HANDLE handle);

/// TPM2_CreatePrimary from a template: a loaded key with an empty password. The same seed and template always give the
/// same key. Slow: seconds to a minute on a discrete TPM.
/// \param hierarchy  ESYS_TR_RH_ENDORSEMENT or ESYS_TR_RH_OWNER, authorised by an empty password
/// \par Errors   D-112 if the hierarchy has a password, D-109 if the TPM refuses the template, D-103 if the key's
///               public area and its name do not belong together
Result<TpmObject> createPrimary(EsysContext& context, ESYS_TR hierarchy, const attestation::PublicArea& templateArea);

/// TPM2_EvictControl: keeps a copy of \p object at a free persistent handle, and reads it back there. \p object itself
/// stays loaded; the copy is returned. Both commands run in \p session: a part on the line cannot make up their success.
/// \par Errors   D-132 if the handle is taken, or what lies there afterwards is not this key, D-112 if the owner hierarchy
///               has a password, D-135 if the TPM's persistent memory is full
Result<TpmObject> persist(EsysContext& context, const TpmObject& object, TPM2_HANDLE handle, SaltedSession& session);

/// TPM2_EvictControl in \p session: \p object, which this run made persistent, is taken from \p handle again. Errors of
/// persist().
Result<void> evict(EsysContext& context, const TpmObject& object, TPM2_HANDLE handle, SaltedSession& session);

/// Reads the public area of \p object once more, under the HMAC of \p session. Error D-132 if the TPM knows the object
/// under another name.
Result<Bytes> readAreaAgain(EsysContext& context, const TpmObject& object, SaltedSession& session);

/// The bytes of the TPM2B_PUBLIC, big-endian, size prefix included. Error D-103 if the area cannot be marshalled.
Result<Bytes> marshalled(const TPM2B_PUBLIC& area);

/// True for an RSA or ECC key with the attributes restricted and decrypt, which endorsement and storage keys have.
bool isRestrictedDecryptionKey(const TPM2B_PUBLIC& area) noexcept;
/// The same for the bytes of a TPM2B_PUBLIC. False if tpm2-tss does not know the kind of the object.
bool isRestrictedDecryptionKey(ByteView area);

} // namespace enroll::tpm
