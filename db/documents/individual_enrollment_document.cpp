#include "db/documents/individual_enrollment_document.h"

#include "core/attestation/endorsement_key.h"
#include "core/attestation/storage_root_key.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/crypto/base64.h"
#include "core/enrollment/registration_id.h"
#include "db/documents/member_reader.h"
#include "db/qt/values.h"

#include <QJsonArray>

#include <algorithm>
#include <array>
#include <utility>

namespace enroll::db::documents {

using qt::toQString;
using namespace provisioning;

namespace {

constexpr std::array kStatuses{ProvisioningStatus::Enabled, ProvisioningStatus::Disabled};
constexpr std::array kPolicies{AllocationPolicy::Hashed, AllocationPolicy::GeoLatency, AllocationPolicy::Static,
                               AllocationPolicy::Custom};
constexpr std::array kModes{BulkMode::Create, BulkMode::Update, BulkMode::UpdateIfMatchEtag, BulkMode::Delete};
constexpr std::array kRegistrationStatuses{RegistrationStatus::Unassigned, RegistrationStatus::Assigning,
                                           RegistrationStatus::Assigned, RegistrationStatus::Failed,
                                           RegistrationStatus::Disabled};

/// A text that the service leaves out where there is none.
Result<std::string> textOrEmpty(const MemberReader& reader, const char* name)
{
    TRY_ASSIGN(auto text, reader.textIfAny(name));
    return std::move(text).value_or("");
}

Result<std::optional<std::string>> opaqueIfAny(const MemberReader& reader, const char* name)
{
    if (reader.isAbsent(name)) {
        return std::optional<std::string>{};
    }
    TRY_ASSIGN(const auto object, reader.json(name));
    return std::optional{canonicalJson(object).toStdString()};
}

/// An empty time says as little as none.
Result<std::optional<UtcTime>> timeIfAny(const MemberReader& reader, const char* name)
{
    TRY_ASSIGN(const auto text, textOrEmpty(reader, name));
    return text.empty() ? Result<std::optional<UtcTime>>{std::nullopt} : reader.timeIfAny(name);
}

/// A code is a number or, from some versions of the service, its decimal text.
Result<int> codeFrom(const MemberReader& reader, const char* name)
{
    if (const auto text = reader.text(name); text.ok()) {
        bool isNumber = false;
        const int number = toQString(*text).toInt(&isNumber);
        return isNumber ? Result<int>{number} : reader.fault(name, "is not a number");
    }
    return reader.integerAs<int>(name);
}

/// The refusal of a key speaks of the device, with the code that the device would get.
Error keyFault(const MemberReader& tpm, const char* name, ErrorCode code, const std::string& why)
{
    return recoded(tpm.fault(name, why), code);
}

Result<Bytes> keyFrom(const MemberReader& tpm, const char* name, ErrorCode code,
                      Result<void> (*requireShape)(const attestation::PublicArea&))
{
    auto bytes = tpm.base64(name);
    if (!bytes.ok() || bytes->empty()) {
        return keyFault(tpm, name, code, "is not the base64 of a TPM2B_PUBLIC");
    }
    const auto area = attestation::parsePublic(*bytes);
    if (!area.ok()) {
        return keyFault(tpm, name, code, "is not a TPM2B_PUBLIC: " + area.error().what);
    }
    TRY(requireShape(*area));
    return bytes;
}

Result<TpmAttestation> attestationFrom(const MemberReader& reader)
{
    TRY_ASSIGN(const auto attestation, reader.object("attestation"));
    TRY_ASSIGN(const auto type, textOrEmpty(attestation, "type"));
    if (type != "tpm") {
        return attestation.fault("type", "is '" + type.substr(0, 40) + "'; only 'tpm' is taken");
    }
    TRY_ASSIGN(const auto tpm, attestation.object("tpm"));
    TpmAttestation keys;
    TRY_ASSIGN(keys.endorsementKey, keyFrom(tpm, "endorsementKey", DeviceCode::EndorsementKeyUnusable,
                                            attestation::requireEndorsementKeyShape));
    if (!tpm.isAbsent("storageRootKey")) {
        TRY_ASSIGN(keys.storageRootKey, keyFrom(tpm, "storageRootKey", DeviceCode::StorageRootKeyUnusable,
                                                attestation::requireStorageParentShape));
    }
    return keys;
}

Result<enrollment::RegistrationId> registrationIdFrom(const MemberReader& reader)
{
    TRY_ASSIGN(const auto text, textOrEmpty(reader, "registrationId"));
    auto id = enrollment::parseRegistrationId(text);
    return id ? std::move(id) : reader.fault("registrationId", "is not a registration id: " + id.error().what);
}

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

Result<void> readAllocation(const MemberReader& reader, IndividualEnrollment& enrollment)
{
    if (!reader.isAbsent("allocationPolicy")) {
        TRY_ASSIGN(enrollment.allocationPolicy,
                   reader.knownWord<AllocationPolicy>("allocationPolicy", kPolicies, allocationPolicyText));
    }
    TRY_ASSIGN(enrollment.iotHubs, hubsFrom(reader));
    TRY_ASSIGN(enrollment.iotHubHostName, textOrEmpty(reader, "iotHubHostName"));
    TRY_ASSIGN(const auto custom, reader.objectIfAny("customAllocationDefinition"));
    if (custom) {
        TRY_ASSIGN(auto webhookUrl, textOrEmpty(*custom, "webhookUrl"));
        TRY_ASSIGN(auto apiVersion, textOrEmpty(*custom, "apiVersion"));
        enrollment.customAllocation = CustomAllocationDefinition{std::move(webhookUrl), std::move(apiVersion)};
    }
    return {};
}

Result<void> readPolicies(const MemberReader& reader, IndividualEnrollment& enrollment)
{
    if (!reader.isAbsent("provisioningStatus")) {
        TRY_ASSIGN(enrollment.provisioningStatus,
                   reader.knownWord<ProvisioningStatus>("provisioningStatus", kStatuses, provisioningStatusText));
    }
    TRY_ASSIGN(const auto capabilities, reader.objectIfAny("capabilities"));
    if (capabilities) {
        enrollment.iotEdge = false;
        if (!capabilities->isAbsent("iotEdge")) {
            TRY_ASSIGN(enrollment.iotEdge, capabilities->boolean("iotEdge"));
        }
    }
    TRY_ASSIGN(const auto policy, reader.objectIfAny("reprovisionPolicy"));
    if (policy) {
        auto& reprovision = enrollment.reprovisionPolicy.emplace();
        TRY_ASSIGN(reprovision.updateHubAssignment, policy->boolean("updateHubAssignment"));
        TRY_ASSIGN(reprovision.migrateDeviceData, policy->boolean("migrateDeviceData"));
    }
    return {};
}

Result<void> readServiceMembers(const MemberReader& reader, IndividualEnrollment& enrollment)
{
    TRY_ASSIGN(enrollment.etag, textOrEmpty(reader, "etag"));
    TRY_ASSIGN(enrollment.createdAt, timeIfAny(reader, "createdDateTimeUtc"));
    TRY_ASSIGN(enrollment.updatedAt, timeIfAny(reader, "lastUpdatedDateTimeUtc"));
    return {};
}

Result<IndividualEnrollment> enrollmentFrom(const MemberReader& reader)
{
    IndividualEnrollment enrollment;
    TRY_ASSIGN(enrollment.registrationId, registrationIdFrom(reader));
    TRY_ASSIGN(enrollment.deviceId, textOrEmpty(reader, "deviceId"));
    TRY_ASSIGN(enrollment.attestation, attestationFrom(reader));
    TRY_ASSIGN(enrollment.twinJson, opaqueIfAny(reader, "initialTwin"));
    TRY_ASSIGN(enrollment.deviceInformationJson, opaqueIfAny(reader, "optionalDeviceInformation"));
    TRY(readPolicies(reader, enrollment));
    TRY(readAllocation(reader, enrollment));
    TRY(readServiceMembers(reader, enrollment));
    return enrollment;
}

Result<BulkMode> modeFrom(const MemberReader& reader)
{
    TRY_ASSIGN(const auto text, textOrEmpty(reader, "mode"));
    const auto mode = bulkModeFromText(text);
    return mode ? Result<BulkMode>{*mode} : reader.knownWord<BulkMode>("mode", kModes, bulkModeText);
}

Result<IndividualEnrollment> bulkEntryFrom(const MemberReader& reader, BulkMode mode)
{
    if (mode != BulkMode::Delete) {
        return enrollmentFrom(reader);
    }
    IndividualEnrollment named;
    TRY_ASSIGN(named.registrationId, registrationIdFrom(reader));
    TRY_ASSIGN(named.etag, textOrEmpty(reader, "etag"));
    return named;
}

Result<BulkEnrollmentError> bulkErrorFrom(const MemberReader& reader)
{
    TRY_ASSIGN(auto id, textOrEmpty(reader, "registrationId"));
    TRY_ASSIGN(const auto code, codeFrom(reader, "errorCode"));
    TRY_ASSIGN(auto status, textOrEmpty(reader, "errorStatus"));
    return BulkEnrollmentError{enrollment::RegistrationId{std::move(id)}, code, std::move(status)};
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
        const auto held = parseJsonObject(asBytes(*json));
        object.insert(QLatin1String(member), held ? *held : QJsonObject{});
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
    return enrollmentFrom(MemberReader{document});
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
    return bulkEntryFrom(MemberReader{document}, mode);
}

Result<BulkEnrollmentOperation> bulkOperationFromJson(const QJsonObject& document)
{
    const MemberReader reader{document};
    BulkEnrollmentOperation operation;
    TRY_ASSIGN(operation.mode, modeFrom(reader));
    TRY_ASSIGN(const auto entries, reader.objects("enrollments"));
    for (const auto& entry : entries) {
        TRY_ASSIGN(auto enrollment, bulkEntryFrom(entry, operation.mode));
        operation.enrollments.push_back(std::move(enrollment));
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
    const MemberReader reader{document};
    BulkEnrollmentResult result;
    TRY_ASSIGN(result.isSuccessful, reader.boolean("isSuccessful"));
    if (reader.isAbsent("errors")) {
        return result;
    }
    TRY_ASSIGN(const auto errors, reader.objects("errors"));
    for (const auto& entry : errors) {
        TRY_ASSIGN(auto error, bulkErrorFrom(entry));
        result.errors.push_back(std::move(error));
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
    const MemberReader reader{document};
    RegistrationState state;
    TRY_ASSIGN(auto registrationId, textOrEmpty(reader, "registrationId"));
    state.registrationId = enrollment::RegistrationId{std::move(registrationId)};
    TRY_ASSIGN(state.status,
               reader.knownWord<RegistrationStatus>("status", kRegistrationStatuses, registrationStatusText));
    TRY_ASSIGN(const auto substatus, textOrEmpty(reader, "substatus"));
    state.substatus = registrationSubstatusFromText(substatus);
    TRY_ASSIGN(state.assignedHub, textOrEmpty(reader, "assignedHub"));
    TRY_ASSIGN(state.deviceId, textOrEmpty(reader, "deviceId"));
    TRY_ASSIGN(const auto createdAt, timeIfAny(reader, "createdDateTimeUtc"));
    state.createdAt = createdAt.value_or(UtcTime{});
    TRY_ASSIGN(const auto updatedAt, timeIfAny(reader, "lastUpdatedDateTimeUtc"));
    state.updatedAt = updatedAt.value_or(UtcTime{});
    TRY_ASSIGN(state.etag, textOrEmpty(reader, "etag"));
    if (!reader.isAbsent("errorCode")) {
        TRY_ASSIGN(state.errorCode, codeFrom(reader, "errorCode"));
    }
    TRY_ASSIGN(state.errorMessage, textOrEmpty(reader, "errorMessage"));
    return state;
}

} // namespace enroll::db::documents
