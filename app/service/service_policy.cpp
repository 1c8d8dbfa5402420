#include "app/service/service_policy.h"

#include "core/base/recoded.h"
#include "core/base/service_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/crypto/base64.h"
#include "core/crypto/random.h"
#include "db/documents/member_reader.h"
#include "db/qt/values.h"

#include <algorithm>
#include <array>
#include <vector>

namespace enroll::app::service {

using db::documents::MemberReader;
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

Result<Right> rightFromText(const MemberReader& policy, const std::string& text)
{
    std::vector<std::string_view> words;
    for (const auto& [right, word] : kRights) {
        if (word == text) {
            return right;
        }
        words.push_back(word);
    }
    return policy.fault("rights", "holds " + quotedText(text) + "; rights of this service are " + joined(words));
}

Result<SecretBytes> keyMember(const MemberReader& policy, const char* member)
{
    TRY_ASSIGN(auto key, policy.base64(member));
    if (key.size() < kKeyBytes / 2) {
        return policy.fault(member, "must be base64 of at least 16 bytes");
    }
    return SecretBytes{std::move(key)};
}

Result<ServicePolicy> policyFrom(const MemberReader& reader)
{
    ServicePolicy policy;
    TRY_ASSIGN(policy.name, reader.text("name"));
    if (isBlank(policy.name)) {
        return reader.fault("name", "is empty: write the name of the policy, such as \"provisioningserviceowner\"");
    }
    if (!std::ranges::all_of(policy.name, [](char c) { return c >= ' ' && c <= '~'; })) {
        return reader.fault("name",
                            "holds a character that is not ASCII, or not printable: clients send it in every token");
    }
    if (!reader.isAbsent("rights")) {
        TRY_ASSIGN(const auto rights, reader.texts("rights"));
        for (const auto& text : rights) {
            TRY_ASSIGN(const auto right, rightFromText(reader, text));
            policy.rights.insert(right);
        }
    }
    TRY_ASSIGN(policy.primaryKey, keyMember(reader, "primaryKey"));
    TRY_ASSIGN(policy.secondaryKey, keyMember(reader, "secondaryKey"));
    return policy;
}

Result<std::vector<ServicePolicy>> policiesFrom(const QByteArray& json)
{
    TRY_ASSIGN(const auto list, db::documents::parseJsonList(json));
    TRY_ASSIGN(const auto entries, MemberReader::listOf(list));
    std::vector<ServicePolicy> policies;
    for (const auto& entry : entries) {
        TRY_ASSIGN(auto policy, policyFrom(entry));
        policies.push_back(std::move(policy));
    }
    return policies;
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
    return db::documents::readableJson(list);
}

Result<std::vector<ServicePolicy>> policiesFromJson(const QByteArray& json)
{
    auto policies = policiesFrom(json);
    if (policies.ok() && policies->empty()) {
        return makeError(ServiceCode::FileUnusable, "policies: the list is empty");
    }
    return prefixed("policies: ", recoded(std::move(policies), ServiceCode::FileUnusable));
}

} // namespace enroll::app::service
