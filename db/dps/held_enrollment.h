#pragma once

#include "core/provisioning/individual_enrollment.h"

#include <QJsonObject>

#include <string>
#include <vector>

namespace enroll::db::dps {

/// A member of an enrollment that the service holds with another value than it was sent with.
struct MemberDifference {
    std::string member; ///< its path: "initialTwin.tags.site"
    std::string wanted; ///< JSON, cut after 60 characters
    std::string held;   ///< likewise; "nothing" where the service has no such member
    bool operator==(const MemberDifference&) const = default;
};

/// How \p held, the service's own JSON of an enrollment, differs from \p wanted beside registration id and attestation.
///
/// Only what \p wanted sets is compared, in objects member by member: what else the service holds (etag, dates, defaults,
/// tags that others added) is no difference. A device id that is not set is the registration id. What the service
/// leaves out has its default: enabled, no edge device. Hub names are a set without regard to letter case. Pure.
/// \par Source   DPS REST specification, service API 2026-11-01, "IndividualEnrollment"
std::vector<MemberDifference> differences(const provisioning::IndividualEnrollment& wanted, const QJsonObject& held);

/// "deviceId is "b" at the service and "a" in the record; …".
std::string differencesText(const std::vector<MemberDifference>& differences);

} // namespace enroll::db::dps
