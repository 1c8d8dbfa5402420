#pragma once

#include "core/attestation/endorsement_key.h"
#include "core/tpm/tpm_object.h"

namespace enroll::tpm {

/// Puts the certificate that lies beside \p key in NV into \p reading: of the indices for keys of its algorithm, low
/// range first, the first one whose certificate is for this very key. Where there is none, the first whose content is
/// more than filler, for whoever judges to see; where all are empty, none.
///
/// Choosing, not judging: who issued the certificate plays no part. Each index that is there costs three commands and
/// one for each piece, so that a key whose certificate is at the first costs what it must.
///
/// \param nvBuffer  TPM_PT_NV_BUFFER_MAX, bytes
/// \param reading   with its public area; takes the certificate and its index
/// \par Errors   those of readNv()
/// \par Source   TCG EK Credential Profile, "NV Index Assignments"
Result<void> addCertificate(EsysContext& context, const TpmObject& key, std::size_t nvBuffer,
                            attestation::EndorsementKeyReading& reading);

} // namespace enroll::tpm
