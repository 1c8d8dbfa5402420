#pragma once

#include "core/base/secret_bytes.h"

#include <QByteArray>

#include <set>
#include <string>
#include <vector>

namespace enroll::app::service {

/// What a shared access policy may do. Source: DPS documentation, "Control access to DPS", "Access control and
/// permissions".
enum class Right { ServiceConfig, EnrollmentRead, EnrollmentWrite, RegistrationStatusRead, RegistrationStatusWrite };

/// A shared access policy of the service side.
struct ServicePolicy {
    std::string name;
    std::set<Right> rights;
    SecretBytes primaryKey;
    SecretBytes secondaryKey;
};

inline constexpr auto kOwnerPolicy = "provisioningserviceowner";

/// The default policy: every right, two fresh keys of 32 bytes. Error S-340.
Result<ServicePolicy> makeOwnerPolicy();

/// The file of policies: a list of {"name", "rights": [words as in Right], "primaryKey", "secondaryKey"}, keys in
/// base64.
QByteArray toJson(const std::vector<ServicePolicy>& policies);
/// Error P-711 naming what is wrong; never quotes a key.
Result<std::vector<ServicePolicy>> policiesFromJson(const QByteArray& json);

} // namespace enroll::app::service
