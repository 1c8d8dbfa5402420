#include "core/enrollment/self_check.h"

#include "core/base/station_code.h"

namespace enroll::enrollment {
namespace {

Error overdue(std::string why)
{
    return makeError(StationCode::SelfCheckOverdue, std::move(why), "check the station");
}

} // namespace

Result<void> requireSelfCheck(const ProductProfile& profile, const std::optional<SelfCheckStamp>& latest,
                              const SoftwareStamp& software, UtcTime now)
{
    if (!profile.selfCheckMaxAge) {
        return {};
    }
    if (!latest) {
        return overdue("the station was never checked");
    }
    if (latest->software != software || latest->profileSha256 != profile.stamp.sha256) {
        return overdue("the program or the profile is another one than at the check of " + toIso8601(latest->at));
    }
    if (latest->at > now || now - latest->at >= *profile.selfCheckMaxAge) {
        return overdue("the latest check was at " + toIso8601(latest->at) + ", and the profile asks for one every " +
                       std::to_string(profile.selfCheckMaxAge->count()) + " hours");
    }
    if (!latest->passed) {
        return makeError(StationCode::SelfCheckFailed, "the check of " + toIso8601(latest->at) + " did not pass",
                         "check the station");
    }
    return {};
}

Error notMade(Error overdue, const Error& trouble)
{
    overdue.what += "; it could not be made: " + trouble.what;
    return overdue;
}

} // namespace enroll::enrollment
