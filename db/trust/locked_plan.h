#pragma once

#include "db/trust/import_plan.h"
#include "db/trust/trust_lock.h"

#include <functional>

namespace enroll::db::trust {

/// Decides what an import changes by what the store has. Called once, and again where somebody changed the store meanwhile.
using Planning = std::function<ImportPlan(const KnownTrust&)>;

/// What an import is about to change, with nobody else changing or reading the store.
struct LockedPlan {
    system::FileLock lock;
    KnownTrust known; ///< what #plan was made by, and what carryOut() asks for
    ImportPlan plan;
};

/// Reads the trust store \p directory, which is made if it is missing, and plans by it before it keeps others out: an import of
/// every maker's authorities judges hundreds of paths, and whoever begins a test waits for the writing alone. What somebody
/// changed between the reading and the lock is read and planned by again, then with the lock held.
///
/// \param asked      as for readKnownTrust()
/// \param patience   how long each wait for another program may take
/// \par Errors   S-348, S-333, D-141, and those of readKnownTrust()
Result<LockedPlan> planThenLock(const std::filesystem::path& directory, std::span<const std::string> asked,
                                const Planning& planning, std::chrono::milliseconds patience,
                                const std::stop_token& stop);

} // namespace enroll::db::trust
