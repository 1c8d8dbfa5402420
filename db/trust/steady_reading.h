#pragma once

#include "db/trust/known_trust.h"
#include "db/trust/trust_lock.h"
#include "db/trust/trust_stamps.h"

namespace enroll::db::trust {

/// What was read of a trust store while nothing of it was changed.
struct SteadyReading {
    Result<KnownTrust> known; ///< an error that is of the files as they are: as readKnownTrust()
    TrustStamps stamps;
};

/// readKnownTrust() of the trust store as it is: a change that a program is making is waited for, and what somebody changes by
/// hand meanwhile is read again. Blocks for the disk, and for another program until \p deadline.
///
/// \param unless   nothing is read, and nothing returned, where the files are still these
/// \par Errors   S-348 (it is being changed until \p deadline, or again and again), D-141
Result<std::optional<SteadyReading>> readSteadily(const std::filesystem::path& directory,
                                                  std::span<const std::string> asked, const TrustStamps* unless,
                                                  Deadline deadline, const std::stop_token& stop);

/// Likewise, once. Errors as readSteadily() and readKnownTrust().
Result<KnownTrust> readCurrentTrust(const std::filesystem::path& directory, std::span<const std::string> asked,
                                    const std::stop_token& stop);

} // namespace enroll::db::trust
