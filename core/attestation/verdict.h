#pragma once

#include "core/attestation/attestation_facts.h"
#include "core/attestation/finding_catalog.h"

namespace enroll::attestation {

enum class CertificateRequirement { Trusted, Present, None };
enum class OnFinding { Accept, Warning, Hold, Fail };

/// The part of a product profile that judges a TPM.
struct AttestationPolicy {
    bool allowSoftware = false;
    CertificateRequirement certificate = CertificateRequirement::Trusted;
    OnFinding onMissingCertificate = OnFinding::Hold;
    OnFinding onExpiredCertificate = OnFinding::Warning;
    FindingSeverities severities;                  ///< what the profile sets by name; it outranks the members above
    std::vector<std::string> allowedManufacturers; ///< "IFX"; empty means any
    EkChoice endorsementKey;                       ///< the key that is read, attested and enrolled
    KeysToPersist persistAfterPass;                ///< only a device that passed is changed
    bool operator==(const AttestationPolicy&) const = default;
};

/// Pass, or Fail/Hold with the code that decided. Fail outranks Hold; among equals the first finding decides.
/// One that nobody reached is no Pass.
struct Verdict {
    Outcome outcome = Outcome::StationFault;
    std::optional<ErrorCode> code;
    bool operator==(const Verdict&) const = default;
};

/// What the policy says of the TPM's own words: a software TPM, a maker that is not listed. Pure.
std::vector<Finding> identityFindings(const TpmIdentity& identity, const AttestationPolicy& policy);

/// How the TPM stands: locked out, switched off, owned, re-seeded. Pure.
/// \param softwareTpm  every software TPM makes its seed itself
std::vector<Finding> stateFindings(const TpmState& state, bool softwareTpm, const AttestationPolicy& policy);

/// What is worth knowing of where the key lies: another one is where device SDKs look, so they show that one to the
/// cloud. Whether the device uses such an SDK the station cannot know. Pure.
std::vector<Finding> keyFindings(const EndorsementKeyReading& reading, const AttestationPolicy& policy);

/// What the policy says of the EK certificate: missing, unreadable, of another key, out of date, of an unknown issuer
/// (D-122 where the policy wants a trusted one), on an invalid path or issued for another use (D-120 likewise), and the
/// warnings of the EK certificate profile. Nothing if no endorsement key was read. Pure.
std::vector<Finding> certificateFindings(const AttestationFacts& facts, const AttestationPolicy& policy, UtcTime now);

Verdict judge(std::span<const Finding> findings) noexcept;

} // namespace enroll::attestation
