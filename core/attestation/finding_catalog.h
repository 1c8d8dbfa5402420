#pragma once

#include "core/attestation/finding.h"

#include <map>
#include <span>

namespace enroll::attestation {

struct AttestationPolicy;

/// A finding that attestation can make.
struct FindingRow {
    std::string_view id;
    ErrorCode code; ///< that it shows where it decides
    /// Its severity where the profile's [findings] do not name it.
    Severity (*usual)(const AttestationPolicy& policy);
};

/// Every finding of attestation, in the order of the steps that make them. A new finding is a row here; a profile can
/// then set its severity.
std::span<const FindingRow> findingCatalog() noexcept;

/// The severities that a profile gives to findings, by their ids, in place of the usual ones.
using FindingSeverities = std::map<std::string, Severity, std::less<>>;

/// The severity of the finding \p id, which the catalog has (asserted), under \p policy.
Severity severityOf(const AttestationPolicy& policy, std::string_view id);

/// The finding \p id with its severity under \p policy; only a Hold or a Fail carries the row's code.
Finding makeFinding(const AttestationPolicy& policy, std::string_view id, std::string text);
/// The finding \p id with the severity \p usual, which follows from the device, unless the profile's [findings] name it.
Finding makeFinding(const AttestationPolicy& policy, std::string_view id, Severity usual, std::string text);

} // namespace enroll::attestation
