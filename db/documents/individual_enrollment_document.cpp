#include "db/documents/individual_enrollment_document.h"

#include "core/attestation/endorsement_key.h"
#include "core/attestation/storage_root_key.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/crypto/base64.h"
#include "core/enrollment/registration_id.h"
#include "db/documents/enrollment_settings_document.h"
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
constexpr std::array kModes{BulkMode::Create, BulkMode::Update, BulkMode::UpdateIfMatchEtag, BulkMode::Delete};
constexpr std::array kRegistrationStatuses{RegistrationStatus::Unassigned, RegistrationStatus::Assigning,
                                           RegistrationStatus::Assigned, RegistrationStatus::Failed,
                                           RegistrationStatus::Disabled};

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

Result<void> readAllocation(const MemberReader& reader, IndividualEnrollment& enrollment)
{
    TRY_ASSIGN(enrollment.iotHubHostName, textOrEmpty(reader, "iotHubHostName"));
    TRY_ASSIGN(const auto custom, reader.objectIfAny("customAllocationDefinition"));
    if (custom) {
        TRY_ASSIGN(auto webhookUrl, textOrEmpty(*custom, "webhookUrl"));
        TRY_ASSIGN(auto apiVersion, textOrEmpty(*custom, "apiVersion"));
        enrollment.customAllocation = CustomAllocationDefinition{std::move(webhookUrl), std::move(apiVersion)};
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
    TRY(readSettings(reader, UnknownPolicy::Refused, enrollment));
    TRY_ASSIGN(enrollment.deviceInformationJson, opaqueIfAny(reader, "optionalDeviceInformation"));
    if (!reader.isAbsent("provisioningStatus")) {
        TRY_ASSIGN(enrollment.provisioningStatus,
                   reader.knownWord<ProvisioningStatus>("provisioningStatus", kStatuses, provisioningStatusText));
    }
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
    putText(object, "iotHubHostName", enrollment.iotHubHostName);
    if (enrollment.customAllocation) {
        object.insert(QStringLiteral("customAllocationDefinition"),
                      QJsonObject{{QStringLiteral("webhookUrl"), toQString(enrollment.customAllocation->webhookUrl)},
                                  {QStringLiteral("apiVersion"), toQString(enrollment.customAllocation->apiVersion)}});
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
    object.insert(QStringLiteral("provisioningStatus"),
                  toQString(provisioningStatusText(enrollment.provisioningStatus)));
    putSettings(object, enrollment);
    putAllocation(object, enrollment);
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
