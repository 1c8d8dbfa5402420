#pragma once

#include "core/base/bytes.h"

#include <gmpxx.h>

/// Between bytes and GMP's numbers, for sources of this folder: no other public header names a GMP type.
namespace enroll::crypto {

inline mpz_class numberOf(ByteView bigEndian)
{
    mpz_class number;
    mpz_import(number.get_mpz_t(), bigEndian.size(), 1, 1, 1, 0, bigEndian.data());
    return number;
}

/// Big-endian, no leading zero byte; empty for zero.
inline Bytes bytesOf(const mpz_class& number)
{
    Bytes bytes((mpz_sizeinbase(number.get_mpz_t(), 2) + 7) / 8);
    std::size_t written = 0;
    mpz_export(bytes.data(), &written, 1, 1, 1, 0, number.get_mpz_t());
    bytes.resize(written);
    return bytes;
}

} // namespace enroll::crypto
