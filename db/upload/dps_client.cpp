#include "db/upload/dps_client.h"

#include "core/base/ascii.h"
#include "core/provisioning/individual_enrollment.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/upload/json_body.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace enroll::db::upload {
namespace {

namespace fs = std::filesystem;

constexpr auto kApiVersion = "?api-version=2021-10-01";
constexpr std::chrono::hours kTokenLife{1};
constexpr std::size_t kMaxConnectionStringBytes = 4096;

// The documentation asks for the lower-cased URI in lower-case URL encoding; the service checks `sr` as it stands.
std::string resourceOf(const std::string& host)
{
    return asciiLowered(crypto::percentEncode(host));
}

Error unusable(const fs::path& file, std::string why)
{
    return makeError(ErrorCode::ConfigurationInvalid, "connection string file: " + std::move(why), file.string());
}

/// True for a credential that systemd passes to a service. It guards them with access lists, whose mask stat() shows in
/// the place of the group's bits (systemd.exec(5), LoadCredential).
bool isSystemdCredential(const fs::path& file)
{
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY"); // NOLINT(concurrency-mt-unsafe)
    return directory != nullptr && *directory != '\0' && file.parent_path() == fs::path{directory};
}

Result<void> requirePrivate(const fs::path& file)
{
    std::error_code fault;
    const auto permissions = fs::status(file, fault).permissions();
    if (fault || !fs::is_regular_file(file, fault)) {
        return unusable(file, "no such file");
    }
    const auto strangers =
        isSystemdCredential(file) ? fs::perms::others_all : fs::perms::others_all | fs::perms::group_all;
    if ((permissions & strangers) != fs::perms::none) {
        return unusable(file, "it holds a secret and others can reach it; run: chmod 600 " + file.string());
    }
    return {};
}

std::string_view trimmed(std::string_view text)
{
    constexpr auto kSpace = " \t\r\n";
    const auto first = text.find_first_not_of(kSpace);
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

} // namespace

DpsClient::DpsClient(crypto::ConnectionString access, std::unique_ptr<HttpsExchange> https,
                     std::chrono::milliseconds callTimeout, Now now)
    : m_access(std::move(access)), m_https(std::move(https)), m_callTimeout(callTimeout), m_now(std::move(now))
{}

HttpOutcome DpsClient::bulkCreate(std::span<const provisioning::IndividualEnrollment> enrollments,
                                  const std::stop_token& stop)
{
    const provisioning::BulkEnrollmentOperation operation{provisioning::BulkMode::Create,
                                                          {enrollments.begin(), enrollments.end()}};
    return call("POST", "/enrollments", jsonBody(documents::toJson(operation)), stop);
}

HttpOutcome DpsClient::enrollment(const enrollment::RegistrationId& id, const std::stop_token& stop)
{
    return call("GET", "/enrollments/" + crypto::percentEncode(id.text()), {}, stop);
}

HttpOutcome DpsClient::call(std::string method, std::string path, Bytes body, const std::stop_token& stop)
{
    auto token =
        crypto::makeSasToken(resourceOf(m_access.host), m_now() + kTokenLife, m_access.key.view(), m_access.policy);
    if (!token) {
        return NoAnswer{std::move(token).error(), Delivery::NotDelivered};
    }
    const HttpRequest request{std::move(method), std::move(path) + kApiVersion, std::move(token).value(),
                              std::move(body)};
    return m_https->exchange(request, Deadline::in(m_callTimeout), stop);
}

Result<DpsClient> openDpsClient(crypto::ConnectionString access, const fs::path& caFile)
{
    auto https = TRY(HttpsClient::create({access.host, caFile}));
    return DpsClient{std::move(access), std::move(https)};
}

Result<crypto::ConnectionString> readConnectionStringFile(const fs::path& file)
{
    TRY(requirePrivate(file));
    SecretBytes text{kMaxConnectionStringBytes + 1};
    std::ifstream stream{file, std::ios::binary};
    stream.read(reinterpret_cast<char*>(text.writable().data()), static_cast<std::streamsize>(text.size()));
    const auto count = static_cast<std::size_t>(stream.gcount());
    if (stream.bad() || count == 0 || count > kMaxConnectionStringBytes) {
        return unusable(file, "it is empty, too large or cannot be read");
    }
    auto access = crypto::parseConnectionString(trimmed(asText(text.view().first(count))));
    if (!access) {
        return unusable(file, access.error().what);
    }
    return access;
}

} // namespace enroll::db::upload
