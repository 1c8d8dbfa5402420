#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace enroll::crypto {

/// How much work and memory a guess takes: 128 * n * r bytes.
/// \par Source   RFC 7914, "The scrypt Algorithm"; the default takes 32 MiB and about a tenth of a second
struct ScryptCost {
    int n = 32'768;
    int r = 8;
    int p = 1;
    bool operator==(const ScryptCost&) const = default;
};

/// What this program takes: n a power of two from 1024 to 131072, r from 1 to 16, p from 1 to 4, 64 MiB at most. A file
/// that asks for more would stop the station, and one that asks for less protects nothing.
bool isAcceptable(const ScryptCost& cost) noexcept;

/// 32 bytes from which nobody finds \p secret but by guessing. Blocks for as long as \p cost says; no GUI thread.
/// \par Errors   S-340: the cost is not acceptable, or OpenSSL has no memory
/// \par Source   RFC 7914; OpenSSL's EVP_KDF-SCRYPT(7)
Result<Bytes> scrypt(ByteView secret, ByteView salt, const ScryptCost& cost);

} // namespace enroll::crypto
