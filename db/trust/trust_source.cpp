#include "db/trust/trust_source.h"

#include "core/archive/cabinet.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/certificate_bundle.h"
#include "core/crypto/pem_file.h"
#include "core/crypto/trust_store.h"
#include "core/system/directory.h"
#include "core/system/regular_file.h"
#include "db/trust/trust_directory.h"

#include <algorithm>

namespace enroll::db::trust {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kMessageSuffixes{".p7b", ".p7c", ".p7s"};
constexpr std::string_view kCabinetSuffix = ".cab";

bool isCertificateName(std::string_view name)
{
    const fs::path file{name};
    return hasCertificateSuffix(file) ||
           std::ranges::find(kMessageSuffixes, asciiLowered(file.extension().string())) != kMessageSuffixes.end();
}

bool isSourceName(const fs::path& file)
{
    return isCertificateName(file.string()) || asciiLowered(file.extension().string()) == kCabinetSuffix;
}

Error unusable(const std::string& what)
{
    return makeError(StationCode::FileUnusable, what);
}

/// Collects what one import is made of, file by file.
class Gathering {
public:
    Result<void> addDirectory(const fs::path& directory, int depth)
    {
        if (depth > kDeepestFolder) {
            return skip(directory.string(),
                        unusable("the folder is nested more than " + std::to_string(kDeepestFolder) + " levels deep"));
        }
        const auto entries = system::entriesOf(directory);
        if (!entries.ok()) {
            return skip(directory.string(), entries.error());
        }
        for (const auto& entry : entries->value_or(std::vector<fs::path>{})) {
            TRY(addEntry(entry, depth));
        }
        return {};
    }

    Result<void> addFile(const fs::path& file)
    {
        auto content = crypto::readCertificateFile(file);
        if (!content.ok()) {
            return skip(file.string(), std::move(content).error());
        }
        TRY(count(content->size()));
        return archive::isCabinet(*content) ? addCabinet(file.string(), *content) : addContent(file.string(), *content);
    }

    [[nodiscard]] std::size_t files() const noexcept { return m_files; }
    TrustSource taken() && { return std::move(m_source); }

private:
    Result<void> addEntry(const fs::path& entry, int depth)
    {
        std::error_code unknown; // what is wrong with an entry shows when it is read
        const bool isDirectory = fs::is_directory(entry, unknown);
        if (isDirectory && system::isLink(entry)) {
            return skip(entry.string(), unusable("a symbolic link to a folder is not followed"));
        }
        if (isDirectory) {
            return addDirectory(entry, depth + 1);
        }
        if (hasRevocationListSuffix(entry)) {
            m_source.listFiles.push_back(printableText(entry.string()));
        }
        return isSourceName(entry) ? addFile(entry) : Result<void>{};
    }

    Result<void> addCabinet(const std::string& name, ByteView content)
    {
        auto cabinet = archive::readCabinet(content, isCertificateName);
        if (!cabinet.ok()) {
            return skip(name, std::move(cabinet).error());
        }
        for (const auto& entry : cabinet->entries) {
            const auto inside = name + ": " + entry.name;
            if (!entry.content.ok()) {
                TRY(skip(inside, entry.content.error()));
                continue;
            }
            TRY(count(entry.content->size()));
            TRY(addContent(inside, *entry.content));
        }
        if (cabinet->brokenOff) {
            return skip(name, *cabinet->brokenOff);
        }
        return cabinet->entries.empty() ? skip(name, unusable("the cabinet contains no certificate file"))
                                        : Result<void>{};
    }

    Result<void> addContent(const std::string& name, ByteView content)
    {
        if (holdsPemRevocationList(content)) {
            m_source.listFiles.push_back(printableText(name));
        }
        auto bundle = crypto::readCertificateBundle(content);
        if (!bundle.ok()) {
            return skip(name, std::move(bundle).error());
        }
        for (const auto& refused : bundle->refused) {
            const bool isAlone = bundle->certificates.empty() && bundle->refused.size() == 1;
            TRY(skip(isAlone ? name : name + ", certificate " + std::to_string(refused.place), refused.reason));
        }
        for (const auto& certificate : bundle->certificates) {
            if (const auto authority = crypto::requireAuthority(certificate); !authority.ok()) {
                TRY(skip(name, authority.error()));
                continue;
            }
            m_source.certificates.push_back({certificate, printableText(name)});
        }
        return {};
    }

    Result<void> count(std::size_t bytes)
    {
        m_bytes += bytes;
        if (++m_files > kMostSourceFiles || m_bytes > kLargestSource) {
            return unusable("there are more than " + std::to_string(kMostSourceFiles) + " certificate files or " +
                            std::to_string(kLargestSource) + " bytes: import them in parts");
        }
        return {};
    }

    /// Always successful: what is skipped ends nothing.
    Result<void> skip(const std::string& name, Error reason)
    {
        m_source.skipped.push_back({printableText(name), std::move(reason)});
        return {};
    }

    TrustSource m_source;
    std::size_t m_files = 0;
    std::size_t m_bytes = 0;
};

/// The error of an import of which nothing is left: what was wrong with the one file.
Error nothingUsable(const SkippedSource& skipped)
{
    if (skipped.reason.code == StationCode::FileUnusable) {
        return skipped.reason; // names the file
    }
    auto error = prefixed(skipped.source + ": ", recoded(skipped.reason, StationCode::KeyMaterialUnusable));
    error.subject = skipped.source;
    return error;
}

} // namespace

Result<TrustSource> readTrustSource(const fs::path& source)
{
    Gathering gathering;
    std::error_code failure;
    const bool isDirectory = fs::is_directory(source, failure);
    TRY(isDirectory ? gathering.addDirectory(source, 0) : gathering.addFile(source));
    const auto files = gathering.files();
    auto gathered = std::move(gathering).taken();
    if (gathered.certificates.empty() && gathered.skipped.size() == 1) {
        return nothingUsable(gathered.skipped.front());
    }
    if (files == 0 && gathered.skipped.empty()) {
        return unusable(source.string() + " contains no file whose name ends in " + joined(kCertificateSuffixes) +
                        ", " + joined(kMessageSuffixes) + ", " + std::string{kCabinetSuffix});
    }
    return gathered;
}

} // namespace enroll::db::trust
