#pragma once

#include "core/attestation/device_tpm.h"
#include "core/crypto/trust_store.h"
#include "core/enrollment/ids.h"
#include "core/enrollment/product_profile.h"

#include <stop_token>

namespace enroll::app::enrollctl {

/// One endorsement key of a TPM, with everything that tells it from the TPM's other ones.
struct LensKey {
    attestation::EndorsementKeyEvidence evidence;
    enrollment::RegistrationId registrationId;
    std::optional<std::uint32_t> certificateIndex; ///< the NV index of its certificate
    std::string certificateFault; ///< English; empty unless the index holds none, or does not give it out
    bool operator==(const LensKey&) const = default;
};

/// Every endorsement key that a TPM can show; the one that the profile enrolls comes first.
struct EkLens {
    attestation::TpmIdentity tpm;
    std::vector<LensKey> keys; ///< at least one
};

/// Reads the keys, the \p enrolled one first, and checks their certificates at \p now. Changes nothing in the TPM and
/// releases it on every path. Blocks.
/// \par Errors   those of DeviceTpm; D-113 (the TPM shows no key at all), D-141 (a stop was asked)
Result<EkLens> lookAtEndorsementKeys(attestation::DeviceTpm& tpm, const attestation::EkChoice& enrolled,
                                     const crypto::TrustStore& anchors, UtcTime now, const std::stop_token& stop);

/// Digest, name, registration id and checked certificate of one reading. Errors D-113, S-340.
/// \param issuers  certificates that the TPM stores; they help to build the path and vouch for nothing
Result<LensKey> lensKeyOf(const attestation::EndorsementKeyReading& reading, const crypto::TrustStore& anchors,
                          std::span<const crypto::Certificate> issuers, UtcTime now);

} // namespace enroll::app::enrollctl
