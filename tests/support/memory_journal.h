#pragma once

#include "core/enrollment/journal.h"

#include <functional>
#include <map>
#include <vector>

namespace enroll::test {

enum class JournalCall {
    FindByEk,
    FindByKey,
    FindBySerial,
    FindByRegistration,
    FindByStorageRootKey,
    StateOf,
    LatestRunStart,
    Commit
};

/// A journal that keeps the contract in memory: one transaction a commit, nothing stored on a conflict.
class MemoryJournal : public enrollment::EkIndex, public enrollment::Journal {
public:
    void failOn(JournalCall call, Error error) { m_faults.insert_or_assign(call, std::move(error)); }
    /// A record from an earlier day.
    void enrollEarlier(enrollment::EnrollmentRecord record) { m_records.push_back(std::move(record)); }
    /// How far a record has come since; until then it is queued for no destination.
    void sentOn(enrollment::RecordSummary summary) { m_states.push_back(std::move(summary)); }
    /// Runs once, at the start of the next commit: what another slot does in between.
    void beforeNextCommit(std::function<void()> what) { m_beforeCommit = std::move(what); }

    void queueFor(std::vector<enrollment::DestinationName> destinations) { m_destinations = std::move(destinations); }

    /// A run of an earlier day, or of a day when the clock was fast.
    void ranLast(UtcTime start) { m_latestRunStart = start; }

    [[nodiscard]] const std::vector<enrollment::AttestationRun>& runs() const noexcept { return m_runs; }
    [[nodiscard]] const std::vector<enrollment::EnrollmentRecord>& records() const noexcept { return m_records; }
    [[nodiscard]] int commitCalls() const noexcept { return m_commitCalls; }
    [[nodiscard]] int lookUps() const noexcept { return m_lookUps; }

    Result<std::optional<enrollment::EnrollmentRecord>> findByEk(ByteView endorsementKey) override;
    Result<std::optional<enrollment::EnrollmentRecord>> findByKey(const crypto::PublicKey& key) override;
    Result<std::optional<enrollment::EnrollmentRecord>> findBySerial(const enrollment::SerialNumber& serial) override;
    Result<std::optional<enrollment::EnrollmentRecord>>
    findByRegistration(const enrollment::RegistrationId& id) override;
    Result<std::optional<enrollment::EnrollmentRecord>> findByStorageRootKey(ByteView name) override;
    [[nodiscard]] Result<enrollment::EnrollmentRecord>
    asStored(const enrollment::EnrollmentRecord& record) const override
    {
        return record;
    }
    Result<enrollment::RecordSummary> stateOf(const enrollment::EnrollmentRecord& record) override;
    Result<enrollment::CommitResult> commit(const enrollment::AttestationRun& run,
                                            const std::optional<enrollment::EnrollmentRecord>& record) override;
    [[nodiscard]] std::vector<enrollment::DestinationName> destinations() const override { return m_destinations; }
    Result<std::optional<UtcTime>> latestRunStart() override;

private:
    Result<void> enter(JournalCall call) const;
    [[nodiscard]] std::optional<enrollment::EnrollmentRecord> byStorageRootKey(ByteView name) const;
    [[nodiscard]] enrollment::DuplicateCheck check(const enrollment::AttestationRun& run,
                                                   const enrollment::EnrollmentRecord& record) const;

    std::map<JournalCall, Error> m_faults;
    std::function<void()> m_beforeCommit;
    std::vector<enrollment::AttestationRun> m_runs;
    std::vector<enrollment::EnrollmentRecord> m_records;
    std::vector<enrollment::RecordSummary> m_states;
    std::vector<enrollment::DestinationName> m_destinations;
    std::optional<UtcTime> m_latestRunStart;
    int m_commitCalls = 0;
    int m_lookUps = 0;
};

} // namespace enroll::test
