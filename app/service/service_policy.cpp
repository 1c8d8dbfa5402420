#include "app/service/service_policy.h"

#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "core/crypto/random.h"
#include "db/qt/values.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <array>

namespace enroll::service {

using db::qt::toQString;
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kKeyBytes = 32;

constexpr std::array kRights{
    std::pair{Right::ServiceConfig, "ServiceConfig"sv},
    std::pair{Right::EnrollmentRead, "EnrollmentRead"sv},
    std::pair{Right::EnrollmentWrite, "EnrollmentWrite"sv},
    std::pair{Right::RegistrationStatusRead, "RegistrationStatusRead"sv},
    std::pair{Right::RegistrationStatusWrite, "RegistrationStatusWrite"sv},
};

Error invalid(std::string what)
{
    return makeError(StationCode::ConfigurationInvalid, "policies: " + std::move(what));
}

QJsonObject toJson(const ServicePolicy& policy)
{
    QJsonArray rights;
    for (const auto& [right, word] : kRights) {
        if (policy.rights.contains(right)) {
            rights.append(toQString(word));
        }
    }
    return {{QStringLiteral("name"), toQString(policy.name)},
            {QStringLiteral("rights"), rights},
            {QStringLiteral("primaryKey"), toQString(crypto::toBase64(policy.primaryKey.view()))},
            {QStringLiteral("secondaryKey"), toQString(crypto::toBase64(policy.secondaryKey.view()))}};
}

Result<Right> rightFromText(const std::string& text)
{
    for (const auto& [right, word] : kRights) {
        if (word == text) {
            return right;
        }
    }
    return invalid("\"" + text +
                   "\" is not a right of this service; rights are ServiceConfig, EnrollmentRead, EnrollmentWrite, "
                   "RegistrationStatusRead and RegistrationStatusWrite");
}

Result<SecretBytes> keyMember(const QJsonObject& object, const char* member)
{
    auto key = crypto::fromBase64(object.value(QLatin1String(member)).toString().toStdString());
    if (!key.ok() || key->size() < kKeyBytes / 2) {
        return invalid(std::string{member} + " must be base64 of at least 16 bytes");
    }
    return SecretBytes{std::move(key).value()};
}

Result<ServicePolicy> policyFromJson(const QJsonObject& object)
{
    ServicePolicy policy;
    policy.name = object.value(QLatin1String("name")).toString().toStdString();
    if (policy.name.empty()) {
        return invalid("a policy without a name");
    }
    const auto rights = object.value(QLatin1String("rights")).toArray();
    for (const auto& right : rights) {
        TRY_ASSIGN(const auto known, rightFromText(right.toString().toStdString()));
        policy.rights.insert(known);
    }
    TRY_ASSIGN(policy.primaryKey, keyMember(object, "primaryKey"));
    TRY_ASSIGN(policy.secondaryKey, keyMember(object, "secondaryKey"));
    return policy;
}

} // namespace

Result<ServicePolicy> makeOwnerPolicy()
{
    TRY_ASSIGN(auto primary, crypto::randomSecret(kKeyBytes));
    TRY_ASSIGN(auto secondary, crypto::randomSecret(kKeyBytes));
    ServicePolicy policy{kOwnerPolicy, {}, std::move(primary), std::move(secondary)};
    for (const auto& [right, word] : kRights) {
        policy.rights.insert(right);
    }
    return policy;
}

QByteArray toJson(const std::vector<ServicePolicy>& policies)
{
    QJsonArray list;
    for (const auto& policy : policies) {
        list.append(toJson(policy));
    }
    return QJsonDocument{list}.toJson();
}

Result<std::vector<ServicePolicy>> policiesFromJson(const QByteArray& json)
{
    const auto document = QJsonDocument::fromJson(json);
    if (!document.isArray() || document.array().isEmpty()) {
        return invalid("not a list with a policy in it");
    }
    std::vector<ServicePolicy> policies;
    const auto list = document.array();
    for (const auto& entry : list) {
        TRY_ASSIGN(auto policy, policyFromJson(entry.toObject()));
        policies.push_back(std::move(policy));
    }
    return policies;
}

} // namespace enroll::service
