#pragma once

#include "core/enrollment/attestation_run.h"
#include "core/enrollment/product_profile.h"

#include <optional>

namespace enroll::enrollment {

/// What the station's latest check of itself came to: whether it passed a good software TPM and refused bad ones.
struct SelfCheckStamp {
    UtcTime at{};
    bool passed = false;
    SoftwareStamp software;    ///< that was checked
    std::string profileSha256; ///< of the profile that it judged by, hex
    bool operator==(const SelfCheckStamp&) const = default;
};

/// Whether the station may test devices \p now, as far as `[self_check]` of \p profile asks for a check. One counts until it
/// is as old as the profile allows; of another program, another profile or a later time, as after a clock was set back, it
/// never does. \p latest: none was ever made.
/// \par Errors   S-305 (overdue), S-306 (the latest one did not pass)
Result<void> requireSelfCheck(const ProductProfile& profile, const std::optional<SelfCheckStamp>& latest,
                              const SoftwareStamp& software, UtcTime now);

/// \p overdue, with why the check that would end it could not be made.
Error notMade(Error overdue, const Error& trouble);

} // namespace enroll::enrollment
