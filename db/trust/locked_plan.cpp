#include "db/trust/locked_plan.h"

#include "db/trust/steady_reading.h"
#include "db/trust/trust_directory.h"

namespace enroll::db::trust {

Result<LockedPlan> planThenLock(const std::filesystem::path& directory, std::span<const std::string> asked,
                                const Planning& planning, std::chrono::milliseconds patience,
                                const std::stop_token& stop)
{
    TRY(makeTrustDirectory(directory));
    TRY_ASSIGN(auto read, readSteadily(directory, asked, nullptr, Deadline::in(patience), stop));
    TRY_ASSIGN(auto known, std::move(read->known));
    auto plan = planning(known);
    TRY_ASSIGN(auto lock, lockForChange(directory, Deadline::in(patience), stop));
    if (stampsOf(directory) != read->stamps) {
        TRY_ASSIGN(known, readKnownTrust(directory, asked));
        plan = planning(known);
    }
    return LockedPlan{std::move(lock), std::move(known), std::move(plan)};
}

} // namespace enroll::db::trust
