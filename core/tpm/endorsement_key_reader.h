#pragma once

#include "core/attestation/device_tpm.h"
#include "core/tpm/nv_reader.h"
#include "core/tpm/tpm_object.h"

#include <vector>

namespace enroll::tpm {

/// An endorsement key that the TPM has loaded or holds at a persistent handle, and what was read of it.
struct LoadedEndorsementKey {
    TpmObject object;
    attestation::EndorsementKeyReading reading;
    /// The objects at other handles that the reading speaks of. What they are was read in the clear.
    std::vector<TpmObject> others = {};
};

/// Reads the key that \p choice names, and its certificate. Slot thread only; neither persists nor evicts.
///
/// AtHandle: the key at the row's handle as it is, or the one that the row's template makes where that handle is free.
/// OfTemplate: the key that the row's template makes; the persistent one at the row's handle stands for it if the
/// row's certificate is for that key, or if making the key again gives the same. A template or a nonce that NV holds
/// for the row is used. Whether another key is where device SDKs look is asked, too; a key that was made, and lies there
/// and not at its row's handle, is read there.
///
/// A template or a nonce that the TPM's maker stored in NV for the row is used in the creation.
///
/// Each other key that is read at a handle for this is one of `reading.otherKeys`; none is looked for: see unreadHandles().
///
/// `reading.templateKind` of a persistent key is the only template of the catalog that its public area fits, else
/// Unknown. L-1 and Azure's template give public areas of the same shape: only creating the keys, which takes seconds,
/// tells them apart. readEveryEndorsementKey() does so.
///
/// \param nv     how NV is read
/// \par Errors   D-135 (the object at the handle is not a restricted decryption key: somebody left it there), D-113 (the
///               TPM cannot create the key), D-112 (the endorsement hierarchy has a password)
/// \par Source   TCG EK Credential Profile, templates L-1 and following; TPM 2.0 Library Part 3, TPM2_CreatePrimary
Result<LoadedEndorsementKey> readEndorsementKey(EsysContext& context, const attestation::EkChoice& choice,
                                                const NvRules& nv);

/// Reads every endorsement key that this TPM can show: first the one that readEndorsementKey() returns, then the keys
/// at persistent handles, then those that the templates of the catalog create: with what NV holds for a template, and
/// without it where that makes another key. A key is listed once. A template from
/// which the TPM cannot create a key adds none. Nothing stays loaded. Slow: each creation may take seconds, of a large
/// RSA key a minute.
///
/// \par Errors   those of readEndorsementKey() but D-113 and D-135, which are part of the survey
Result<attestation::EndorsementKeySurvey>
readEveryEndorsementKey(EsysContext& context, const attestation::EkChoice& choice, const NvRules& nv);

/// Those of the persistent handles \p listed where endorsement keys belong (0x81010000 to 0x8101FFFF), and from which nothing
/// was read in this context: what lies there nobody has looked at. Sends nothing.
/// \param listed  as the TPM lists them in a salted session: listPersistentObjects()
/// \par Source   TCG TPM v2.0 Provisioning Guidance, "Reserved handles"
std::vector<TPM2_HANDLE> unreadHandles(EsysContext& context, const std::vector<TPM2_HANDLE>& listed);

/// The TPM2B_PUBLIC of each restricted decryption key of a known kind among what lies at \p handles. One TPM2_ReadPublic each, in the clear;
/// nothing stays open. The TPM loads each for its answer: one of the places for objects has to be free.
/// \param handles  those of unreadHandles()
/// \par Errors   those of readPersistent(); D-132 (a handle that the TPM lists is said to be free)
Result<std::vector<Bytes>> readKeysAt(EsysContext& context, const std::vector<TPM2_HANDLE>& handles);

} // namespace enroll::tpm
