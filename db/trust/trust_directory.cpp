#include "db/trust/trust_directory.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/pem_file.h"
#include "core/crypto/revocation_list.h"
#include "core/system/directory.h"
#include "core/system/durable_file.h"
#include "core/system/regular_file.h"
#include "core/system/whole_file.h"
#include "db/qt/values.h"

#include <algorithm>
#include <map>
#include <set>

namespace enroll::db::trust {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestProvenance = std::size_t{64} * 1024;

bool isDirectory(const fs::path& path)
{
    std::error_code unknown; // what is wrong with an entry shows when it is read
    return fs::is_directory(path, unknown);
}

std::vector<fs::path> listedIn(const fs::path& directory)
{
    const auto entries = system::entriesOf(directory);
    return entries.ok() ? entries->value_or(std::vector<fs::path>{}) : std::vector<fs::path>{};
}

/// In the order of their names; none if the directory does not exist.
Result<std::vector<fs::path>> certificateFilesIn(const fs::path& directory)
{
    const auto entries = system::entriesOf(directory);
    if (!entries.ok()) {
        return aboutFile(entries.error(), directory);
    }
    std::vector<fs::path> files;
    for (const auto& entry : entries->value_or(std::vector<fs::path>{})) {
        if (hasCertificateSuffix(entry) && !isDirectory(entry)) {
            files.push_back(entry);
        }
    }
    return files;
}

Error inFile(const fs::path& file, const Error& cause)
{
    auto error = prefixed(file.string() + ": ", recoded(cause, StationCode::KeyMaterialUnusable));
    error.subject = file.string();
    return error;
}

bool holdsListsAlone(ByteView content)
{
    return crypto::isRevocationListInDer(content) || (holdsPemRevocationList(content) && !holdsPemCertificate(content));
}

/// Every certificate of \p file; none of one that holds revocation lists alone. Error S-337 if one of them is not an authority: the whole file is refused.
Result<std::vector<crypto::Certificate>> certificatesOf(const fs::path& file)
{
    TRY_ASSIGN(const auto content, crypto::readCertificateFile(file));
    if (holdsListsAlone(content)) {
        return std::vector<crypto::Certificate>{};
    }
    auto certificates = crypto::certificatesFromFile(content);
    if (!certificates.ok()) {
        return inFile(file, certificates.error());
    }
    for (const auto& certificate : *certificates) {
        if (const auto authority = crypto::requireAuthority(certificate); !authority.ok()) {
            return inFile(file, authority.error());
        }
    }
    return certificates;
}

fs::path provenanceFile(const fs::path& directory, const crypto::Certificate& certificate)
{
    return directory / (certificate.sha256Hex() + ".json");
}

Result<std::optional<Provenance>> provenanceOf(const fs::path& directory, const crypto::Certificate& certificate)
{
    const auto file = provenanceFile(directory, certificate);
    TRY_ASSIGN(const bool there, system::fileIsThere(file));
    if (!there) {
        return std::optional<Provenance>{};
    }
    TRY_ASSIGN(const auto text, system::readWholeFile(file, kLargestProvenance));
    auto provenance = provenanceFromText(text);
    if (!provenance.ok()) {
        auto error = prefixed(file.string() + ": ", std::move(provenance).error());
        error.subject = file.string();
        return error;
    }
    return std::optional{std::move(provenance).value()};
}

/// Absent for what a newer program made of it.
std::optional<crypto::TrustRole> roleOf(const crypto::Certificate& certificate,
                                        const std::optional<Provenance>& provenance)
{
    const auto own = crypto::ownRoleOf(certificate);
    if (!provenance) {
        return own;
    }
    const auto* imported = provenance->role.known();
    const bool isAnchor = imported != nullptr && *imported == crypto::TrustRole::Anchor;
    return imported == nullptr ? std::optional<crypto::TrustRole>{} : (isAnchor ? *imported : own);
}

/// Collects the authorities of one set, which may lie in two directories.
class Collector {
public:
    Collector(std::string_view set, LeftOut* leftOut) : m_set(set), m_leftOut(leftOut) {}

    Result<void> addFrom(const fs::path& directory)
    {
        TRY_ASSIGN(const auto files, certificateFilesIn(directory));
        for (const auto& file : files) {
            TRY(usedOrLeftOut(addFile(file), file));
        }
        return {};
    }

