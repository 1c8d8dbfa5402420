#include "app/service/authorization.h"

#include "core/base/text.h"
#include "core/crypto/sas_token.h"

#include <algorithm>

namespace enroll::app::service {

using provisioning::ServiceError;
using provisioning::ServiceErrorCode;

namespace {

/// A host name without a port stands for this one: HTTPS.
constexpr auto kDefaultPort = ":443";

/// "127.0.0.1:8443" -> "127.0.0.1"; "[::1]:8443" -> "[::1]".
std::string withoutPort(const std::string& host)
{
    const auto colon = host.rfind(':');
    const bool insideBrackets = host.find(']') != std::string::npos && host.rfind(']') > colon;
    return colon == std::string::npos || insideBrackets ? host : host.substr(0, colon);
}

ServiceError refused(std::string why)
{
    return {ServiceErrorCode::SignatureRefused, {}, std::move(why)};
}

bool signedBy(const crypto::SasToken& token, const SecretBytes& key, UtcTime now)
{
    return crypto::judgeSasToken(token, key.view(), now, provisioning::kClockSkew) == crypto::SasJudgement::Valid;
}

} // namespace

bool coversPath(const std::string& resource, const std::vector<std::string>& path,
                const std::vector<std::string>& hostNames)
{
    const auto decoded = crypto::percentDecode(resource);
    if (!decoded.ok()) {
        return false;
    }
    auto text = asciiLowered(*decoded);
    if (text.starts_with("https://")) {
        text.erase(0, std::string_view{"https://"}.size());
    }
    const auto scope = parseRequestTarget(text);
    if (!scope.ok() || scope->path.size() > path.size() + 1) {
        return false;
    }
    const auto namesHost = [&named = scope->path.front()](const std::string& host) {
        const auto known = asciiLowered(host);
        const auto bare = withoutPort(known);
        const bool hasDefaultPort = known == bare;
        return !known.empty() && (named == known || named == bare || (hasDefaultPort && named == bare + kDefaultPort));
    };
    return std::ranges::any_of(hostNames, namesHost) &&
           std::equal(scope->path.begin() + 1, scope->path.end(), path.begin(),
                      [](const std::string& left, const std::string& right) { return left == asciiLowered(right); });
}

provisioning::ServiceResult<void> requireRight(const ServiceCall& call, Right right)
{
    const auto header = call.request.header("authorization");
    if (header.empty()) {
        return ServiceError{ServiceErrorCode::Unauthorized};
    }
    const auto token = crypto::parseSasToken(header);
    if (!token.ok()) {
        return refused("the token is malformed: " + token.error().what);
    }
    if (!coversPath(token->resource, call.target.path, {call.context.hostName, call.request.header("host")})) {
        return refused("the token is for another resource");
    }
    // An unknown policy and a wrong signature get the same refusal: the caller must not learn which names exist.
    const auto policy = std::ranges::find_if(
        call.context.policies, [&token](const ServicePolicy& known) { return known.name == token->policy; });
    const auto now = call.context.now();
    if (policy == call.context.policies.end() ||
        !(signedBy(*token, policy->primaryKey, now) || signedBy(*token, policy->secondaryKey, now))) {
        return refused("the token is expired or signed with another key");
    }
    if (!policy->rights.contains(right)) {
        return ServiceError{ServiceErrorCode::RightMissing};
    }
    return {};
}

} // namespace enroll::app::service
