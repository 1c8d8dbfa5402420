#pragma once

#include "core/crypto/certificate.h"

#include <filesystem>

/// Certificates in files, for sources of this folder.
namespace enroll::crypto {

/// A bundle of every maker's authorities has a few hundred KiB.
inline constexpr std::size_t kLargestCertificateFile = std::size_t{16} * 1024 * 1024;

/// The bytes of a file of at most 16 MiB. Error S-332 names the file.
Result<Bytes> readCertificateFile(const std::filesystem::path& file);

/// Writes \p certificate as PEM, readable by all. A crash leaves either no file or the whole one. Error S-301.
Result<void> writePemFile(const Certificate& certificate, const std::filesystem::path& file);

} // namespace enroll::crypto
