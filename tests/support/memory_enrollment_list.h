#pragma once

#include "core/base/service_code.h"
#include "core/enrollment/registration_id.h"
#include "core/provisioning/enrollment_list.h"

#include <functional>
#include <map>
#include <utility>

namespace enroll::test {

/// The service's stored state in memory: the second implementation of the port, for tests of the flows. Any write can
/// be made to fail, and a write of somebody else can be slipped in before one.
class MemoryEnrollmentList final : public provisioning::EnrollmentList {
public:
    using WriteOutcome = provisioning::WriteOutcome;

    /// Every call fails with \p error from now on.
    void failWith(Error error) { m_fault = std::move(error); }
    /// requireReadable() cannot read the enrollment of this key from now on; none if it is empty.
    void spoil(std::string key) { m_spoilt = std::move(key); }
    /// How often requireReadable() was called.
    [[nodiscard]] int timesReadThrough() const { return m_readThrough; }
    /// Runs once, just before the next settle(): the other instance that is faster.
    void beforeSettle(std::function<void()> action) { m_beforeSettle = std::move(action); }
    void beforeBegin(std::function<void()> action) { m_beforeBegin = std::move(action); }
    /// Likewise between the next begin() and its caller's next look.
    void afterBegin(std::function<void()> action) { m_afterBegin = std::move(action); }

    Result<std::optional<provisioning::IndividualEnrollment>> enrollment(const enrollment::RegistrationId& id) override
    {
        TRY(requireWorking());
        return found(m_enrollments, keyOf(id));
    }

    Result<WriteOutcome> insert(const provisioning::IndividualEnrollment& enrollment) override
    {
        TRY(requireWorking());
        const bool inserted = m_enrollments.emplace(keyOf(enrollment.registrationId), enrollment).second;
        return inserted ? WriteOutcome::Done : WriteOutcome::AlreadyThere;
    }

    Result<WriteOutcome> replace(const provisioning::IndividualEnrollment& enrollment, const std::string& etag) override
    {
        TRY(requireWorking());
        const auto key = keyOf(enrollment.registrationId);
        const auto outcome = compared(m_enrollments, key, etag);
        if (outcome == WriteOutcome::Done) {
            m_enrollments[key] = enrollment;
        }
        return outcome;
    }

    Result<WriteOutcome> remove(const enrollment::RegistrationId& id, const std::string& etag) override
    {
        TRY(requireWorking());
        const auto key = keyOf(id);
        const auto outcome = compared(m_enrollments, key, etag);
        if (outcome == WriteOutcome::Done) {
            m_enrollments.erase(key);
            forgetRegistration(key);
        }
        return outcome;
    }

    Result<std::vector<provisioning::IndividualEnrollment>> page(const std::string& afterKey, std::size_t most) override
    {
        TRY(requireWorking());
        std::vector<provisioning::IndividualEnrollment> page;
        for (auto at = m_enrollments.upper_bound(afterKey); at != m_enrollments.end() && page.size() < most; ++at) {
            page.push_back(at->second);
        }
        return page;
    }

    Result<std::string> requireReadable(const std::string& afterKey, std::size_t most) override
    {
        ++m_readThrough;
        TRY_ASSIGN(const auto read, page(afterKey, most));
        for (const auto& enrollment : read) {
            if (keyOf(enrollment.registrationId) == m_spoilt) {
                return makeError(ServiceCode::ListDamaged, m_spoilt + " cannot be read");
            }
        }
        return read.size() < most ? std::string{} : keyOf(read.back().registrationId);
    }

    Result<std::optional<provisioning::RegistrationState>> registration(const enrollment::RegistrationId& id) override
    {
        TRY(requireWorking());
        return found(m_registrations, keyOf(id));
    }

    Result<WriteOutcome> removeRegistration(const enrollment::RegistrationId& id, const std::string& etag) override
    {
        TRY(requireWorking());
        const auto outcome = compared(m_registrations, keyOf(id), etag);
        if (outcome == WriteOutcome::Done) {
            forgetRegistration(keyOf(id));
        }
        return outcome;
    }

    Result<std::optional<SecretBytes>> hubDeviceKey(const enrollment::RegistrationId& id) override
    {
        TRY(requireWorking());
        const auto at = m_hubKeys.find(keyOf(id));
        return at == m_hubKeys.end() ? std::optional<SecretBytes>{} : SecretBytes::copyOf(at->second);
    }

    Result<WriteOutcome> keepChallenge(const provisioning::PendingChallenge& challenge) override
    {
        TRY(requireWorking());
        const auto key = keyOf(challenge.registrationId);
        if (!m_enrollments.contains(key)) {
            return WriteOutcome::NotThere;
        }
        m_challenges.insert_or_assign(key, copyOf(challenge));
        return WriteOutcome::Done;
    }

    Result<std::optional<provisioning::PendingChallenge>> challenge(const enrollment::RegistrationId& id) override
    {
        TRY(requireWorking());
        const auto at = m_challenges.find(keyOf(id));
        return at == m_challenges.end() ? std::optional<provisioning::PendingChallenge>{} : copyOf(at->second);
    }