    std::vector<StoredAuthority> taken() && { return std::move(m_authorities); }

private:
    Result<void> usedOrLeftOut(Result<void> used, const fs::path& file)
    {
        if (used.ok()) {
            return used;
        }
        auto fault = aboutFile(std::move(used).error(), file);
        if (m_leftOut == nullptr) {
            return fault;
        }
        m_leftOut->certificates.push_back(std::move(fault));
        return {};
    }

    Result<void> addFile(const fs::path& file)
    {
        TRY_ASSIGN(const auto certificates, certificatesOf(file));
        for (const auto& certificate : certificates) {
            TRY(add(certificate, file));
        }
        return {};
    }

    Result<void> add(const crypto::Certificate& certificate, const fs::path& file)
    {
        const auto [known, isNew] = m_places.try_emplace(certificate.sha256Hex(), m_authorities.size());
        if (!isNew) {
            m_authorities.at(known->second).files.push_back(file);
            return {};
        }
        auto provenance = provenanceOf(file.parent_path(), certificate);
        if (!provenance.ok()) {
            auto fault = aboutFile(provenance.error(), provenanceFile(file.parent_path(), certificate));
            if (m_leftOut == nullptr) {
                return fault;
            }
            m_leftOut->provenances.push_back(std::move(fault)); // the certificate is known, and vouches for nothing
        }
        const auto role = provenance.ok() ? roleOf(certificate, *provenance) : std::nullopt;
        m_authorities.push_back({certificate, role, m_set, {file}, provenance.ok() ? *provenance : std::nullopt});
        return {};
    }

    std::string m_set;
    LeftOut* m_leftOut;                          ///< null: nothing is left out
    std::map<std::string, std::size_t> m_places; ///< SHA-256, and where in the list
    std::vector<StoredAuthority> m_authorities;
};

/// Error S-333 if something would be removed with the one certificate that is meant.
Result<void> requireAlone(const fs::path& file)
{
    TRY_ASSIGN(const auto certificates, certificatesOf(file));
    if (certificates.size() > 1) {
        return makeError(StationCode::FileUnusable, file.string() + " holds " + std::to_string(certificates.size()) +
                                                        " certificates: take the one out of it by hand");
    }
    TRY_ASSIGN(const auto content, crypto::readCertificateFile(file));
    if (holdsPemRevocationList(content)) {
        return makeError(StationCode::FileUnusable, file.string() +
                                                        " holds a revocation list as well: take the certificate out of "
                                                        "it by hand");
    }
    return {};
}

/// Whoever runs the station reads what root imported, whatever root's umask is. What is there keeps its rights.
Result<void> makeReadable(const fs::path& directory)
{
    constexpr fs::perms kAnyReader{0755};
    std::error_code failure;
    fs::create_directories(directory.parent_path(), failure);
    const bool isNew = !failure && fs::create_directory(directory, failure);
    if (isNew && !failure) {
        fs::permissions(directory, kAnyReader, failure);
    }
    if (failure) {
        return makeError(StationCode::FileUnusable, "cannot make " + directory.string(), "mkdir",
                         Errno{failure.value()});
    }
    return {};
}

Result<void> writeProvenance(const fs::path& directory, const crypto::Certificate& certificate,
                             const Provenance& provenance)
{
    return system::writeDurably(provenanceFile(directory, certificate), qt::viewOf(provenanceText(provenance)),
                                system::FileMode::AnyReader);
}

} // namespace

bool hasCertificateSuffix(const fs::path& file)
{
    return std::ranges::find(kCertificateSuffixes, asciiLowered(file.extension().string())) !=
           kCertificateSuffixes.end();
}

bool isNameOfTheStore(const fs::path& file)
{
    constexpr std::size_t kDigits = 64;
    const auto stem = file.stem().string();
    const bool isDigest = stem.size() == kDigits && stem.find_first_not_of("0123456789abcdef") == std::string::npos;
    return hasCertificateSuffix(file) || hasRevocationListSuffix(file) || (isDigest && file.extension() == ".json");
}

std::vector<fs::path> unreadEntriesOf(const fs::path& directory)
{
    std::vector<fs::path> unread;
    for (const auto& entry : listedIn(directory)) {
        const bool isFolder = isDirectory(entry);
        const bool isSet = isFolder && crypto::requireTrustSetName(entry.filename().string()).ok();
        if (!isSet && (isFolder || !isNameOfTheStore(entry))) {
            unread.push_back(entry);
        }
        for (const auto& inner : isSet ? listedIn(entry) : std::vector<fs::path>{}) {
            if (isDirectory(inner) || !isNameOfTheStore(inner)) {
                unread.push_back(inner);
            }
        }
    }
    return unread;
}

