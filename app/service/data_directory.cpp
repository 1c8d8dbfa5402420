#include "app/service/data_directory.h"

#include "app/service/tls_material.h"
#include "core/base/clock.h"
#include "core/base/station_code.h"
#include "core/crypto/base64.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace enroll::service {
namespace {

namespace fs = std::filesystem;
using db::sqlite::FileLock;

constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
constexpr mode_t kReadable = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
/// How long a start waits for those before it: each makes a key and a certificate at most.
constexpr std::chrono::seconds kPatienceWithStarts{30};

Error fileError(const fs::path& file, const char* operation)
{
    return makeError(StationCode::JournalCannotSave, file.string() + " cannot be read or written", operation,
                     Errno{errno});
}

class Descriptor {
public:
    explicit Descriptor(int value) noexcept : m_value(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_value >= 0) {
            ::close(m_value);
        }
    }
    [[nodiscard]] int value() const noexcept { return m_value; }

private:
    int m_value;
};

Result<std::string> readFile(const fs::path& file)
{
    const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (descriptor.value() < 0) {
        return fileError(file, "open");
    }
    std::string content;
    char buffer[4096];
    while (true) {
        const auto count = ::read(descriptor.value(), buffer, sizeof buffer);
        if (count < 0) {
            return fileError(file, "read");
        }
        if (count == 0) {
            return content;
        }
        content.append(buffer, static_cast<std::size_t>(count));
    }
}

Result<void> fill(int descriptor, const std::string& draft, ByteView content, mode_t mode)
{
    if (::fchmod(descriptor, mode) != 0) {
        return fileError(draft, "chmod");
    }
    const auto written = ::write(descriptor, content.data(), content.size());
    if (written != static_cast<ssize_t>(content.size()) || ::fsync(descriptor) != 0) {
        return fileError(draft, "write");
    }
    return {};
}

/// Beside the file first, then over it: whoever reads sees the old content or the new, never half of it. The draft has
/// a name of its own, so that nobody else can take it away.
Result<void> writeFile(const fs::path& file, ByteView content, mode_t mode)
{
    auto draft = file.string() + ".new-XXXXXX";
    const Descriptor descriptor{::mkostemp(draft.data(), O_CLOEXEC)};
    if (descriptor.value() < 0) {
        return fileError(draft, "open");
    }
    auto filled = fill(descriptor.value(), draft, content, mode);
    if (filled.ok() && ::rename(draft.c_str(), file.c_str()) != 0) {
        filled = fileError(file, "rename");
    }
    if (!filled.ok()) {
        ::unlink(draft.c_str());
    }
    return filled;
}

/// The certificate is written last: where it is, its key is too.
Result<KeyAndCertificate> authorityIn(const fs::path& path)
{
    const auto certificate = path / "ca.pem";
    const auto key = path / "ca-key.pem";
    if (!fs::exists(certificate)) {
        TRY_ASSIGN(const auto made, makeAuthority(utcNow()));
        TRY(writeFile(key, made.privateKey.view(), kOwnerOnly));
        TRY(writeFile(certificate, asBytes(made.certificate), kReadable));
    }
    TRY_ASSIGN(const auto keyText, readFile(key));
    return KeyAndCertificate{TRY(readFile(certificate)), SecretBytes::copyOf(asBytes(keyText))};
}

Result<void> requireServerCertificate(const DataDirectory& directory, const std::string& listenHost)
{
    TRY_ASSIGN(const auto authority, authorityIn(directory.path));
    std::vector<std::string> names{"localhost", "127.0.0.1"};
    if (listenHost != "127.0.0.1" && listenHost != "localhost") {
        names.push_back(listenHost);
    }
    const auto file = directory.tlsFile();
    if (fs::exists(file) && servesNames(TRY(readFile(file)), authority.certificate, names, utcNow())) {
        return {};
    }
    TRY_ASSIGN(const auto pair, makeServerCertificate(authority, names, utcNow()));
    const SecretBytes both{concat({asBytes(pair.certificate), pair.privateKey.view()})};
    return writeFile(file, both.view(), kOwnerOnly);
}

Result<std::vector<ServicePolicy>> policiesIn(const fs::path& path)
{
    const auto file = path / "policies.json";
    if (!fs::exists(file)) {
        std::vector<ServicePolicy> policies;
        policies.push_back(TRY(makeOwnerPolicy()));
        const auto json = toJson(policies).toStdString();
        TRY(writeFile(file, asBytes(json), kOwnerOnly));
    }
    return policiesFromJson(QByteArray::fromStdString(TRY(readFile(file))));
}

/// Absent if somebody else holds it. Error S-301.
Result<std::optional<FileLock>> lockIfFree(const fs::path& file)
{
    auto lock = FileLock::acquire(file, Deadline::in(std::chrono::milliseconds{0}));
    if (!lock && lock.error().code == StationCode::JournalBusy) {
        return std::optional<FileLock>{};
    }
    return std::optional{TRY(std::move(lock))};
}

} // namespace

Result<FileLock> lockDataDirectory(const fs::path& path)
{
    std::error_code error;
    fs::create_directories(path, error);
    if (error || ::chmod(path.c_str(), S_IRWXU) != 0) {
        return fileError(path, "mkdir");
    }
    return FileLock::acquire(path / "start.lock", Deadline::in(kPatienceWithStarts));
}

Result<DataDirectory> openDataDirectory(const fs::path& path, const std::string& listenHost)
{
    TRY_ASSIGN(auto policies, policiesIn(path));
    DataDirectory directory{path, std::move(policies)};
    TRY(requireServerCertificate(directory, listenHost));
    return directory;
}

std::string hostNameOf(const std::string& listenHost, std::uint16_t port)
{
    // What listens everywhere is reached at no such address.
    const bool anywhere = listenHost == "0.0.0.0" || listenHost == "::";
    const bool version6 = listenHost.find(':') != std::string::npos;
    const auto host = anywhere ? std::string{"localhost"} : version6 ? "[" + listenHost + "]" : listenHost;
    return port == 443 ? host : host + ":" + std::to_string(port);
}

Result<ConnectionString> writeConnectionString(const DataDirectory& directory, const std::string& hostName)
{
    const auto& policy = directory.policies.front();
    const auto text = "HostName=" + hostName + ";SharedAccessKeyName=" + policy.name +
                      ";SharedAccessKey=" + crypto::toBase64(policy.primaryKey.view()) + "\n";
    TRY_ASSIGN(auto owner, lockIfFree(directory.path / "connection-string.lock"));
    const auto file = directory.connectionStringFile();
    const auto before = fs::exists(file) ? TRY(readFile(file)) : std::string{};
    if (before == text) {
        return ConnectionString{std::move(owner), true};
    }
    if (!owner && !before.empty()) {
        return ConnectionString{std::nullopt, false};
    }
    TRY(writeFile(file, asBytes(text), kOwnerOnly));
    return ConnectionString{std::move(owner), true};
}

} // namespace enroll::service
