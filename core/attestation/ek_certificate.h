#pragma once

#include "core/attestation/endorsement_key.h"
#include "core/crypto/trust_store.h"

namespace enroll::attestation {

/// What lay in the NV index beside an endorsement key, judged. No part is present where the index was empty.
struct EkCertificateJudgement {
    std::optional<EkCertificateEvidence> evidence;
    std::optional<crypto::PathJudgement> path; ///< present with the evidence
    std::optional<Error> fault;                ///< D-124 instead: the index holds something that is no certificate
    std::optional<Error> unreadable;           ///< D-124: something beside the certificate cannot be read
};

/// Why there is no NV content to judge: D-121 where nothing was ever written to the certificate's index, D-124 where the TPM
/// does not give out what it holds; nothing where there is no index, or \p reading has the content.
std::optional<Error> whyNoCertificate(const EndorsementKeyReading& reading);

/// Reads the certificate out of \p nvContent and holds it against the key that the TPM showed and against the trusted
/// authorities. A certificate that cannot be read is a judgement, not an error. Of several in \p nvContent for
/// \p key the one that says most is the judgement: one that the maker revoked, then one on a trusted path and in date; the first
/// of the index if none is for \p key. The others help to build its path. Pure.
///
/// \param issuers  certificates of issuers that the TPM stores; they help to build the path and vouch for nothing
/// \par Errors   D-113 (\p key is no usable key), S-340
/// \par Source   TCG EK Credential Profile; RFC 5280, section 6
Result<EkCertificateJudgement> judgeEkCertificate(ByteView nvContent, const PublicArea& key,
                                                  const crypto::TrustStore& anchors,
                                                  std::span<const crypto::Certificate> issuers, UtcTime now);

} // namespace enroll::attestation