    Result<WriteOutcome> begin(const std::string& challengeId,
                               const provisioning::RegistrationOperation& operation) override
    {
        runOnce(m_beforeBegin);
        TRY(requireWorking());
        const auto outcome = putOperation(challengeId, operation);
        runOnce(m_afterBegin);
        return outcome;
    }

    Result<std::optional<provisioning::RegistrationOperation>> operation(const std::string& operationId) override
    {
        TRY(requireWorking());
        const auto at = m_operations.find(operationId);
        return at == m_operations.end() ? std::optional<provisioning::RegistrationOperation>{} : copyOf(at->second);
    }

    Result<WriteOutcome> settle(const provisioning::Settlement& settlement) override
    {
        runOnce(m_beforeSettle);
        TRY(requireWorking());
        const auto at = m_operations.find(settlement.operationId);
        if (at == m_operations.end()) {
            return WriteOutcome::NotThere;
        }
        if (at->second.state.status != provisioning::RegistrationStatus::Assigning) {
            return WriteOutcome::AlreadyThere;
        }
        return put(settlement, at->second);
    }

private:
    static std::string keyOf(const enrollment::RegistrationId& id) { return enrollment::registrationKey(id); }

    void forgetRegistration(const std::string& key)
    {
        m_registrations.erase(key);
        m_hubKeys.erase(key);
        m_challenges.erase(key);
        std::erase_if(m_operations, [&](const auto& entry) { return keyOf(entry.second.state.registrationId) == key; });
    }

    template <class Map>
    static std::optional<typename Map::mapped_type> found(const Map& map, const std::string& key)
    {
        const auto at = map.find(key);
        return at == map.end() ? std::nullopt : std::optional{at->second};
    }

    template <class Map>
    static WriteOutcome compared(const Map& map, const std::string& key, const std::string& etag)
    {
        const auto at = map.find(key);
        if (at == map.end()) {
            return WriteOutcome::NotThere;
        }
        return at->second.etag == etag ? WriteOutcome::Done : WriteOutcome::Changed;
    }

    static provisioning::PendingChallenge copyOf(const provisioning::PendingChallenge& from)
    {
        return {from.registrationId, from.challengeId,    SecretBytes::copyOf(from.idKey.view()),
                from.endorsementKey, from.storageRootKey, from.expiresAt,
                from.operationId};
    }

    static provisioning::RegistrationOperation copyOf(const provisioning::RegistrationOperation& from)
    {
        return {from.operationId,    SecretBytes::copyOf(from.idKey.view()),
                from.endorsementKey, from.storageRootKey,
                from.state,          from.hubKeyBlob};
    }

    static void runOnce(std::function<void()>& action)
    {
        if (const auto once = std::exchange(action, nullptr)) {
            once();
        }
    }

    WriteOutcome putOperation(const std::string& challengeId, const provisioning::RegistrationOperation& operation)
    {
        const auto at = m_challenges.find(keyOf(operation.state.registrationId));
        if (at == m_challenges.end()) {
            return WriteOutcome::NotThere;
        }
        if (at->second.challengeId != challengeId) {
            return WriteOutcome::Changed;
        }
        if (!at->second.operationId.empty()) {
            return WriteOutcome::AlreadyThere;
        }
        at->second.operationId = operation.operationId;
        m_operations.insert_or_assign(operation.operationId, copyOf(operation));
        return WriteOutcome::Done;
    }

    Result<WriteOutcome> put(const provisioning::Settlement& settlement, provisioning::RegistrationOperation& operation)
    {
        const auto key = keyOf(operation.state.registrationId);
        const bool assigned = settlement.state.status == provisioning::RegistrationStatus::Assigned;
        if (m_enrollments.at(key).etag != settlement.enrollmentEtag) {
            return WriteOutcome::Changed;
        }
        const auto before = found(m_registrations, key);
        if ((before ? before->etag : std::string{}) != settlement.previousEtag) {
            return WriteOutcome::Changed;
        }
        operation.state = settlement.state;
        operation.hubKeyBlob = settlement.hubKeyBlob;
        if (assigned || !m_hubKeys.contains(key)) {
            m_registrations[key] = settlement.state;
        }
        if (assigned) {
            m_hubKeys[key] = toBytes(settlement.hubDeviceKey.view());
        }
        return WriteOutcome::Done;
    }

    Result<void> requireWorking() const { return m_fault ? Result<void>{*m_fault} : Result<void>{}; }

    std::map<std::string, provisioning::IndividualEnrollment> m_enrollments;
    std::map<std::string, provisioning::RegistrationState> m_registrations;
    std::map<std::string, Bytes> m_hubKeys;
    std::map<std::string, provisioning::PendingChallenge> m_challenges;
    std::map<std::string, provisioning::RegistrationOperation> m_operations;
    std::optional<Error> m_fault;
    std::string m_spoilt;
    int m_readThrough = 0;
    std::function<void()> m_beforeSettle;
    std::function<void()> m_beforeBegin;
    std::function<void()> m_afterBegin;
};

} // namespace enroll::test
