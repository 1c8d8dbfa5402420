#pragma once

#include "core/attestation/finding.h"

#include <map>
#include <span>

namespace enroll::attestation {

/// A finding that attestation can make, and the code that it shows where it decides.
struct FindingRow {
    std::string_view id;
    ErrorCode code;
};

/// Every finding of attestation, in the order of the steps that make them. A new finding is a row here; a profile can
/// then set its severity.
std::span<const FindingRow> findingCatalog() noexcept;

/// What a profile makes of findings, by their ids, in place of what is usual.
using FindingSeverities = std::map<std::string, Severity, std::less<>>;

/// The finding \p id, which the catalog has (asserted). Its severity is the profile's, or \p usual where the profile
/// says nothing; only a Hold or a Fail carries the row's code.
Finding makeFinding(const FindingSeverities& profile, std::string_view id, Severity usual, std::string text);

} // namespace enroll::attestation
