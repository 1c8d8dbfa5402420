#pragma once

#include "core/crypto/openssl_ptr.h"
#include "core/crypto/public_key.h"

/// RSA moduli that are weak in a known way, made with OpenSSL.
namespace enroll::test {

/// True if a prime below 2^20 divides it.
bool hasSmallFactor(const BIGNUM* number);

/// k * M + (65537^a mod M) with 2048 bits: the shape of a prime of the library with the ROCA fault, and of the product
/// of two. M is the product of the primes from 2 to 701, what the library takes for keys of 2048 bits. It is no prime, and
/// has no small factor.
/// Source: Nemec and others, "The Return of Coppersmith's Attack", table 1.
crypto::BignumPtr rocaShapedModulus(BN_ULONG a);

/// A fresh prime whose two top bits are set, so that the product of two has all its bits.
crypto::BignumPtr freshPrime(int bits);
/// The smallest prime above \p number.
crypto::BignumPtr primeAbove(const BIGNUM* number);
crypto::BignumPtr productOf(const BIGNUM* left, const BIGNUM* right);

/// Big-endian, no leading zero byte.
Bytes bytesOf(const BIGNUM* number);
crypto::RsaPublicKey keyOf(const BIGNUM* modulus);

} // namespace enroll::test
