#pragma once

#include "core/crypto/certificate.h"

#include <filesystem>

/// Certificates as files have them.
namespace enroll::crypto {

/// Bounds the memory that a wrong file can cost; a bundle of all makers' authorities has a few hundred KiB.
inline constexpr std::size_t kLargestCertificateFile = std::size_t{16} * 1024 * 1024;

/// The bytes of a file of at most 16 MiB. Error S-333 names the file.
Result<Bytes> readCertificateFile(const std::filesystem::path& file);

/// \p certificate as a PEM text (RFC 7468).
std::string pemOf(const Certificate& certificate);

} // namespace enroll::crypto
