#pragma once

#include "core/crypto/certificate.h"

#include <filesystem>

/// Certificates in files, for sources of this folder.
namespace enroll::crypto {

/// The bytes of a file of at most 16 MiB. Error S-332 names the file.
Result<Bytes> readCertificateFile(const std::filesystem::path& file);

/// Writes \p certificate as PEM: to a temporary file beside \p file, fsync, rename, fsync of the directory. A crash
/// leaves either no file or the whole one. Error S-301.
Result<void> writePemFile(const Certificate& certificate, const std::filesystem::path& file);

} // namespace enroll::crypto
