#pragma once

#include "core/enrollment/enrollment_settings.h"
#include "db/documents/member_reader.h"

namespace enroll::db::documents {

/// The members of an individual enrollment that hold \p settings, under the service's own names: `capabilities`,
/// `initialTwin`, `reprovisionPolicy`, `allocationPolicy`, `iotHubs`, `namespaceName`, `certificateAuthorityName`,
/// `certificatePolicyName`. One that is absent in the settings is left out.
void putSettings(QJsonObject& object, const enrollment::EnrollmentSettings& settings);

/// What becomes of an allocation policy that this program does not know.
enum class UnknownPolicy {
    Refused,
    Remarked, ///< as absent, with a remark
};

/// Inverse, from an object that may have other members. Error S-334 naming the member that is wrong.
Result<void> readSettings(const MemberReader& reader, UnknownPolicy unknown, enrollment::EnrollmentSettings& settings);

// The forms of single members, for whoever reads the rest of an enrollment.

/// A text that the service leaves out where there is none.
Result<std::string> textOrEmpty(const MemberReader& reader, const char* name);
void putText(QJsonObject& object, const char* member, const std::string& text);
/// A JSON object that is kept as it came.
Result<std::optional<std::string>> opaqueIfAny(const MemberReader& reader, const char* name);
void putOpaque(QJsonObject& object, const char* member, const std::optional<std::string>& json);

} // namespace enroll::db::documents
