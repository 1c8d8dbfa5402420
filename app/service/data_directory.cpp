#include "app/service/data_directory.h"

#include "app/service/tls_material.h"
#include "core/base/clock.h"
#include "core/base/host_text.h"
#include "core/base/recoded.h"
#include "core/base/service_code.h"
#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "core/system/durable_file.h"
#include "core/system/regular_file.h"
#include "core/system/secret_file.h"
#include "db/qt/values.h"

#include <cerrno>
#include <sys/stat.h>

namespace enroll::app::service {
namespace {

namespace fs = std::filesystem;
using crypto::readKeyAndCertificate;
using system::FileLock;
using system::FileMode;
using system::writeDurably;

/// How long a start waits for the starts before it, each of which makes two keys and two certificates at most.
constexpr std::chrono::seconds kPatienceWithStarts{30};

constexpr std::size_t kMostFileBytes = std::size_t{1024} * 1024;

/// What the files' readers and writers report, in the service's own codes: a fault in one of its files is a fault of the
/// service, whoever put the file there.
template <class T>
T ofService(T result)
{
    for (const auto code : {StationCode::FileUnusable, StationCode::KeyMaterialUnusable}) {
        result = recodedIf(std::move(result), code, ServiceCode::FileUnusable);
    }
    return recodedIf(std::move(result), StationCode::JournalBusy, ServiceCode::Busy);
}

Result<SecretBytes> readOwn(const fs::path& file)
{
    return system::readSecretFile(file, kMostFileBytes);
}

/// The certificate authority of the directory, made if it is missing. The key is written first, so that a certificate
/// on the disk always has its key, also after a crash between the two.
Result<KeyAndCertificate> authorityIn(const fs::path& path)
{
    const auto certificate = path / "ca.pem";
    const auto key = path / "ca-key.pem";
    TRY_ASSIGN(const bool there, system::fileIsThere(certificate));
    if (!there) {
        TRY_ASSIGN(const auto made, makeAuthority(utcNow()));
        TRY(writeDurably(key, made.privateKey.view(), FileMode::OwnerOnly));
        TRY(writeDurably(certificate, asBytes(made.certificate), FileMode::AnyReader));
    }
    TRY_ASSIGN(auto authority, readKeyAndCertificate(certificate, key));
    TRY(crypto::requireUnexpired(authority, certificate, utcNow()));
    return authority;
}

/// A file that is no certificate with its key is an error: somebody else wrote it. One that is and no longer serves is
/// made anew.
Result<bool> servesAlready(const fs::path& file, const std::string& authority, const std::vector<std::string>& names)
{
    TRY_ASSIGN(const bool there, system::fileIsThere(file));
    if (!there) {
        return false;
    }
    auto pair = readKeyAndCertificate(file, file);
    if (!pair.ok()) {
        auto error = std::move(pair).error();
        if (error.code == StationCode::KeyMaterialUnusable) {
            error.what += "; remove it, and the service makes a new one";
        }
        return error;
    }
    return servesNames(pair->certificate, authority, names, utcNow());
}

Result<void> requireServerCertificate(const DataDirectory& directory, const std::string& listenHost)
{
    TRY_ASSIGN(const auto authority, authorityIn(directory.path));
    std::vector<std::string> names{"localhost", "127.0.0.1"};
    if (listenHost != "127.0.0.1" && listenHost != "localhost") {
        names.push_back(listenHost);
    }
    const auto file = directory.tlsFile();
    TRY_ASSIGN(const bool serves, servesAlready(file, authority.certificate, names));
    if (serves) {
        return {};
    }
    TRY_ASSIGN(const auto pair, prefixed(directory.path.string() + "/ca.pem and ca-key.pem: ",
                                         makeServerCertificate(authority, names, utcNow())));
    const SecretBytes both{concat({asBytes(pair.certificate), pair.privateKey.view()})};
    return writeDurably(file, both.view(), FileMode::OwnerOnly);
}

Result<std::vector<ServicePolicy>> policiesIn(const fs::path& path)
{
    const auto file = path / "policies.json";
    TRY_ASSIGN(const bool there, system::fileIsThere(file));
    if (!there) {
        TRY_ASSIGN(auto policy, makeOwnerPolicy());
        std::vector<ServicePolicy> policies;
        policies.push_back(std::move(policy));
        TRY(writeDurably(file, db::qt::viewOf(toJson(policies)), FileMode::OwnerOnly));
    }
    TRY_ASSIGN(const auto content, readOwn(file));
    const auto text = asText(content.view());
    return prefixed(file.string() + ": ",
                    policiesFromJson(QByteArray::fromRawData(text.data(), static_cast<qsizetype>(text.size()))));
}

/// The content of `connection-string`; empty if the file does not exist.
Result<SecretBytes> connectionStringIn(const fs::path& file)
{
    TRY_ASSIGN(const bool there, system::fileIsThere(file));
    return there ? readOwn(file) : Result<SecretBytes>{SecretBytes{}};
}

SecretBytes base64Of(const SecretBytes& key)
{
    auto text = crypto::toBase64(key.view());
    auto secret = SecretBytes::copyOf(asBytes(text));
    wipeMemory(std::as_writable_bytes(std::span{text}));
    return secret;
}

/// Takes the lock without waiting; nothing if another process holds it. Error S-333.
Result<std::optional<FileLock>> lockIfFree(const fs::path& file)
{
    auto lock = FileLock::acquire(file, Deadline::in(std::chrono::milliseconds{0}));
    if (!lock && lock.error().code == StationCode::JournalBusy) {
        return std::optional<FileLock>{};
    }
    TRY_ASSIGN(auto taken, std::move(lock));
    return std::optional{std::move(taken)};
}

Result<DataDirectory> openFiles(const fs::path& path, const std::string& listenHost)
{
    TRY_ASSIGN(auto policies, policiesIn(path));
    DataDirectory directory{path, std::move(policies)};
    TRY(requireServerCertificate(directory, listenHost));
    return directory;
}

Result<ConnectionStringOwnership> writeUnlessAnothers(const fs::path& file, const fs::path& lock, ByteView text)
{
    TRY_ASSIGN(auto owner, lockIfFree(lock));
    TRY_ASSIGN(const auto before, connectionStringIn(file));
    if (equalInConstantTime(before.view(), text)) {
        return ConnectionStringOwnership{std::move(owner), true};
    }
    if (!owner && !before.empty()) {
        return ConnectionStringOwnership{std::nullopt, false};
    }
    TRY(writeDurably(file, text, FileMode::OwnerOnly));
    return ConnectionStringOwnership{std::move(owner), true};
}

Result<void> requireMadeFiles(const DataDirectory& directory)
{
    TRY_ASSIGN(const bool listIsThere, system::fileIsThere(directory.listFile()));
    for (const auto* name : {"policies.json", "ca.pem", "ca-key.pem"}) {
        const auto file = directory.path / name;
        TRY_ASSIGN(const bool there, system::fileIsThere(file));
        if (listIsThere && !there) {
            return makeError(ServiceCode::FileUnusable,
                             file.string() + " is missing, and " + directory.listFile().string() +
                                 " is there: put the file back, or make a new one with --init, which clients have to "
                                 "be given");
        }
    }
    return {};
}

} // namespace

Result<void> requireNoLostFile(const fs::path& path)
{
    return ofService(requireMadeFiles(DataDirectory{path, {}}));
}

Result<FileLock> lockDataDirectory(const fs::path& path)
{
    std::error_code error;
    fs::create_directories(path, error);
    if (error || ::chmod(path.c_str(), S_IRWXU) != 0) {
        return makeError(ServiceCode::FileUnusable, path.string() + " cannot be made, or its permissions cannot be set",
                         "mkdir", Errno{error ? error.value() : errno});
    }
    return ofService(FileLock::acquire(path / "start.lock", Deadline::in(kPatienceWithStarts)));
}

Result<DataDirectory> openDataDirectory(const fs::path& path, const std::string& listenHost)
{
    return ofService(openFiles(path, listenHost));
}

std::string hostNameOf(const std::string& listenHost, std::uint16_t port)
{
    // Nobody can connect to "every interface"; this machine reaches the service as localhost.
    const bool anywhere = listenHost == "0.0.0.0" || listenHost == "::";
    const auto host = anywhere ? std::string{"localhost"} : listenHost;
    return port == 443 ? bracketedHost(host) : hostAndPort(host, port);
}

/// The lock on connection-string.lock says who owns the file. Whoever gets it may write: its last owner has ended.
/// Without it the file is another instance's, and is written only if it is missing.
Result<ConnectionStringOwnership> writeConnectionString(const DataDirectory& directory, const std::string& hostName)
{
    const auto& policy = directory.policies.front();
    const auto intro = "HostName=" + hostName + ";SharedAccessKeyName=" + policy.name + ";SharedAccessKey=";
    const auto key = base64Of(policy.primaryKey);
    const SecretBytes text{concat({asBytes(intro), key.view(), asBytes("\n")})};
    return ofService(
        writeUnlessAnothers(directory.connectionStringFile(), directory.path / "connection-string.lock", text.view()));
}

} // namespace enroll::app::service
