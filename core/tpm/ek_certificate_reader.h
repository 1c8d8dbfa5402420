#pragma once

#include "core/attestation/endorsement_key.h"
#include "core/tpm/esys_context.h"

namespace enroll::tpm {

/// Puts the certificate that lies beside a key in NV into \p reading: of the indices for keys of its algorithm, in the
/// catalog's order, the first one whose certificate is for this very key. Where there is none, the first whose content
/// is more than filler, for whoever judges to see; else why the first that gives nothing out does not; where all are
/// empty, none.
///
/// Choosing, not judging: who issued the certificate plays no part. Each index that is there costs three commands and
/// one for each piece, so that a key whose certificate is at the first costs what it must.
///
/// \param area      the key's public area, taken apart; absent where it cannot be, and no certificate fits such a key
/// \param nvBuffer  TPM_PT_NV_BUFFER_MAX, bytes
/// \param reading   takes the certificate and its index
/// \return          true if the certificate is for this very key
/// \par Errors   those of readNv()
/// \par Source   TCG EK Credential Profile, "NV Index Assignments"
Result<bool> addCertificate(EsysContext& context, const std::optional<attestation::PublicArea>& area,
                            std::size_t nvBuffer, attestation::EndorsementKeyReading& reading);

} // namespace enroll::tpm
