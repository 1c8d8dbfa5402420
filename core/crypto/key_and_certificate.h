#pragma once

#include "core/base/clock.h"
#include "core/base/secret_bytes.h"

#include <filesystem>
#include <string>

namespace enroll::crypto {

/// A private key and its certificate, with those of its chain behind it: both PEM.
struct KeyAndCertificate {
    std::string certificate;
    SecretBytes privateKey;
};

/// Reads a certificate, with those of its chain behind it, and its private key: PEM, in two files or in one. A file that
/// holds the key must be its owner's alone, as every secret.
/// \par Errors   S-333 or S-337 naming the file: it cannot be read, or holds no certificate or no key; the key is
///               encrypted, or it is another certificate's
Result<KeyAndCertificate> readKeyAndCertificate(const std::filesystem::path& certificateFile,
                                                const std::filesystem::path& keyFile);

/// Error S-337, naming \p certificateFile, if the certificate that was read from it had expired at \p now. One that is
/// not valid yet passes: the clock of a machine that has just started may be late.
Result<void> requireUnexpired(const KeyAndCertificate& pair, const std::filesystem::path& certificateFile, UtcTime now);

} // namespace enroll::crypto
