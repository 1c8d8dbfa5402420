#pragma once

#include "core/attestation/device_tpm.h"
#include "core/tpm/tpm_object.h"

#include <vector>

namespace enroll::tpm {

inline constexpr TPM2_HANDLE kEndorsementKeyHandle = 0x81010001;

/// An endorsement key that is ready for use, and what is known of it.
struct LoadedEndorsementKey {
    TpmObject object;
    attestation::EndorsementKeyReading reading;
};

/// The key at 0x81010001, or the one that the TCG L-1 template makes; the certificate of its algorithm beside it.
///
/// The template of a persistent key is Unknown: keys of several templates have public areas that look alike, and only
/// making the key again tells them apart, which costs seconds. readEveryEndorsementKey() does that.
/// \param nvBuffer  TPM_PT_NV_BUFFER_MAX
/// \par Errors   D-113 (what is at the handle only signs, or is no asymmetric key; or the TPM cannot make the key),
/// D-112
Result<LoadedEndorsementKey> readEndorsementKey(EsysContext& context, attestation::Persistence persistence,
                                                std::size_t nvBuffer);

/// The persistent endorsement keys, and those that the TCG L-1 and the Azure template make unless a persistent key is
/// the same. First comes what readEndorsementKey() would return: the key at 0x81010001, or where that handle is free
/// the one of the L-1 template. A template whose key the TPM cannot make gives none. Nothing stays loaded.
///
/// \par Errors   D-113 where readEndorsementKey() would give no key, D-112
Result<std::vector<attestation::EndorsementKeyReading>> readEveryEndorsementKey(EsysContext& context,
                                                                                std::size_t nvBuffer);

} // namespace enroll::tpm
