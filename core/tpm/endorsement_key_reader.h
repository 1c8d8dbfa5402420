#pragma once

#include "core/attestation/device_tpm.h"
#include "core/tpm/tpm_object.h"

#include <vector>

namespace enroll::tpm {

/// An endorsement key that is ready for use, and what is known of it.
struct LoadedEndorsementKey {
    TpmObject object;
    attestation::EndorsementKeyReading reading;
};

/// The key that \p choice names, with the certificate of its algorithm beside it.
///
/// AtHandle: the key at the row's handle as it is, or the one that the row's template makes where that handle is free.
/// OfTemplate: the key that the row's template makes; the persistent one at the row's handle stands for it if the
/// row's certificate is for that key, or if making the key again gives the same. A template or a nonce that NV holds
/// for the row is used.
///
/// The template of a persistent key is the only one in the catalog that its public area looks like, or Unknown: L-1 and
/// Azure's look alike, and only making the key again, which costs seconds, tells them apart.
/// readEveryEndorsementKey() does that.
/// \param nvBuffer  TPM_PT_NV_BUFFER_MAX
/// \par Errors   D-113 (what is at the handle only signs, or is no asymmetric key; or the TPM cannot make the key),
/// D-112
Result<LoadedEndorsementKey> readEndorsementKey(EsysContext& context, const attestation::EkChoice& choice,
                                                std::size_t nvBuffer);

/// The chosen key, the persistent endorsement keys, and those that the TCG L-1 and the Azure template make unless
/// another is the same. First comes what readEndorsementKey() would return. A template whose key the TPM cannot make
/// gives none. Nothing stays loaded.
///
/// \par Errors   D-113 where readEndorsementKey() would give no key, D-112
Result<std::vector<attestation::EndorsementKeyReading>>
readEveryEndorsementKey(EsysContext& context, const attestation::EkChoice& choice, std::size_t nvBuffer);

} // namespace enroll::tpm
