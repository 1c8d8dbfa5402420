#include "core/crypto/trust_store.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/pem_file.h"
#include "core/system/directory.h"
#include "core/system/regular_file.h"

#include <algorithm>
#include <array>
#include <span>

namespace enroll::crypto {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kSuffixes{".pem", ".crt", ".cer", ".der"};

bool hasCertificateSuffix(const fs::path& file)
{
    const auto suffix = asciiLowered(file.extension().string());
    return std::ranges::find(kSuffixes, suffix) != kSuffixes.end();
}

/// In the order of their names; none if the directory does not exist.
Result<std::vector<fs::path>> certificateFilesIn(const fs::path& directory)
{
    TRY_ASSIGN(const auto entries, system::entriesOf(directory));
    std::vector<fs::path> files;
    for (const auto& entry : entries.value_or(std::vector<fs::path>{})) {
        std::error_code unknown; // what is wrong with an entry shows when it is read
        if (hasCertificateSuffix(entry) && !fs::is_directory(entry, unknown)) {
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

Result<void> requireAuthority(const Certificate& certificate)
{
    if (!certificate.isCertificateAuthority()) {
        return makeError(StationCode::KeyMaterialUnusable,
                         "'" + certificate.subject() + "' is not a certificate authority");
    }
    return {};
}

/// Every certificate of \p file. Error S-337 if one of them is not an authority: the whole file is refused.
Result<std::vector<Certificate>> authoritiesFrom(const fs::path& file)
{
    TRY_ASSIGN(const auto content, readCertificateFile(file));
    auto certificates = certificatesFromFile(content);
    if (!certificates.ok()) {
        return inFile(file, certificates.error());
    }
    for (const auto& certificate : *certificates) {
        if (const auto authority = requireAuthority(certificate); !authority.ok()) {
            return inFile(file, authority.error());
        }
    }
    return certificates;
}

Result<std::vector<fs::path>> sourceFiles(const fs::path& source)
{
    std::error_code failure;
    if (fs::is_directory(source, failure)) {
        TRY_ASSIGN(auto files, certificateFilesIn(source));
        if (files.empty()) {
            return makeError(StationCode::FileUnusable,
                             source.string() + " contains no file whose name ends in " + joined(kSuffixes));
        }
        return files;
    }
    return std::vector{source};
}

Result<bool> writeUnlessThere(const Certificate& certificate, const fs::path& directory)
{
    const auto file = directory / (certificate.sha256Hex() + ".pem");
    TRY_ASSIGN(const bool there, system::fileIsThere(file));
    if (there) {
        return false;
    }
    TRY(writePemFile(certificate, file));
    return true;
}

} // namespace

Result<TrustStore> TrustStore::fromDirectory(const fs::path& directory)
{
    TrustStore store;
    TRY_ASSIGN(const auto files, certificateFilesIn(directory));
    for (const auto& file : files) {
        TRY_ASSIGN(const auto authorities, authoritiesFrom(file));
        for (const auto& certificate : authorities) {
            TRY(store.add(certificate));
        }
    }
    return store;
}

Result<bool> TrustStore::add(const Certificate& certificate)
{
    TRY(requireAuthority(certificate));
    if (std::ranges::find(m_certificates, certificate.der(), &Certificate::der) != m_certificates.end()) {
        return false;
    }
    m_certificates.push_back(certificate);
    return true;
}

Result<std::vector<Certificate>> importTrust(const fs::path& source, const fs::path& directory)
{
    TrustStore wanted; // collected before anything is written: a wrong file must not leave half of a bundle behind
    TRY_ASSIGN(const auto files, sourceFiles(source));
    for (const auto& file : files) {
        TRY_ASSIGN(const auto authorities, authoritiesFrom(file));
        for (const auto& certificate : authorities) {
            TRY(wanted.add(certificate));
        }
    }
    std::error_code failure;
    fs::create_directories(directory, failure);
    if (failure) {
        return makeError(StationCode::JournalCannotSave, "cannot make " + directory.string(), "mkdir",
                         Errno{failure.value()});
    }
    std::vector<Certificate> added;
    for (const auto& certificate : wanted.certificates()) {
        TRY_ASSIGN(const bool isNew, writeUnlessThere(certificate, directory));
        if (isNew) {
            added.push_back(certificate);
        }
    }
    return added;
}

} // namespace enroll::crypto
