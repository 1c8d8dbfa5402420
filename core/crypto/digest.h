#pragma once

#include "core/base/bytes.h"

namespace enroll::crypto {

/// Hash functions by their TPM_ALG_ID (TPM 2.0 Library Part 2, "TPM_ALG_ID").
enum class HashAlgorithm : std::uint16_t {
    Sha1 = 0x0004,
    Sha256 = 0x000B,
    Sha384 = 0x000C,
    Sha512 = 0x000D,
    Sm3 = 0x0012
};

/// Bytes of a digest: 20, 32, 48 or 64.
std::size_t digestSize(HashAlgorithm algorithm) noexcept;

/// The digest of all \p parts one after another. Error S-340.
Result<Bytes> digest(HashAlgorithm algorithm, std::initializer_list<ByteView> parts);

/// SHA-256 of all \p parts. Error S-340.
Result<Bytes> sha256(std::initializer_list<ByteView> parts);

} // namespace enroll::crypto
