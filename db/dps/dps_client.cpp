#include "db/dps/dps_client.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/provisioning/individual_enrollment.h"
#include "core/system/secret_file.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/dps/json_body.h"

#include <algorithm>
#include <filesystem>

namespace enroll::db::dps {
namespace {

namespace fs = std::filesystem;

constexpr auto kApiVersion = "?api-version=2021-10-01";
constexpr auto kApiVersion2026 = "?api-version=2026-11-01";
constexpr std::chrono::hours kTokenLife{1};
constexpr std::size_t kMaxConnectionStringBytes = 4096;

// The documentation asks for the lower-cased URI in lower-case URL encoding; the service checks `sr` as it stands.
std::string resourceOf(const std::string& host)
{
    return asciiLowered(crypto::percentEncode(host));
}

const char* apiVersionFor(bool needs2026)
{
    return needs2026 ? kApiVersion2026 : kApiVersion;
}

/// The file's name goes with every error.
template <class Value>
Result<Value> ofFile(const fs::path& file, Result<Value> read)
{
    return prefixed("connection string file " + file.string() + ": ",
                    recoded(std::move(read), StationCode::ConfigurationInvalid));
}

Result<crypto::ConnectionString> connectionStringOf(const SecretBytes& text)
{
    TRY_ASSIGN(auto access, crypto::parseConnectionString(trimmed(asText(text.view()))));
    TRY(requireAuthority(access.host));
    return access;
}

} // namespace

DpsClient::DpsClient(crypto::ConnectionString access, std::unique_ptr<HttpsExchange> https,
                     std::chrono::milliseconds callTimeout, Now now)
    : m_access(std::move(access)), m_https(std::move(https)), m_callTimeout(callTimeout), m_now(std::move(now))
{}

HttpOutcome DpsClient::bulkCreate(std::span<const provisioning::IndividualEnrollment> enrollments,
                                  const std::function<Result<void>()>& beforeBody, const std::stop_token& stop)
{
    const provisioning::BulkEnrollmentOperation operation{provisioning::BulkMode::Create,
                                                          {enrollments.begin(), enrollments.end()}};
    const bool needs2026 = std::ranges::any_of(enrollments, enrollment::needApiOf2026);
    return call({"POST",
                 std::string{"/enrollments"} + apiVersionFor(needs2026),
                 {},
                 jsonBody(documents::toJson(operation)),
                 beforeBody},
                stop);
}

HttpOutcome DpsClient::enrollment(const enrollment::RegistrationId& id, const enrollment::EnrollmentSettings& wanted,
                                  const std::stop_token& stop)
{
    const auto path = "/enrollments/" + crypto::percentEncode(id.text());
    return call({"GET", path + apiVersionFor(needApiOf2026(wanted)), {}, {}}, stop);
}

HttpOutcome DpsClient::call(HttpRequest request, const std::stop_token& stop)
{
    auto token =
        crypto::makeSasToken(resourceOf(m_access.host), m_now() + kTokenLife, m_access.key.view(), m_access.policy);
    if (!token) {
        return NoAnswer{std::move(token).error(), Delivery::NotDelivered};
    }
    request.authorization = std::move(token).value();
    return m_https->exchange(request, Deadline::in(m_callTimeout), stop);
}

Result<DpsClient> openDpsClient(crypto::ConnectionString access, const fs::path& caFile)
{
    TRY_ASSIGN(auto https, HttpsClient::create({access.host, caFile}));
    return DpsClient{std::move(access), std::move(https)};
}

Result<crypto::ConnectionString> readConnectionStringFile(const fs::path& file)
{
    TRY_ASSIGN(const auto text, ofFile(file, system::readSecretFile(file, kMaxConnectionStringBytes)));
    auto access = ofFile(file, connectionStringOf(text));
    if (!access.ok()) {
        auto error = std::move(access).error();
        error.what += "; copy the service's whole connection string into the file";
        return error;
    }
    return access;
}

} // namespace enroll::db::dps
