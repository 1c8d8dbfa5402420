#pragma once

#include "core/attestation/device_tpm.h"
#include "core/tpm/nv_reader.h"

#include <vector>

namespace enroll::tpm {

/// The NV indices in which the certificate of a key with this algorithm may be, in the catalog's order.
std::vector<TPM2_HANDLE> certificateIndices(const attestation::PublicArea& key);

/// Looks for the certificate of one endorsement key in NV and puts it into \p reading.
///
/// The indices are those of the catalog for the key's algorithm, in the catalog's order. The search ends at the first
/// certificate whose public key is this key. If there is none, \p reading takes
/// - the first content that is not filler (all FF or all 00), so that the checks can show what is wrong with it;
/// - else the reason why the first unreadable index could not be read;
/// - else the first index to which nothing was written, with the reason, and no content;
/// - else the reason why nothing may be there, where the platform's indices are switched off;
/// - else nothing.
///
/// Indices that a password keeps are read last, and only where the certificate is Required and no other holds it.
///
/// Only the public key decides here. Issuer, dates and extensions are judged in core/attestation.
///
/// \param area      the key's public area, parsed; absent if it cannot be parsed: then no index is read
/// \param nv        how NV is read
/// \param reading   its certificateNv, certificateIndex and certificateUnreadable are set
/// \return          true if \p reading now holds the certificate of this key
/// \par Errors   those of readNv()
/// \par Source   TCG EK Credential Profile, "NV Index Assignments"
Result<bool> addCertificate(EsysContext& context, const std::optional<attestation::PublicArea>& area, const NvRules& nv,
                            attestation::EndorsementKeyReading& reading);

/// True if one of the certificates in \p nvContent is for the key of \p area.
bool holdsCertificateOf(ByteView nvContent, const attestation::PublicArea& area);

/// The NV indices of the EK certificate chain, which are Optional whatever \p nv says. At most kLargestChain bytes. Error as
/// readNv().
/// Source: TCG EK Credential Profile, "NV Index Assignments": 0x01C00100 to 0x01C001FF.
Result<attestation::StoredCertificates> readCertificateChain(EsysContext& context, const NvRules& nv);
inline constexpr std::size_t kLargestChain = std::size_t{64} * 1024;

} // namespace enroll::tpm
