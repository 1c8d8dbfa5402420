#pragma once

#include "core/attestation/device_tpm.h"
#include "core/crypto/trust_store.h"
#include "core/enrollment/ids.h"
#include "core/enrollment/product_profile.h"

#include <stop_token>

namespace enroll::app::enrollctl {

/// One endorsement key with everything that tells it from its sisters.
struct LensKey {
    attestation::EndorsementKeyEvidence evidence;
    enrollment::RegistrationId registrationId;
    std::optional<std::uint32_t> certificateIndex; ///< NV index its certificate lay in
    std::string certificateFault; ///< English; empty unless the index holds none, or does not give it out
    bool operator==(const LensKey&) const = default;
};

/// Every endorsement key a TPM can present; the one that the profile enrolls comes first.
struct EkLens {
    attestation::TpmIdentity tpm;
    std::vector<LensKey> keys; ///< at least one
};

/// Reads the keys, the \p enrolled one first, and judges their certificates at \p now; leaves the TPM as it was and releases it on every path.
/// Errors: those of DeviceTpm, D-113 where there is no key at all, D-141 between two commands.
Result<EkLens> lookAtEndorsementKeys(attestation::DeviceTpm& tpm, const attestation::EkChoice& enrolled,
                                     const crypto::TrustStore& anchors, UtcTime now, const std::stop_token& stop);

/// Digest, name, registration id and judged certificate of one reading. Errors D-113, S-340.
Result<LensKey> lensKeyOf(const attestation::EndorsementKeyReading& reading, const crypto::TrustStore& anchors,
                          UtcTime now);

} // namespace enroll::app::enrollctl
