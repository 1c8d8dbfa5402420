#pragma once

#include "core/attestation/attestation_policy.h"
#include "core/crypto/certificate.h"

namespace enroll::attestation {

/// What the policy says of the TPM's own words: a software TPM, a maker that is not listed, firmware that is too old.
/// They come in the clear, and no PASS rests on them before the TPM has said the same under protection. Pure.
std::vector<Finding> identityFindings(const TpmIdentity& identity, const AttestationPolicy& policy);

/// What the policy says of the chip that the EK certificate names: a software TPM, of a maker that is not listed, of another
/// maker or model than the TPM says, made with later firmware than it has (certified_chip.h). The certificate decides, because a
/// TPM says of itself what it likes; what it says in the clear it has to say again under protection (attest_device.cpp). Pure.
/// \param stated  what the TPM says; absent if it was not asked
std::vector<Finding> certifiedMakerFindings(const crypto::Certificate& certificate,
                                            const std::optional<TpmIdentity>& stated, const AttestationPolicy& policy);

} // namespace enroll::attestation
