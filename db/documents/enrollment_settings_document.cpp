#include "db/documents/enrollment_settings_document.h"

#include "db/qt/values.h"

#include <algorithm>
#include <array>

namespace enroll::db::documents {

using qt::toQString;
using namespace enrollment;

namespace {

constexpr std::array kPolicies{AllocationPolicy::Hashed, AllocationPolicy::GeoLatency, AllocationPolicy::Static,
                               AllocationPolicy::Custom};

Result<std::vector<std::string>> hubsFrom(const MemberReader& reader)
{
    if (reader.isAbsent("iotHubs")) {
        return std::vector<std::string>{};
    }
    TRY_ASSIGN(auto hubs, reader.texts("iotHubs"));
    if (std::ranges::any_of(hubs, &std::string::empty)) {
        return reader.fault("iotHubs", "holds an empty text, which is not a host name");
    }
    return hubs;
}

Result<std::optional<AllocationPolicy>> policyFrom(const MemberReader& reader, UnknownPolicy unknown)
{
    if (reader.isAbsent("allocationPolicy")) {
        return std::optional<AllocationPolicy>{};
    }
    if (unknown == UnknownPolicy::Refused) {
        TRY_ASSIGN(const auto policy, reader.knownWord("allocationPolicy", kPolicies, allocationPolicyText));
        return std::optional{policy};
    }
    TRY_ASSIGN(const auto word, reader.word<AllocationPolicy>("allocationPolicy", kPolicies, allocationPolicyText));
    return word.known() ? std::optional{*word.known()} : std::nullopt;
}

Result<void> readCapabilities(const MemberReader& reader, EnrollmentSettings& settings)
{
    TRY_ASSIGN(const auto capabilities, reader.objectIfAny("capabilities"));
    if (!capabilities) {
        return {};
    }
    settings.iotEdge = false;
    if (!capabilities->isAbsent("iotEdge")) {
        TRY_ASSIGN(settings.iotEdge, capabilities->boolean("iotEdge"));
    }
    capabilities->remarkOthers();
    return {};
}

Result<void> readReprovision(const MemberReader& reader, EnrollmentSettings& settings)
{
    TRY_ASSIGN(const auto policy, reader.objectIfAny("reprovisionPolicy"));
    if (!policy) {
        return {};
    }
    auto& reprovision = settings.reprovisionPolicy.emplace();
    TRY_ASSIGN(reprovision.updateHubAssignment, policy->boolean("updateHubAssignment"));
    TRY_ASSIGN(reprovision.migrateDeviceData, policy->boolean("migrateDeviceData"));
    policy->remarkOthers();
    return {};
}

void putHubs(QJsonObject& object, const std::vector<std::string>& hubs)
{
    QJsonArray list;
    for (const auto& hub : hubs) {
        list.append(toQString(hub));
    }
    if (!hubs.empty()) {
        object.insert(QStringLiteral("iotHubs"), list);
    }
}

} // namespace

Result<std::string> textOrEmpty(const MemberReader& reader, const char* name)
{
    TRY_ASSIGN(auto text, reader.textIfAny(name));
    return std::move(text).value_or("");
}

void putText(QJsonObject& object, const char* member, const std::string& text)
{
    if (!text.empty()) {
        object.insert(QLatin1String(member), toQString(text));
    }
}

Result<std::optional<std::string>> opaqueIfAny(const MemberReader& reader, const char* name)
{
    if (reader.isAbsent(name)) {
        return std::optional<std::string>{};
    }
    TRY_ASSIGN(const auto object, reader.json(name));
    return std::optional{canonicalJson(object).toStdString()};
}

void putOpaque(QJsonObject& object, const char* member, const std::optional<std::string>& json)
{
    if (json) {
        const auto held = parseJsonObject(asBytes(*json));
        object.insert(QLatin1String(member), held ? *held : QJsonObject{});
    }
}

void putSettings(QJsonObject& object, const EnrollmentSettings& settings)
{
    if (settings.iotEdge) {
        object.insert(QStringLiteral("capabilities"), QJsonObject{{QStringLiteral("iotEdge"), *settings.iotEdge}});
    }
    putOpaque(object, "initialTwin", settings.twinJson);
    if (const auto& policy = settings.reprovisionPolicy) {
        object.insert(QStringLiteral("reprovisionPolicy"),
                      QJsonObject{{QStringLiteral("updateHubAssignment"), policy->updateHubAssignment},
                                  {QStringLiteral("migrateDeviceData"), policy->migrateDeviceData}});
    }
    if (settings.allocationPolicy) {
        object.insert(QStringLiteral("allocationPolicy"), toQString(allocationPolicyText(*settings.allocationPolicy)));
    }
    putHubs(object, settings.iotHubs);
    putText(object, "namespaceName", settings.namespaceName);
    putText(object, "certificateAuthorityName", settings.certificateAuthorityName);
    putText(object, "certificatePolicyName", settings.certificatePolicyName);
}

Result<void> readSettings(const MemberReader& reader, UnknownPolicy unknown, EnrollmentSettings& settings)
{
    TRY(readCapabilities(reader, settings));
    TRY_ASSIGN(settings.twinJson, opaqueIfAny(reader, "initialTwin"));
    TRY(readReprovision(reader, settings));
    TRY_ASSIGN(settings.allocationPolicy, policyFrom(reader, unknown));
    TRY_ASSIGN(settings.iotHubs, hubsFrom(reader));
    TRY_ASSIGN(settings.namespaceName, textOrEmpty(reader, "namespaceName"));
    TRY_ASSIGN(settings.certificateAuthorityName, textOrEmpty(reader, "certificateAuthorityName"));
    TRY_ASSIGN(settings.certificatePolicyName, textOrEmpty(reader, "certificatePolicyName"));
    return {};
}

} // namespace enroll::db::documents
