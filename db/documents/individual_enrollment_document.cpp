#include "db/documents/individual_enrollment_document.h"

#include "core/attestation/endorsement_key.h"
#include "core/attestation/storage_root_key.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "core/enrollment/registration_id.h"
#include "db/documents/member_reader.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <array>
#include <limits>
#include <utility>

namespace enroll::db::documents {

using namespace provisioning;

namespace {

Error invalid(const char* member, std::string why)
{
    return makeError(StationCode::InputInvalid, std::string{member} + ": " + std::move(why));
}

/// An absent member and one that is null are the same to the service.
bool absent(const QJsonObject& object, const char* member)
{
    return object.value(QLatin1String(member)).isNull() || object.value(QLatin1String(member)).isUndefined();
}

Result<std::string> textMember(const QJsonObject& object, const char* member)
{
    if (absent(object, member)) {
        return std::string{};
    }
    const auto value = object.value(QLatin1String(member));
    if (!value.isString()) {
        return invalid(member, "is no text");
    }
    return value.toString().toStdString();
}

Result<bool> boolMember(const QJsonObject& object, const char* member)
{
    const auto value = object.value(QLatin1String(member));
    if (!value.isBool()) {
        return invalid(member, "is neither true nor false");
    }
    return value.toBool();
}

Result<QJsonObject> objectMember(const QJsonObject& object, const char* member)
{
    const auto value = object.value(QLatin1String(member));
    if (!value.isObject()) {
        return invalid(member, "is no object");
    }
    return value.toObject();
}

Result<std::optional<std::string>> opaqueMember(const QJsonObject& object, const char* member)
{
    if (absent(object, member)) {
        return std::optional<std::string>{};
    }
    TRY_ASSIGN(const auto value, objectMember(object, member));
    return std::optional{QJsonDocument{value}.toJson(QJsonDocument::Compact).toStdString()};
}

Result<std::optional<UtcTime>> timeMember(const QJsonObject& object, const char* member)
{
    TRY_ASSIGN(const auto text, textMember(object, member));
    if (text.empty()) {
        return std::optional<UtcTime>{};
    }
    auto time = fromIso8601(text);
    if (!time.ok()) {
        return invalid(member, time.error().what);
    }
    return std::optional{*time};
}

constexpr auto kNoInteger = std::numeric_limits<qint64>::max();

Result<int> codeMember(const QJsonObject& object, const char* member)
{
    const auto value = object.value(QLatin1String(member));
    if (value.isDouble()) {
        const auto number = value.toInteger(kNoInteger);
        return std::in_range<int>(number) ? Result<int>{static_cast<int>(number)} : invalid(member, "is no code");
    }
    bool isNumber = false;
    const int number = value.toString().toInt(&isNumber);
    if (!isNumber) {
        return invalid(member, "is no number");
    }
    return number;
}

/// The enumerator whose word is \p text.
template <class Value, std::size_t N>
Result<Value> wordMember(const char* member, const std::string& text, const std::array<Value, N>& values,
                         std::string_view (*wordOf)(Value) noexcept)
{
    for (const auto value : values) {
        if (wordOf(value) == text) {
            return value;
        }
    }
    return invalid(member, "\"" + text.substr(0, 40) + "\" is none of its words");
}

constexpr std::array kStatuses{ProvisioningStatus::Enabled, ProvisioningStatus::Disabled};
constexpr std::array kPolicies{AllocationPolicy::Hashed, AllocationPolicy::GeoLatency, AllocationPolicy::Static,
                               AllocationPolicy::Custom};

Result<Bytes> keyBytes(const QJsonObject& tpm, const char* member, ErrorCode code)
{
    TRY_ASSIGN(const auto text, textMember(tpm, member));
    auto bytes = crypto::fromBase64(text);
    if (!bytes.ok() || bytes->empty()) {
        return makeError(code, std::string{member} + ": is not the base64 of a TPM2B_PUBLIC");
    }
    return bytes;
}

Error keyError(const char* member, ErrorCode code, const Error& cause)
{
    return makeError(code, std::string{member} + ": " + cause.what);
}

Result<Bytes> endorsementKeyMember(const QJsonObject& tpm)
{
    TRY_ASSIGN(auto bytes, keyBytes(tpm, "endorsementKey", DeviceCode::EndorsementKeyUnusable));
    const auto area = attestation::parsePublic(bytes);
    if (!area.ok()) {
        return keyError("endorsementKey", DeviceCode::EndorsementKeyUnusable, area.error());
    }
    TRY(attestation::requireEndorsementKeyShape(*area));
    return bytes;
}

Result<std::optional<Bytes>> storageRootKeyMember(const QJsonObject& tpm)
{
    if (absent(tpm, "storageRootKey")) {
        return std::optional<Bytes>{};
    }
    TRY_ASSIGN(auto bytes, keyBytes(tpm, "storageRootKey", DeviceCode::StorageRootKeyUnusable));
    const auto area = attestation::parsePublic(bytes);
    if (!area.ok()) {
        return keyError("storageRootKey", DeviceCode::StorageRootKeyUnusable, area.error());
    }
    TRY(attestation::requireStorageParentShape(*area));
    return std::optional{std::move(bytes)};
}

Result<TpmAttestation> attestationFromJson(const QJsonObject& document)
{
    TRY_ASSIGN(const auto attestation, objectMember(document, "attestation"));
    TRY_ASSIGN(const auto type, textMember(attestation, "type"));
    if (type != "tpm") {
        return invalid("attestation.type", "only \"tpm\" is taken, not \"" + type.substr(0, 40) + "\"");
    }
    TRY_ASSIGN(const auto tpm, objectMember(attestation, "tpm"));
    TRY_ASSIGN(auto endorsementKey, endorsementKeyMember(tpm));
    TRY_ASSIGN(auto storageRootKey, storageRootKeyMember(tpm));
    return TpmAttestation{std::move(endorsementKey), std::move(storageRootKey)};
}

Result<enrollment::RegistrationId> registrationIdMember(const QJsonObject& document)
{
    TRY_ASSIGN(const auto text, textMember(document, "registrationId"));
    auto id = enrollment::parseRegistrationId(text);
    if (!id.ok()) {
        return invalid("registrationId", id.error().what);
    }
    return id;
}

Result<std::vector<std::string>> hubsMember(const QJsonObject& document)
{
    std::vector<std::string> hubs;
    if (absent(document, "iotHubs")) {
        return hubs;
    }
    if (!document.value(QLatin1String("iotHubs")).isArray()) {
        return invalid("iotHubs", "is no list");
    }
    const auto list = document.value(QLatin1String("iotHubs")).toArray();
    for (const auto& hub : list) {
        if (!hub.isString() || hub.toString().isEmpty()) {
            return invalid("iotHubs", "holds something that is no host name");
        }
        hubs.push_back(hub.toString().toStdString());
    }
    return hubs;
}

Result<void> readAllocation(const QJsonObject& document, IndividualEnrollment& enrollment)
{
    if (!absent(document, "allocationPolicy")) {
        TRY_ASSIGN(const auto word, textMember(document, "allocationPolicy"));
        TRY_ASSIGN(enrollment.allocationPolicy, wordMember("allocationPolicy", word, kPolicies, &allocationPolicyText));
    }
    TRY_ASSIGN(enrollment.iotHubs, hubsMember(document));
    TRY_ASSIGN(enrollment.iotHubHostName, textMember(document, "iotHubHostName"));
    if (!absent(document, "customAllocationDefinition")) {
        TRY_ASSIGN(const auto custom, objectMember(document, "customAllocationDefinition"));
        TRY_ASSIGN(auto webhookUrl, textMember(custom, "webhookUrl"));
        TRY_ASSIGN(auto apiVersion, textMember(custom, "apiVersion"));
        enrollment.customAllocation = CustomAllocationDefinition{std::move(webhookUrl), std::move(apiVersion)};
    }
    return {};
}

Result<void> readPolicies(const QJsonObject& document, IndividualEnrollment& enrollment)
{
    if (!absent(document, "provisioningStatus")) {
        TRY_ASSIGN(const auto word, textMember(document, "provisioningStatus"));
        TRY_ASSIGN(enrollment.provisioningStatus,
                   wordMember("provisioningStatus", word, kStatuses, &provisioningStatusText));
    }
    if (!absent(document, "capabilities")) {
        TRY_ASSIGN(const auto capabilities, objectMember(document, "capabilities"));
        enrollment.iotEdge = absent(capabilities, "iotEdge") ? false : TRY(boolMember(capabilities, "iotEdge"));
    }
    if (!absent(document, "reprovisionPolicy")) {
        TRY_ASSIGN(const auto policy, objectMember(document, "reprovisionPolicy"));
        auto& reprovision = enrollment.reprovisionPolicy.emplace();
        TRY_ASSIGN(reprovision.updateHubAssignment, boolMember(policy, "updateHubAssignment"));
        TRY_ASSIGN(reprovision.migrateDeviceData, boolMember(policy, "migrateDeviceData"));
    }
    return {};
}

Result<void> readServiceMembers(const QJsonObject& document, IndividualEnrollment& enrollment)
{
    TRY_ASSIGN(enrollment.etag, textMember(document, "etag"));
    TRY_ASSIGN(enrollment.createdAt, timeMember(document, "createdDateTimeUtc"));
    TRY_ASSIGN(enrollment.updatedAt, timeMember(document, "lastUpdatedDateTimeUtc"));
    return {};
}

void putText(QJsonObject& object, const char* member, const std::string& text)
{
    if (!text.empty()) {
        object.insert(QLatin1String(member), toQString(text));
    }
}

void putOpaque(QJsonObject& object, const char* member, const std::optional<std::string>& json)
{
    if (json) {
        object.insert(QLatin1String(member), QJsonDocument::fromJson(QByteArray::fromStdString(*json)).object());
    }
}

void putTime(QJsonObject& object, const char* member, const std::optional<UtcTime>& time)
{
    if (time) {
        object.insert(QLatin1String(member), serviceTimestamp(*time));
    }
}

QJsonObject attestationJson(const TpmAttestation& keys)
{
    QJsonObject tpm{{QStringLiteral("endorsementKey"), toQString(crypto::toBase64(keys.endorsementKey))}};
    if (keys.storageRootKey) {
        tpm.insert(QStringLiteral("storageRootKey"), toQString(crypto::toBase64(*keys.storageRootKey)));
    }
    return {{QStringLiteral("type"), QStringLiteral("tpm")}, {QStringLiteral("tpm"), tpm}};
}

void putAllocation(QJsonObject& object, const IndividualEnrollment& enrollment)
{
    if (enrollment.allocationPolicy) {
        object.insert(QStringLiteral("allocationPolicy"),
                      toQString(allocationPolicyText(*enrollment.allocationPolicy)));
    }
    putText(object, "iotHubHostName", enrollment.iotHubHostName);
    if (!enrollment.iotHubs.empty()) {
        QJsonArray hubs;
        for (const auto& hub : enrollment.iotHubs) {
            hubs.append(toQString(hub));
        }
        object.insert(QStringLiteral("iotHubs"), hubs);
    }
    if (enrollment.customAllocation) {
        object.insert(QStringLiteral("customAllocationDefinition"),
                      QJsonObject{{QStringLiteral("webhookUrl"), toQString(enrollment.customAllocation->webhookUrl)},
                                  {QStringLiteral("apiVersion"), toQString(enrollment.customAllocation->apiVersion)}});
    }
}

void putPolicies(QJsonObject& object, const IndividualEnrollment& enrollment)
{
    object.insert(QStringLiteral("provisioningStatus"),
                  toQString(provisioningStatusText(enrollment.provisioningStatus)));
    if (enrollment.iotEdge) {
        object.insert(QStringLiteral("capabilities"), QJsonObject{{QStringLiteral("iotEdge"), *enrollment.iotEdge}});
    }
    if (const auto& policy = enrollment.reprovisionPolicy) {
        object.insert(QStringLiteral("reprovisionPolicy"),
                      QJsonObject{{QStringLiteral("updateHubAssignment"), policy->updateHubAssignment},
                                  {QStringLiteral("migrateDeviceData"), policy->migrateDeviceData}});
    }
}

} // namespace

QString serviceTimestamp(UtcTime time)
{
    auto text = toIso8601(time);
    text.insert(text.size() - 1, "0000");
    return toQString(text);
}

QJsonObject toJson(const IndividualEnrollment& enrollment)
{
    QJsonObject object{{QStringLiteral("registrationId"), toQString(enrollment.registrationId.text())},
                       {QStringLiteral("attestation"), attestationJson(enrollment.attestation)}};
    putText(object, "deviceId", enrollment.deviceId);
    putText(object, "etag", enrollment.etag);
    putPolicies(object, enrollment);
    putAllocation(object, enrollment);
    putOpaque(object, "initialTwin", enrollment.twinJson);
    putOpaque(object, "optionalDeviceInformation", enrollment.deviceInformationJson);
    putTime(object, "createdDateTimeUtc", enrollment.createdAt);
    putTime(object, "lastUpdatedDateTimeUtc", enrollment.updatedAt);
    return object;
}

Result<IndividualEnrollment> individualEnrollmentFromJson(const QJsonObject& document)
{
    IndividualEnrollment enrollment;
    TRY_ASSIGN(enrollment.registrationId, registrationIdMember(document));
    TRY_ASSIGN(enrollment.deviceId, textMember(document, "deviceId"));
    TRY_ASSIGN(enrollment.attestation, attestationFromJson(document));
    TRY_ASSIGN(enrollment.twinJson, opaqueMember(document, "initialTwin"));
    TRY_ASSIGN(enrollment.deviceInformationJson, opaqueMember(document, "optionalDeviceInformation"));
    TRY(readPolicies(document, enrollment));
    TRY(readAllocation(document, enrollment));
    TRY(readServiceMembers(document, enrollment));
    return enrollment;
}

QJsonObject toJson(const BulkEnrollmentOperation& operation)
{
    QJsonArray enrollments;
    for (const auto& enrollment : operation.enrollments) {
        enrollments.append(toJson(enrollment));
    }
    return {{QStringLiteral("mode"), toQString(bulkModeText(operation.mode))},
            {QStringLiteral("enrollments"), enrollments}};
}

Result<IndividualEnrollment> bulkEntryFromJson(const QJsonObject& document, BulkMode mode)
{
    if (mode != BulkMode::Delete) {
        return individualEnrollmentFromJson(document);
    }
    IndividualEnrollment named;
    TRY_ASSIGN(named.registrationId, registrationIdMember(document));
    TRY_ASSIGN(named.etag, textMember(document, "etag"));
    return named;
}

Result<BulkEnrollmentOperation> bulkOperationFromJson(const QJsonObject& document)
{
    BulkEnrollmentOperation operation;
    const auto mode = bulkModeFromText(TRY(textMember(document, "mode")));
    if (!mode) {
        return invalid("mode", "is none of its words");
    }
    operation.mode = *mode;
    if (!document.value(QLatin1String("enrollments")).isArray()) {
        return invalid("enrollments", "is no list");
    }
    const auto list = document.value(QLatin1String("enrollments")).toArray();
    for (const auto& entry : list) {
        operation.enrollments.push_back(TRY(bulkEntryFromJson(entry.toObject(), *mode)));
    }
    return operation;
}

QJsonObject toJson(const BulkEnrollmentResult& result)
{
    QJsonArray errors;
    for (const auto& error : result.errors) {
        errors.append(QJsonObject{{QStringLiteral("registrationId"), toQString(error.registrationId.text())},
                                  {QStringLiteral("errorCode"), error.errorCode},
                                  {QStringLiteral("errorStatus"), toQString(error.errorStatus)}});
    }
    return {{QStringLiteral("isSuccessful"), result.isSuccessful}, {QStringLiteral("errors"), errors}};
}

Result<BulkEnrollmentResult> bulkResultFromJson(const QJsonObject& document)
{
    BulkEnrollmentResult result;
    TRY_ASSIGN(result.isSuccessful, boolMember(document, "isSuccessful"));
    if (!absent(document, "errors") && !document.value(QLatin1String("errors")).isArray()) {
        return invalid("errors", "is no list");
    }
    const auto errors = document.value(QLatin1String("errors")).toArray();
    for (const auto& entry : errors) {
        const auto object = entry.toObject();
        TRY_ASSIGN(auto id, textMember(object, "registrationId"));
        TRY_ASSIGN(const auto code, codeMember(object, "errorCode"));
        TRY_ASSIGN(auto status, textMember(object, "errorStatus"));
        result.errors.push_back({enrollment::RegistrationId{std::move(id)}, code, std::move(status)});
    }
    return result;
}

QJsonObject toJson(const RegistrationState& state)
{
    QJsonObject object{{QStringLiteral("registrationId"), toQString(state.registrationId.text())},
                       {QStringLiteral("status"), toQString(registrationStatusText(state.status))}};
    if (state.substatus) {
        object.insert(QStringLiteral("substatus"), toQString(registrationSubstatusText(*state.substatus)));
    }
    putText(object, "assignedHub", state.assignedHub);
    putText(object, "deviceId", state.deviceId);
    putText(object, "etag", state.etag);
    putTime(object, "createdDateTimeUtc", state.createdAt);
    putTime(object, "lastUpdatedDateTimeUtc", state.updatedAt);
    if (state.errorCode != 0) {
        object.insert(QStringLiteral("errorCode"), state.errorCode);
    }
    putText(object, "errorMessage", state.errorMessage);
    return object;
}

Result<RegistrationState> registrationStateFromJson(const QJsonObject& document)
{
    RegistrationState state;
    state.registrationId = enrollment::RegistrationId{TRY(textMember(document, "registrationId"))};
    const auto status = registrationStatusFromText(TRY(textMember(document, "status")));
    if (!status) {
        return invalid("status", "is none of its words");
    }
    state.status = *status;
    state.substatus = registrationSubstatusFromText(TRY(textMember(document, "substatus")));
    TRY_ASSIGN(state.assignedHub, textMember(document, "assignedHub"));
    TRY_ASSIGN(state.deviceId, textMember(document, "deviceId"));
    state.createdAt = TRY(timeMember(document, "createdDateTimeUtc")).value_or(UtcTime{});
    state.updatedAt = TRY(timeMember(document, "lastUpdatedDateTimeUtc")).value_or(UtcTime{});
    TRY_ASSIGN(state.etag, textMember(document, "etag"));
    state.errorCode = absent(document, "errorCode") ? 0 : TRY(codeMember(document, "errorCode"));
    TRY_ASSIGN(state.errorMessage, textMember(document, "errorMessage"));
    return state;
}

} // namespace enroll::db::documents
