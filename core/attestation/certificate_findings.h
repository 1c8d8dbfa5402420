#pragma once

#include "core/attestation/attestation_facts.h"
#include "core/attestation/attestation_policy.h"

namespace enroll::attestation {

/// What the policy says of the EK certificate: missing, unreadable, of another key, out of date, of an unknown issuer
/// (D-122 where the policy wants a trusted one), on an invalid path or issued for another use (D-120 likewise), revoked (D-138),
/// the notes on its path, and the warnings of the EK certificate profile. Nothing if no endorsement key was read. Pure.
std::vector<Finding> certificateFindings(const AttestationFacts& facts, const AttestationPolicy& policy, UtcTime now);

/// "nv-index-not-readable" for each index of the chain that gives out nothing: an issuer's certificate may be in it. Pure.
std::vector<Finding> chainFindings(const StoredCertificates& stored, const AttestationPolicy& policy);

} // namespace enroll::attestation
