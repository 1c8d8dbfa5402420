#pragma once

#include "core/base/result.h"
#include "core/provisioning/individual_enrollment.h"
#include "core/provisioning/registration_state.h"

#include <QJsonObject>

/// The JSON forms of the provisioning service's enrollment list.
/// Source: DPS REST specification, service API 2021-10-01.
namespace enroll::db::documents {

/// An IndividualEnrollment; members that are absent in the value are absent in the document.
QJsonObject toJson(const provisioning::IndividualEnrollment& enrollment);

/// Reads an IndividualEnrollment and vouches for what it returns: registration id by the service's rules, endorsement
/// key by strict parsing and by its shape, enumerations by their words. Members nobody knows, and what only the service
/// writes (registrationState), are passed over.
/// \par Errors   D-113 (endorsement key), D-114 (storage root key), S-334 (anything else) naming the member
Result<provisioning::IndividualEnrollment> individualEnrollmentFromJson(const QJsonObject& document);

QJsonObject toJson(const provisioning::BulkEnrollmentOperation& operation);
/// How many enrollments there may be is the service's business. Fails at the first enrollment that is not in order;
/// who wants an outcome for each reads them one by one with bulkEntryFromJson(). Errors as above.
Result<provisioning::BulkEnrollmentOperation> bulkOperationFromJson(const QJsonObject& document);

/// One enrollment of a bulk call. For mode delete its registrationId is enough. Errors as above.
Result<provisioning::IndividualEnrollment> bulkEntryFromJson(const QJsonObject& document, provisioning::BulkMode mode);

QJsonObject toJson(const provisioning::BulkEnrollmentResult& result);
/// Error S-334 naming the member. An errorCode may be a number or a decimal text.
Result<provisioning::BulkEnrollmentResult> bulkResultFromJson(const QJsonObject& document);

QJsonObject toJson(const provisioning::RegistrationState& state);
/// Error S-334 naming the member.
Result<provisioning::RegistrationState> registrationStateFromJson(const QJsonObject& document);

/// "2017-09-28T16:29:42.3447817Z": the service writes seven decimals.
QString serviceTimestamp(UtcTime time);

} // namespace enroll::db::documents
