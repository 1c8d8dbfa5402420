#pragma once

#include "core/enrollment/attestation_run.h"
#include "db/documents/member_reader.h"

/// The parts of the run document, version 1, each with its inverse. A word that is not known is kept as it stands, with
/// a remark of the reader's. Errors S-334 with the member's path.
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

QJsonObject toJson(const enrollment::ProfileStamp& stamp);
Result<enrollment::ProfileStamp> profileStampFrom(const MemberReader& reader);

QJsonObject toJson(const enrollment::SoftwareStamp& stamp);
Result<enrollment::SoftwareStamp> softwareStampFrom(const MemberReader& reader);

QJsonObject toJson(const enrollment::SettingAside& setAside);
QJsonObject toJson(const enrollment::RecordSummary& record);
Result<enrollment::RecordSummary> recordSummaryFrom(const MemberReader& reader);

/// "D-118" or null.
QJsonValue codeOrNull(const std::optional<Word<ErrorCode>>& code);
Result<std::optional<Word<ErrorCode>>> codeFrom(const MemberReader& reader, const char* name);
Result<Word<enrollment::RecordState>> recordStateFrom(const MemberReader& reader, const char* name);

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
    if (!object) {
        return std::optional<Part>{};
    }
    TRY_ASSIGN(auto part, partFrom(*object));
    return std::optional{std::move(part)};
}

template <class Part>
Result<std::vector<Part>> listFrom(const MemberReader& reader, const char* name,
                                   Result<Part> (*partFrom)(const MemberReader&))
{
    TRY_ASSIGN(const auto objects, reader.objects(name));
    std::vector<Part> parts;
    for (const auto& object : objects) {
        TRY_ASSIGN(auto part, partFrom(object));
        parts.push_back(std::move(part));
    }
    return parts;
}

} // namespace enroll::db::documents
