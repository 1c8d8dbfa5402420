#include "tests/support/memory_journal.h"

#include "core/attestation/key_fingerprint.h"
#include "core/enrollment/registration_id.h"

#include <algorithm>

namespace enroll::test {
namespace {

using namespace enrollment;

template <class Matches>
std::optional<EnrollmentRecord> find(const std::vector<EnrollmentRecord>& records, Matches matches)
{
    const auto found = std::ranges::find_if(records, matches);
    return found == records.end() ? std::nullopt : std::optional{*found};
}

std::optional<EnrollmentRecord> byFingerprint(const std::vector<EnrollmentRecord>& records, const Result<Bytes>& wanted)
{
    return find(records, [&wanted](const auto& record) {
        const auto fingerprint = attestation::keyFingerprint(record.endorsementKey);
        return fingerprint.ok() && wanted.ok() && equalBytes(*fingerprint, *wanted);
    });
}

std::optional<EnrollmentRecord> byEk(const std::vector<EnrollmentRecord>& records, ByteView endorsementKey)
{
    return byFingerprint(records, attestation::keyFingerprint(endorsementKey));
}

std::optional<EnrollmentRecord> bySerial(const std::vector<EnrollmentRecord>& records, const SerialNumber& serial)
{
    return find(records, [&serial](const auto& record) { return record.serialNumber == serial; });
}

std::optional<EnrollmentRecord> byRegistration(const std::vector<EnrollmentRecord>& records, const RegistrationId& id)
{
    return find(records, [&id](const auto& record) { return sameRegistrationId(record.registrationId, id); });
}

} // namespace

Result<void> MemoryJournal::enter(JournalCall call) const
{
    if (const auto fault = m_faults.find(call); fault != m_faults.end()) {
        return fault->second;
    }
    return {};
}

Result<std::optional<EnrollmentRecord>> MemoryJournal::findByEk(ByteView endorsementKey)
{
    ++m_lookUps;
    TRY(enter(JournalCall::FindByEk));
    return byEk(m_records, endorsementKey);
}

Result<std::optional<EnrollmentRecord>> MemoryJournal::findByKey(const crypto::PublicKey& key)
{
    ++m_lookUps;
    TRY(enter(JournalCall::FindByKey));
    return byFingerprint(m_records, attestation::fingerprintOf(key));
}

Result<std::optional<EnrollmentRecord>> MemoryJournal::findBySerial(const SerialNumber& serial)
{
    ++m_lookUps;
    TRY(enter(JournalCall::FindBySerial));
    return bySerial(m_records, serial);
}

Result<std::optional<EnrollmentRecord>> MemoryJournal::findByRegistration(const RegistrationId& id)
{
    ++m_lookUps;
    TRY(enter(JournalCall::FindByRegistration));
    return byRegistration(m_records, id);
}

Result<std::optional<EnrollmentRecord>> MemoryJournal::findByStorageRootKey(ByteView name)
{
    ++m_lookUps;
    TRY(enter(JournalCall::FindByStorageRootKey));
    return byStorageRootKey(name);
}

std::optional<EnrollmentRecord> MemoryJournal::byStorageRootKey(ByteView name) const
{
    const auto first = std::ranges::find_if(m_runs, [name](const AttestationRun& run) {
        return run.outcome == Outcome::Pass && run.storageRootKey && equalBytes(run.storageRootKey->name, name);
    });
    return first == m_runs.end() ? std::nullopt : bySerial(m_records, first->serialNumber);
}

Result<std::optional<UtcTime>> MemoryJournal::latestRunStart()
{
    TRY(enter(JournalCall::LatestRunStart));
    return m_latestRunStart;
}

Result<RecordSummary> MemoryJournal::stateOf(const EnrollmentRecord& record)
{
    TRY(enter(JournalCall::StateOf));
    const auto known = std::ranges::find(m_states, record.registrationId, &RecordSummary::registrationId);
    return known == m_states.end() ? RecordSummary{record.registrationId, RecordState::Queued, {}} : *known;
}

DuplicateCheck MemoryJournal::check(const AttestationRun& run, const EnrollmentRecord& record) const
{
    return checkDuplicate(record.serialNumber, record.endorsementKey,
                          {byEk(m_records, record.endorsementKey), bySerial(m_records, record.serialNumber),
                           byRegistration(m_records, record.registrationId),
                           run.storageRootKey ? byStorageRootKey(run.storageRootKey->name) : std::nullopt});
}

Result<CommitResult> MemoryJournal::commit(const AttestationRun& run, const std::optional<EnrollmentRecord>& record)
{
    ++m_commitCalls;
    if (m_beforeCommit) {
        std::exchange(m_beforeCommit, nullptr)();
    }
    TRY(enter(JournalCall::Commit));
    CommitResult result;
    if (record) {
        result.conflict = check(run, *record);
        switch (result.conflict.kind) {
        case DuplicateCheck::Kind::New:
            m_records.push_back(*record);
            break;
        case DuplicateCheck::Kind::Retest:
            result.kind = CommitResult::Kind::Retest;
            break;
        case DuplicateCheck::Kind::EkElsewhere:
        case DuplicateCheck::Kind::SerialHasOtherEk:
        case DuplicateCheck::Kind::TpmElsewhere:
        case DuplicateCheck::Kind::RegistrationIdTaken:
            result.kind = CommitResult::Kind::Conflict;
            return result;
        }
    }
    m_runs.push_back(run);
    return result;
}

} // namespace enroll::test
