#pragma once

#include "core/crypto/sas_token.h"
#include "core/enrollment/enrollment_settings.h"
#include "core/enrollment/ids.h"
#include "db/dps/https_client.h"

#include <functional>
#include <span>

namespace enroll::provisioning {
struct IndividualEnrollment;
}

namespace enroll::db::dps {

/// The service API of a provisioning service, as far as uploading needs it. Every call carries a token of its own,
/// valid for an hour, so nothing here expires in a long shift.
///
/// Calls block; one thread; see HttpsClient. Errors are those of HttpsExchange::exchange(), and S-340.
/// \par Source   Azure DPS service API 2021-10-01; "Control access to DPS", "Security tokens"
class DpsClient {
public:
    using Now = std::function<UtcTime()>;

    DpsClient(crypto::ConnectionString access, std::unique_ptr<HttpsExchange> https,
              std::chrono::milliseconds callTimeout = std::chrono::seconds{30}, Now now = utcNow);

    /// Creates up to ten enrollments in one call; those that exist are refused one by one in the answer. The call is of
    /// API 2026-11-01 where one of them has members of it. \p beforeBody as HttpRequest's.
    HttpOutcome bulkCreate(std::span<const provisioning::IndividualEnrollment> enrollments,
                           const std::function<Result<void>()>& beforeBody, const std::stop_token& stop);

    /// One enrollment as the service holds it. The call is of API 2026-11-01 where \p wanted has members of it: the
    /// answer to an older one would leave them out.
    HttpOutcome enrollment(const enrollment::RegistrationId& id, const enrollment::EnrollmentSettings& wanted,
                           const std::stop_token& stop);

private:
    HttpOutcome call(HttpRequest request, const std::stop_token& stop);

    crypto::ConnectionString m_access;
    std::unique_ptr<HttpsExchange> m_https;
    std::chrono::milliseconds m_callTimeout;
    Now m_now;
};

/// Connects nothing yet. Errors S-330 (CA file, host).
Result<DpsClient> openDpsClient(crypto::ConnectionString access, const std::filesystem::path& caFile);

/// Reads a connection string from a file that its owner alone can reach, or from a systemd credential. Error S-330
/// naming the file: missing, open to others, larger than 4096 bytes, or not a connection string.
Result<crypto::ConnectionString> readConnectionStringFile(const std::filesystem::path& file);

} // namespace enroll::db::dps
