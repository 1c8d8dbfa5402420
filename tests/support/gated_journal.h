#pragma once

#include "core/station/slot_runner.h"
#include "tests/support/memory_journal.h"

#include <latch>
#include <memory>
#include <mutex>

namespace enroll::test {

/// One MemoryJournal for the threads of many slots. A gate, if there is one, holds every commit until it opens.
class GatedJournal {
public:
    explicit GatedJournal(std::shared_ptr<std::latch> gate = nullptr) : m_gate(std::move(gate)) {}

    [[nodiscard]] station::JournalFactory factory()
    {
        return [this]() -> Result<station::JournalPorts> {
            return station::JournalPorts{std::make_unique<Index>(*this), std::make_unique<Gate>(*this)};
        };
    }

    [[nodiscard]] std::size_t runs()
    {
        const std::lock_guard lock(m_mutex);
        return m_journal.runs().size();
    }
    void failCommit(Error error) { m_journal.failOn(JournalCall::Commit, std::move(error)); }

private:
    struct Index final : enrollment::EkIndex {
        explicit Index(GatedJournal& journal) : owner(journal) {}
        Result<std::optional<enrollment::EnrollmentRecord>> findByEk(ByteView endorsementKey) override
        {
            const std::lock_guard lock(owner.m_mutex);
            return owner.m_journal.findByEk(endorsementKey);
        }
        Result<std::optional<enrollment::EnrollmentRecord>> findByKey(const crypto::PublicKey& key) override
        {
            const std::lock_guard lock(owner.m_mutex);
            return owner.m_journal.findByKey(key);
        }
        Result<std::optional<enrollment::EnrollmentRecord>>
        findBySerial(const enrollment::SerialNumber& serial) override
        {
            const std::lock_guard lock(owner.m_mutex);
            return owner.m_journal.findBySerial(serial);
        }
        Result<std::optional<enrollment::EnrollmentRecord>>
        findByRegistration(const enrollment::RegistrationId& id) override
        {
            const std::lock_guard lock(owner.m_mutex);
            return owner.m_journal.findByRegistration(id);
        }
        Result<std::optional<enrollment::EnrollmentRecord>> findByStorageRootKey(ByteView name) override
        {
            const std::lock_guard lock(owner.m_mutex);
            return owner.m_journal.findByStorageRootKey(name);
        }
        [[nodiscard]] Result<enrollment::EnrollmentRecord>
        asStored(const enrollment::EnrollmentRecord& record) const override
        {
            return record;
        }
        Result<enrollment::RecordSummary> stateOf(const enrollment::EnrollmentRecord& record) override
        {
            const std::lock_guard lock(owner.m_mutex);
            return owner.m_journal.stateOf(record);
        }
        GatedJournal& owner;
    };

    struct Gate final : enrollment::Journal {
        explicit Gate(GatedJournal& journal) : owner(journal) {}
        Result<enrollment::CommitResult> commit(const enrollment::AttestationRun& run,
                                                const std::optional<enrollment::EnrollmentRecord>& record) override
        {
            if (owner.m_gate) {
                owner.m_gate->wait();
            }
            const std::lock_guard lock(owner.m_mutex);
            return owner.m_journal.commit(run, record);
        }
        [[nodiscard]] std::vector<enrollment::DestinationName> destinations() const override
        {
            return owner.m_journal.destinations();
        }
        Result<std::optional<UtcTime>> latestRunStart() override
        {
            const std::lock_guard lock(owner.m_mutex);
            return owner.m_journal.latestRunStart();
        }
        GatedJournal& owner;
    };

    std::shared_ptr<std::latch> m_gate;
    std::mutex m_mutex;
    MemoryJournal m_journal;
};

} // namespace enroll::test