Error aboutFile(Error error, const fs::path& file)
{
    if (error.subject.empty()) {
        error.subject = file.string();
    }
    return error;
}

bool hasRevocationListSuffix(const fs::path& file)
{
    return asciiLowered(file.extension().string()) == kRevocationListSuffix;
}

bool holdsPemRevocationList(ByteView content)
{
    return asText(content).find("-----BEGIN X509 CRL-----") != std::string_view::npos;
}

bool holdsPemCertificate(ByteView content)
{
    return asText(content).find("CERTIFICATE-----") != std::string_view::npos;
}

std::vector<fs::path> homesOf(const fs::path& directory, std::string_view set)
{
    return set == crypto::kMakersSet ? std::vector{directory / set, directory} : std::vector{directory / set};
}

Result<std::vector<std::string>> trustSetsIn(const fs::path& directory)
{
    TRY_ASSIGN(const auto entries, system::entriesOf(directory));
    std::set<std::string> names;
    for (const auto& entry : entries.value_or(std::vector<fs::path>{})) {
        auto name = entry.filename().string();
        if (!isDirectory(entry)) {
            name = hasCertificateSuffix(entry) || hasRevocationListSuffix(entry) ? crypto::kMakersSet : "";
        }
        if (crypto::requireTrustSetName(name).ok()) {
            names.insert(std::move(name));
        }
    }
    return std::vector<std::string>{names.begin(), names.end()};
}

Result<std::vector<StoredAuthority>> authoritiesOf(const fs::path& directory, std::string_view set, LeftOut* leftOut)
{
    TRY(crypto::requireTrustSetName(set));
    Collector collector{set, leftOut};
    for (const auto& home : homesOf(directory, set)) {
        TRY(collector.addFrom(home));
    }
    return std::move(collector).taken();
}

crypto::TrustStore storeOf(std::span<const StoredAuthority> authorities)
{
    crypto::TrustStore store;
    for (const auto& authority : authorities) {
        if (authority.role) {
            const bool isAnchor = *authority.role == crypto::TrustRole::Anchor;
            (void)(isAnchor ? store.addAnchor(authority.certificate) : store.add(authority.certificate));
        }
    }
    return store;
}

std::optional<UtcTime> newestImport(std::span<const StoredAuthority> authorities)
{
    std::optional<UtcTime> newest;
    for (const auto& one : authorities) {
        if (one.provenance && one.provenance->importedAt) {
            newest = std::max(newest.value_or(UtcTime::min()), *one.provenance->importedAt);
        }
    }
    return newest;
}

Result<void> makeTrustDirectory(const fs::path& directory)
{
    return makeReadable(directory);
}

Result<fs::path> makeSetDirectory(const fs::path& directory, std::string_view set)
{
    auto home = directory / set;
    TRY(makeReadable(directory));
    TRY(makeReadable(home));
    return home;
}

std::string authorityFileName(const crypto::Certificate& certificate)
{
    return certificate.sha256Hex() + ".pem";
}

Result<void> storeAuthority(const fs::path& directory, std::string_view set, const crypto::Certificate& certificate,
                            const Provenance& provenance)
{
    TRY_ASSIGN(const auto home, makeSetDirectory(directory, set));
    TRY(writeProvenance(home, certificate, provenance)); // first: without the certificate nobody looks for it
    const auto file = home / authorityFileName(certificate);
    TRY_ASSIGN(const bool isThere, system::fileIsThere(file));
    const auto held = isThere ? certificatesOf(file) : std::vector<crypto::Certificate>{};
    if (held.ok() && std::ranges::find(*held, certificate.der(), &crypto::Certificate::der) != held->end()) {
        return {}; // somebody may have put more into it, such as a list, that stays
    }
    return system::writeDurably(file, asBytes(crypto::pemOf(certificate)), system::FileMode::AnyReader);
}

Result<void> replaceProvenance(const StoredAuthority& authority, const Provenance& provenance)
{
    return writeProvenance(authority.files.front().parent_path(), authority.certificate, provenance);
}

Result<void> removeAuthority(const StoredAuthority& authority)
{
    for (const auto& file : authority.files) {
        TRY(requireAlone(file));
    }
    for (const auto& file : authority.files) {
        TRY(system::removeDurably(file)); // first: provenance that a crash leaves behind is read by nobody
        TRY(system::removeDurably(provenanceFile(file.parent_path(), authority.certificate)));
    }
    return {};
}

} // namespace enroll::db::trust
