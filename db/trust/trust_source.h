#pragma once

#include "core/crypto/certificate.h"

#include <filesystem>

namespace enroll::db::trust {

// What an import may cost; all makers together have a few hundred authorities in as many files.
inline constexpr std::size_t kMostSourceFiles = 4096;
inline constexpr std::size_t kLargestSource = std::size_t{256} * 1024 * 1024;
inline constexpr int kDeepestFolder = 8;

struct SourceCertificate {
    crypto::Certificate certificate;
    std::string source; ///< the file, and for one of several inside it which one, as printableText()
};

struct SkippedSource {
    std::string source;
    Error reason;
};

/// What somebody wants to import: certificate authorities, and what is none of them.
struct TrustSource {
    std::vector<SourceCertificate> certificates;
    std::vector<SkippedSource> skipped;
    std::vector<std::string> listFiles = {}; ///< files with revocation lists, which are imported by themselves
};

/// The certificate authorities of \p source: a file in any form that crypto::readCertificateBundle() reads, a cabinet such
/// as Microsoft's TrustedTpm.cab, or a directory of those with its subdirectories.
///
/// In directories and cabinets, files count whose names end as certificate files do; setup scripts and notes do not. What
/// cannot be used is skipped with its reason, and the rest is kept. A symbolic link to a file is followed, one to a
/// directory is skipped, so that none leads in a circle or out of the directory. Nothing is written or fetched.
///
/// \par Errors   S-333 (the file or directory cannot be read; a directory or cabinet without such files; more than
///               kMostSourceFiles or kLargestSource bytes), S-337 (a single file without one usable authority)
Result<TrustSource> readTrustSource(const std::filesystem::path& source);

} // namespace enroll::db::trust
