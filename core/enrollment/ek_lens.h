#pragma once

#include "core/attestation/attestation_policy.h"
#include "core/attestation/device_tpm.h"
#include "core/crypto/key_weaknesses.h"
#include "core/crypto/trust_store.h"
#include "core/enrollment/ids.h"

#include <stop_token>

namespace enroll::enrollment {

/// One endorsement key of a TPM, with everything that tells it from the TPM's other ones.
struct LensKey {
    attestation::EndorsementKeyEvidence evidence;
    RegistrationId registrationId;
    std::optional<std::uint32_t> certificateIndex; ///< the NV index of its certificate
    std::string certificateFault;             ///< English; empty unless the index holds none, or does not give it out
    std::vector<std::string> certificatePath; ///< names from the certificate's issuer on, as far as they are known
    std::string keyFault;                     ///< English: why this key is none that can be used; empty if it is one
    std::vector<crypto::KeyWeakness> weaknesses; ///< why its private half may be known to others
    std::vector<attestation::Finding> findings;  ///< what the profile says of this key and its certificate
    bool operator==(const LensKey&) const = default;
};

/// Every endorsement key that a TPM can show; the one that the profile enrolls comes first, if the TPM has it.
struct EkLens {
    attestation::TpmIdentity tpm;
    attestation::TpmState state;
    std::vector<LensKey> keys; ///< at least one
    std::string enrolledFault; ///< English: why the profile's key is not among them; empty if it is

    [[nodiscard]] const LensKey* enrolled() const noexcept { return enrolledFault.empty() ? &keys.front() : nullptr; }
};

/// The rules by which the keys of a TPM are judged.
struct LensRules {
    attestation::AttestationPolicy policy; ///< of the profile; names the key that it enrolls
    crypto::TrustStore anchors;
    UtcTime now{};
};

/// Reads the keys, the enrolled one first, and checks their certificates. A key that is odd is shown with what is wrong
/// with it, beside the others. Changes nothing in the TPM and releases it on every path. Blocks.
/// \par Errors   those of DeviceTpm; D-113 (the TPM shows no key at all), D-141 (a stop was asked)
Result<EkLens> lookAtEndorsementKeys(attestation::DeviceTpm& tpm, const LensRules& rules, const std::stop_token& stop);

/// Everything that the bytes of one reading say. Error S-340.
/// \param tpm      what the TPM says of itself; its certificate is compared with it
/// \param issuers  certificates that the TPM stores; they help to build the path and vouch for nothing
/// \param rules    for the enrolled key; their policy makes no other key persistent
Result<LensKey> lensKeyOf(const attestation::EndorsementKeyReading& reading, const attestation::TpmIdentity& tpm,
                          std::span<const crypto::Certificate> issuers, const LensRules& rules);

} // namespace enroll::enrollment
