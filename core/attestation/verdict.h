#pragma once

#include "core/attestation/attestation_facts.h"
#include "core/attestation/attestation_policy.h"

namespace enroll::attestation {

/// Pass, or Fail/Hold with the code that decided. Fail outranks Hold. Among equals a code of a comparison with earlier
/// enrollments (HoldCode) decides, so that the other device is named; else the first finding does.
/// One that nobody reached is no Pass.
struct Verdict {
    Outcome outcome = Outcome::StationFault;
    std::optional<ErrorCode> code;
    bool operator==(const Verdict&) const = default;
};

/// How the TPM stands: locked out, switched off, owned, re-seeded. Pure.
/// \param softwareTpm  every software TPM makes its seed itself
std::vector<Finding> stateFindings(const TpmState& state, bool softwareTpm, const AttestationPolicy& policy);

Verdict judge(std::span<const Finding> findings) noexcept;

} // namespace enroll::attestation
