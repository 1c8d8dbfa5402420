#include "app/enrollctl/agent_keys.h"

#include "core/base/host_text.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/crypto/certificate.h"
#include "core/crypto/issued_certificate.h"
#include "core/system/durable_directory.h"
#include "core/system/regular_file.h"
#include "core/system/whole_file.h"
#include "core/transport/tls_address.h"

#include <array>

namespace enroll::app::enrollctl {
namespace {

namespace fs = std::filesystem;
using crypto::KeyAndCertificate;
using system::FileMode;
using transport::AgentFiles;
using transport::filesOfMachine;
using transport::TlsRole;

constexpr std::size_t kLongestPlant = 64; // of a certificate's subject: RFC 5280, appendix A.1
constexpr std::size_t kMostPemBytes = std::size_t{64} * 1024;

AgentFiles filesOfAuthority(const fs::path& directory)
{
    return {directory / transport::kCaFileName, directory / transport::kCaFileName, directory / "ca-key.pem"};
}

Error misused(std::string what)
{
    return makeError(StationCode::UsageInvalid, std::move(what));
}

Error isThere(const fs::path& directory, const std::string& instead)
{
    return makeError(StationCode::FileUnusable,
                     directory.string() + " is there already, and stays as it is: " + instead);
}

Result<KeyAndCertificate> readAuthority(const fs::path& directory)
{
    const auto files = filesOfAuthority(directory);
    TRY_ASSIGN(const bool there, system::fileIsThere(files.caFile));
    if (!there) {
        return makeError(StationCode::FileUnusable,
                         files.caFile.string() + " is missing: `enrollctl agent-keys init` makes a plant's authority");
    }
    return crypto::readKeyAndCertificate(files.certificateFile, files.keyFile);
}

/// What is told of a certificate that was just made.
Result<AgentKeys> described(std::string entry, AgentFiles files, const std::string& certificate)
{
    TRY_ASSIGN(const auto made, crypto::certificatesFromFile(asBytes(certificate)));
    return AgentKeys{std::move(entry), made.front().subject(), std::move(files), made.front().notAfter()};
}

/// \p text as a station that connects to tls://TEXT:PORT looks for it in the certificate.
Result<std::string> nameFrom(const std::string& text)
{
    constexpr std::uint16_t kAnyPort = 1;
    auto address = transport::parseTcpAddress(hostAndPort(text, kAnyPort));
    if (!address.ok()) {
        return misused("the name " + quotedText(text) + " is neither a host name nor a numeric address");
    }
    return transport::expectedName({std::move(address).value(), {}});
}

Result<std::vector<std::string>> namesFrom(const std::vector<std::string>& texts)
{
    std::vector<std::string> names;
    for (const auto& text : texts) {
        TRY_ASSIGN(auto name, nameFrom(text));
        if (std::ranges::find(names, name) == names.end()) {
            names.push_back(std::move(name));
        }
    }
    return names;
}

crypto::CertificateRole certificateRoleOf(TlsRole role) noexcept
{
    return role == TlsRole::Station ? crypto::CertificateRole::Client : crypto::CertificateRole::Server;
}

std::string entryOf(TlsRole role, const std::string& name)
{
    return std::string{wordOf(role)} + "-" + name;
}

/// True for "station-…" and "agent-…" that stay within a directory.
bool isEntryOfMachine(const std::string& entry) noexcept
{
    const auto hasPrefix = [&entry](TlsRole role) {
        const auto prefix = entryOf(role, {});
        return entry.starts_with(prefix) && entry.size() > prefix.size();
    };
    return entry.find('/') == std::string::npos && (hasPrefix(TlsRole::Station) || hasPrefix(TlsRole::Agent));
}

/// \p old anew. Error S-337 naming \p file, which has it.
Result<std::string> renewed(const KeyAndCertificate& authority, const std::string& old, const fs::path& file, int days,
                            UtcTime now)
{
    return prefixed(file.string() + ": ", crypto::renewedCertificate(authority, old, std::chrono::days{days}, now));
}

Result<AgentKeys> renewMachine(const fs::path& directory, const std::string& entry, const KeyAndCertificate& authority,
                               int days, UtcTime now)
{
    const auto files = filesOfMachine(directory / entry);
    TRY_ASSIGN(const bool there, system::fileIsThere(files.certificateFile));
    if (!there) {
        return makeError(StationCode::NothingFound, files.certificateFile.string() + " does not exist");
    }
    TRY_ASSIGN(const auto old, system::readWholeText(files.certificateFile, kMostPemBytes));
    TRY_ASSIGN(const auto certificate, renewed(authority, old, files.certificateFile, days, now));
    TRY(system::writeDurably(files.caFile, asBytes(authority.certificate), FileMode::AnyReader));
    TRY(system::writeDurably(files.certificateFile, asBytes(certificate), FileMode::AnyReader));
    return described(entry, files, certificate);
}

} // namespace

Result<AgentKeys> makeAgentAuthority(const fs::path& directory, const std::string& plant, UtcTime now)
{
    if (isBlank(plant) || plant.size() > kLongestPlant || printableText(plant) != plant) {
        return misused("--plant: a name of 1 to " + std::to_string(kLongestPlant) + " characters is needed");
    }
    TRY_ASSIGN(const auto authority, crypto::makeAuthority(plant, now));
    const std::array files{
        system::NewFile{transport::kCaFileName, asBytes(authority.certificate), FileMode::AnyReader},
        system::NewFile{"ca-key.pem", authority.privateKey.view(), FileMode::OwnerOnly},
    };
    TRY_ASSIGN(const bool made, system::makeDirectoryWith(directory, files));
    if (!made) {
        return isThere(directory, "name a directory that does not exist yet");
    }
    return described(kAuthorityEntry, filesOfAuthority(directory), authority.certificate);
}

Result<AgentKeys> issueAgentKeys(const fs::path& directory, TlsRole role, const std::vector<std::string>& texts,
                                 int days, UtcTime now)
{
    TRY_ASSIGN(const auto names, namesFrom(texts));
    TRY_ASSIGN(const auto authority, readAuthority(directory));
    TRY_ASSIGN(
        const auto pair,
        prefixed(directory.string() + ": ",
                 crypto::makeCertificate(authority, {names, certificateRoleOf(role), std::chrono::days{days}}, now)));
    const auto entry = entryOf(role, names.front());
    const std::array files{
        system::NewFile{transport::kCaFileName, asBytes(authority.certificate), FileMode::AnyReader},
        system::NewFile{transport::kCertificateFileName, asBytes(pair.certificate), FileMode::AnyReader},
        system::NewFile{transport::kKeyFileName, pair.privateKey.view(), FileMode::OwnerOnly},
    };
    TRY_ASSIGN(const bool made, system::makeDirectoryWith(directory / entry, files));
    if (!made) {
        return isThere(directory / entry, "`enrollctl agent-keys renew " + entry + "` renews its certificate");
    }
    return described(entry, filesOfMachine(directory / entry), pair.certificate);
}

Result<AgentKeys> renewAgentKeys(const fs::path& directory, const std::string& entry, int days, UtcTime now)
{
    const bool isAuthority = entry == kAuthorityEntry;
    if (!isAuthority && !isEntryOfMachine(entry)) {
        return misused("NAME: " + quotedText(entry) + " is none of \"ca\", \"station-…\" and \"agent-…\"");
    }
    TRY_ASSIGN(const auto authority, readAuthority(directory));
    if (!isAuthority) {
        return renewMachine(directory, entry, authority, days, now);
    }
    const auto files = filesOfAuthority(directory);
    TRY_ASSIGN(const auto certificate, renewed(authority, authority.certificate, files.caFile, days, now));
    TRY(system::writeDurably(files.caFile, asBytes(certificate), FileMode::AnyReader));
    return described(entry, files, certificate);
}

} // namespace enroll::app::enrollctl
