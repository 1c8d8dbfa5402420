#pragma once

#include "core/provisioning/enrollment_list.h"

#include <filesystem>
#include <memory>

namespace enroll::db::sqlite {
class Connection;
}

namespace enroll::db::enrollment_list {

/// The service's enrollment list in one SQLite file with permissions 0600. Any number of processes and threads may use
/// the file; each thread opens a list of its own. When a write returns Done it is on the disk.
class SqliteEnrollmentList final : public provisioning::EnrollmentList {
public:
    /// Makes the file and its tables if need be, and brings an older file to this program's schema after copying it
    /// beside itself. Needs a QCoreApplication. Errors P-701 to P-704.
    static Result<std::unique_ptr<SqliteEnrollmentList>> open(const std::filesystem::path& file);
    ~SqliteEnrollmentList() override;

    Result<std::optional<provisioning::IndividualEnrollment>> enrollment(const enrollment::RegistrationId& id) override;
    Result<provisioning::WriteOutcome> insert(const provisioning::IndividualEnrollment& enrollment) override;
    Result<provisioning::WriteOutcome> replace(const provisioning::IndividualEnrollment& enrollment,
                                               const std::string& etag) override;
    Result<provisioning::WriteOutcome> remove(const enrollment::RegistrationId& id, const std::string& etag) override;
    Result<std::vector<provisioning::IndividualEnrollment>> page(const std::string& afterKey,
                                                                 std::size_t most) override;
    Result<std::string> requireReadable(const std::string& afterKey, std::size_t most) override;

    Result<std::optional<provisioning::RegistrationState>> registration(const enrollment::RegistrationId& id) override;
    Result<provisioning::WriteOutcome> removeRegistration(const enrollment::RegistrationId& id,
                                                          const std::string& etag) override;
    Result<std::optional<SecretBytes>> hubDeviceKey(const enrollment::RegistrationId& id) override;

    Result<provisioning::WriteOutcome> keepChallenge(const provisioning::PendingChallenge& challenge) override;
    Result<std::optional<provisioning::PendingChallenge>> challenge(const enrollment::RegistrationId& id) override;

    Result<provisioning::WriteOutcome> begin(const std::string& challengeId,
                                             const provisioning::RegistrationOperation& operation) override;
    Result<std::optional<provisioning::RegistrationOperation>> operation(const std::string& operationId) override;
    Result<provisioning::WriteOutcome> settle(const provisioning::Settlement& settlement) override;

private:
    explicit SqliteEnrollmentList(std::unique_ptr<sqlite::Connection> connection);

    template <class Work>
    Result<provisioning::WriteOutcome> underWriteLock(Work work);
    /// \p select binds the key and gives a row if it is there.
    Result<bool> hasKey(const char* select, const std::string& key);
    Result<provisioning::WriteOutcome> outcomeOfMissedWrite(const char* select, const std::string& key);
    Result<provisioning::WriteOutcome> putSettlement(const provisioning::Settlement& settlement);

    std::unique_ptr<sqlite::Connection> m_connection;
};

} // namespace enroll::db::enrollment_list
