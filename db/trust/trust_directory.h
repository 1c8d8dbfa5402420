#pragma once

#include "core/crypto/trust_set.h"
#include "db/trust/provenance_document.h"

#include <filesystem>
#include <optional>
#include <span>

/// The trust store on the disk: one directory for each set, and in it each authority as <sha256>.pem with its provenance
/// as <sha256>.json. A certificate file that somebody put there by hand counts as well, in each form if its name ends as
/// hasCertificateSuffix() wants it. Certificates that lie directly in the trust store, where versions before the sets put them,
/// are of the set "makers".
namespace enroll::db::trust {

/// An authority as it lies on the disk.
struct StoredAuthority {
    crypto::Certificate certificate;
    std::optional<crypto::TrustRole> role; ///< absent for one that vouches for nothing (whyItVouchesForNothing())
    std::string set;
    std::vector<std::filesystem::path> files;  ///< one, unless somebody put it there again
    std::optional<Provenance> provenance = {}; ///< absent where the file was put there by hand or by an older version

    /// True for one that was removed and only proves what was revoked.
    [[nodiscard]] bool isWitness() const { return provenance && provenance->role == witnessRole(); }
};

/// The endings, in lower case, of names of files that hold certificates.
inline constexpr std::array<std::string_view, 4> kCertificateSuffixes{".pem", ".crt", ".cer", ".der"};
bool hasCertificateSuffix(const std::filesystem::path& file);

/// The directories of \p set that there may be: its own and, of "makers", the trust store's itself.
std::vector<std::filesystem::path> homesOf(const std::filesystem::path& directory, std::string_view set);

/// The endings, in lower case, of names of files that hold revocation lists.
inline constexpr std::string_view kRevocationListSuffix = ".crl";
bool hasRevocationListSuffix(const std::filesystem::path& file);
/// True if a PEM text has a revocation list, beside certificates or not.
bool holdsPemRevocationList(ByteView content);

/// True if a PEM text has a certificate, whatever its block is called.
bool holdsPemCertificate(ByteView content);

/// What is wrong with files of sets that nobody asks.
struct LeftOut {
    std::vector<Error> certificates; ///< of these nobody knows what they hold
    std::vector<Error> provenances;  ///< the certificates beside them are known, and vouch for nothing
};

/// True if the trust store reads a file of this name: certificates, revocation lists, <sha256>.json.
bool isNameOfTheStore(const std::filesystem::path& file);

/// What the trust store \p directory has and nobody reads: subdirectories of sets, directories whose name no set may have, files
/// of other names. In the order of their paths; none of what cannot be listed.
std::vector<std::filesystem::path> unreadEntriesOf(const std::filesystem::path& directory);

/// \p error, about \p file where it is about nothing yet.
[[nodiscard]] Error aboutFile(Error error, const std::filesystem::path& file);

/// The sets that \p directory has, in the order of their names. None where it does not exist. Error S-333.
Result<std::vector<std::string>> trustSetsIn(const std::filesystem::path& directory);

/// The authorities of one set, each once; none for a set that does not exist. A file of revocation lists alone has none,
/// whatever it is called.
/// \param leftOut  gets what is wrong with each file that cannot be used, and the others count; null: such a file is an error
/// \par Errors   S-333 or S-337 naming the file that cannot be read or holds something else than CA certificates, S-334 the
///               broken provenance, where such are not left out; S-333 if the directory's name belongs to something else
Result<std::vector<StoredAuthority>> authoritiesOf(const std::filesystem::path& directory, std::string_view set,
                                                   LeftOut* leftOut = nullptr);

/// When the newest of \p authorities was imported; nothing where none of them says when it came.
std::optional<UtcTime> newestImport(std::span<const StoredAuthority> authorities);

/// Of \p authorities, as paths are built from them; without those that vouch for nothing.
crypto::TrustStore storeOf(std::span<const StoredAuthority> authorities);

/// Makes the trust store's directory if it is missing, likewise. Error S-333.
Result<void> makeTrustDirectory(const std::filesystem::path& directory);

/// Where what belongs to \p set lies, made if it is missing, so that anybody may read it as its files. Error S-333.
Result<std::filesystem::path> makeSetDirectory(const std::filesystem::path& directory, std::string_view set);

/// The name of the file in which storeAuthority() keeps an authority; its content is crypto::pemOf().
std::string authorityFileName(const crypto::Certificate& certificate);

/// Writes an authority that the set does not have, with its provenance, durably. A crash leaves either nothing that is
/// read, or both. A file of that name that has it, a witness's, stays as it is, with whatever else is in it. Error S-333.
Result<void> storeAuthority(const std::filesystem::path& directory, std::string_view set,
                            const crypto::Certificate& certificate, const Provenance& provenance);

/// Writes another provenance for a stored authority, durably. Error S-333.
Result<void> replaceProvenance(const StoredAuthority& authority, const Provenance& provenance);

/// Removes an authority, so that it stays removed after a power cut.
/// \par Errors   S-333: it cannot be removed, or a file holds other certificates or a revocation list as well, which would go
///               with it
Result<void> removeAuthority(const StoredAuthority& authority);

} // namespace enroll::db::trust
