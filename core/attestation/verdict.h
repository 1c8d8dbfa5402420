#pragma once

#include "core/attestation/attestation_facts.h"
#include "core/attestation/finding.h"

namespace enroll::attestation {

enum class CertificateRequirement { Trusted, Present, None };
enum class OnFinding { Accept, Warning, Hold, Fail };

/// The part of a product profile that judges a TPM.
struct AttestationPolicy {
    bool allowSoftware = false;
    CertificateRequirement certificate = CertificateRequirement::Trusted;
    OnFinding onMissingCertificate = OnFinding::Hold;
    OnFinding onExpiredCertificate = OnFinding::Warning;
    std::vector<std::string> allowedManufacturers; ///< "IFX"; empty means any
    Persistence persistEndorsementKey = Persistence::LeaveAsIs;
    Persistence persistStorageRootKey = Persistence::LeaveAsIs;
    bool operator==(const AttestationPolicy&) const = default;
};

/// Pass, or Fail/Hold with the code that decided. Fail outranks Hold; among equals the first finding decides.
struct Verdict {
    Outcome outcome = Outcome::Pass;
    std::optional<ErrorCode> code;
    bool operator==(const Verdict&) const = default;
};

/// What the policy says of the TPM's own words: a software TPM, a maker that is not listed. Pure.
std::vector<Finding> identityFindings(const TpmIdentity& identity, const AttestationPolicy& policy);

/// What the policy says of the EK certificate, present or not. Nothing if no endorsement key was read. Pure.
std::vector<Finding> certificateFindings(const AttestationFacts& facts, const AttestationPolicy& policy, UtcTime now);

/// Everything the policy has to say about the facts: the two above together. Pure. A finding for a missing, unreadable,
/// mismatched or out-of-date certificate, for one of an unknown issuer (D-122 where the policy wants a trusted one),
/// for one whose path is invalid or that was issued for another use (D-120 likewise), for a software TPM, for a
/// manufacturer that is not listed, and for the warnings of the EK certificate profile.
std::vector<Finding> findingsOf(const AttestationFacts& facts, const AttestationPolicy& policy, UtcTime now);

Verdict judge(std::span<const Finding> findings) noexcept;

} // namespace enroll::attestation
