#include "db/dps/dps_client.h"

#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/provisioning/individual_enrollment.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/dps/json_body.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace enroll::db::dps {
namespace {

using delivery::Delivery;

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
    return makeError(StationCode::ConfigurationInvalid, "connection string file: " + std::move(why), file.string());
}

/// True for a credential that systemd passes to a service. It guards them with access lists, whose mask stat() shows in
/// the place of the group's bits (systemd.exec(5), LoadCredential).
bool isSystemdCredential(const fs::path& file)
{
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY"); // NOLINT(concurrency-mt-unsafe)
    return directory != nullptr && *directory != '\0' && file.parent_path() == fs::path{directory};
}

/// An open file; closed on every way out.
class Descriptor {
public:
    explicit Descriptor(const fs::path& file)
        : m_number(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK))
    {}
    ~Descriptor()
    {
        if (m_number >= 0) {
            ::close(m_number);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int number() const noexcept { return m_number; }

private:
    int m_number;
};

/// Of the file that was opened, whatever its name has come to stand for since.
Result<void> requirePrivate(const Descriptor& opened, const fs::path& file)
{
    struct stat status {};
    if (opened.number() < 0 || ::fstat(opened.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return unusable(file, "no such file, or it cannot be opened");
    }
    const mode_t strangers = isSystemdCredential(file) ? S_IRWXO : S_IRWXO | S_IRWXG;
    if ((status.st_mode & strangers) != 0) {
        return unusable(file, "it holds a secret and others can reach it; run: chmod 600 " + file.string());
    }
    return {};
}

/// How much of \p into the file filled; nothing if it cannot be read. No buffer but \p into ever holds a byte of it.
std::optional<std::size_t> readInto(std::span<std::byte> into, const Descriptor& opened)
{
    std::size_t count = 0;
    while (count < into.size()) {
        const auto got = ::read(opened.number(), into.data() + count, into.size() - count);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return std::nullopt;
        }
        if (got == 0) {
            break;
        }
        count += static_cast<std::size_t>(got);
    }
    return count;
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
    TRY_ASSIGN(auto https, HttpsClient::create({access.host, caFile}));
    return DpsClient{std::move(access), std::move(https)};
}

Result<crypto::ConnectionString> readConnectionStringFile(const fs::path& file)
{
    const Descriptor opened{file};
    TRY(requirePrivate(opened, file));
    SecretBytes text{kMaxConnectionStringBytes + 1};
    const auto count = readInto(text.writable(), opened);
    if (!count || *count == 0 || *count > kMaxConnectionStringBytes) {
        return unusable(file, "it is empty, too large or cannot be read");
    }
    auto access = crypto::parseConnectionString(trimmed(asText(text.view().first(*count))));
    if (!access) {
        return unusable(file, access.error().what);
    }
    return access;
}

} // namespace enroll::db::dps
