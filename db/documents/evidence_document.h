#pragma once

#include "core/enrollment/attestation_run.h"
#include "db/documents/member_reader.h"

/// The parts of the run document, each with its strict inverse. Errors S-332 with the member's path.
namespace enroll::db::documents {

QJsonObject toJson(const attestation::EndorsementKeyEvidence& key);
Result<attestation::EndorsementKeyEvidence> endorsementKeyFrom(const MemberReader& reader);

QJsonObject toJson(const attestation::StorageRootKeyEvidence& key);
Result<attestation::StorageRootKeyEvidence> storageRootKeyFrom(const MemberReader& reader);

QJsonObject toJson(const attestation::TpmIdentity& tpm);
Result<attestation::TpmIdentity> tpmIdentityFrom(const MemberReader& reader);

QJsonObject toJson(const attestation::StepRecord& step);
Result<attestation::StepRecord> stepFrom(const MemberReader& reader);

QJsonObject toJson(const attestation::Finding& finding);
Result<attestation::Finding> findingFrom(const MemberReader& reader);

QJsonObject toJson(const enrollment::RecordSummary& record);
Result<enrollment::RecordSummary> recordSummaryFrom(const MemberReader& reader);

/// "D-118" or null.
Result<std::optional<ErrorCode>> errorCodeFrom(const MemberReader& reader, const char* name);
Result<enrollment::RecordState> recordStateFrom(const MemberReader& reader, const char* name);

template <class Part>
QJsonValue objectOrNull(const std::optional<Part>& part)
{
    return part ? QJsonValue{toJson(*part)} : QJsonValue{QJsonValue::Null};
}

template <class Part>
QJsonArray listOf(const std::vector<Part>& parts)
{
    QJsonArray list;
    for (const auto& part : parts) {
        list.append(toJson(part));
    }
    return list;
}

template <class Part>
Result<std::optional<Part>> objectIfAny(const MemberReader& reader, const char* name,
                                        Result<Part> (*partFrom)(const MemberReader&))
{
    TRY_ASSIGN(const auto object, reader.objectIfAny(name));
    return object ? std::optional{TRY(partFrom(*object))} : std::nullopt;
}

template <class Part>
Result<std::vector<Part>> listFrom(const MemberReader& reader, const char* name,
                                   Result<Part> (*partFrom)(const MemberReader&))
{
    std::vector<Part> parts;
    for (const auto& object : TRY(reader.objects(name))) {
        parts.push_back(TRY(partFrom(object)));
    }
    return parts;
}

} // namespace enroll::db::documents
