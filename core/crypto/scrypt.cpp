#include "core/crypto/scrypt.h"

#include "core/base/station_code.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_ptr.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <array>
#include <bit>

namespace enroll::crypto {
namespace {

constexpr auto kOperation = "EVP_KDF scrypt";
constexpr std::size_t kSize = 32;
constexpr std::uint64_t kMostMemory = std::uint64_t{64} * 1024 * 1024;

using EvpKdfPtr = std::unique_ptr<EVP_KDF, OpenSslFree<&EVP_KDF_free>>;
using EvpKdfCtxPtr = std::unique_ptr<EVP_KDF_CTX, OpenSslFree<&EVP_KDF_CTX_free>>;

std::uint64_t memoryOf(const ScryptCost& cost) noexcept
{
    constexpr std::uint64_t kBlock = 128;
    return kBlock * static_cast<std::uint64_t>(cost.n) * static_cast<std::uint64_t>(cost.r);
}

/// OpenSSL's parameters are not const, and it changes none of what goes in.
OSSL_PARAM octets(const char* name, ByteView bytes)
{
    static constexpr std::byte kNothing{0};
    const auto* address = bytes.empty() ? &kNothing : bytes.data();
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::byte*>(address), bytes.size());
}

} // namespace

bool isAcceptable(const ScryptCost& cost) noexcept
{
    constexpr int kLeastN = 1024;
    constexpr int kMostN = 131'072;
    constexpr int kMostR = 16;
    constexpr int kMostP = 4;
    return cost.n >= kLeastN && cost.n <= kMostN && std::has_single_bit(static_cast<unsigned>(cost.n)) && cost.r >= 1 &&
           cost.r <= kMostR && cost.p >= 1 && cost.p <= kMostP && memoryOf(cost) <= kMostMemory;
}

Result<Bytes> scrypt(ByteView secret, ByteView salt, const ScryptCost& cost)
{
    if (!isAcceptable(cost)) {
        return makeError(StationCode::CryptoFailed, "a cost of scrypt is out of range", kOperation);
    }
    const EvpKdfPtr kdf{EVP_KDF_fetch(nullptr, OSSL_KDF_NAME_SCRYPT, nullptr)};
    const EvpKdfCtxPtr context{kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr};
    if (!context) {
        return opensslError(StationCode::CryptoFailed, "scrypt is not to be had", kOperation);
    }
    auto n = static_cast<std::uint64_t>(cost.n);
    auto r = static_cast<std::uint32_t>(cost.r);
    auto p = static_cast<std::uint32_t>(cost.p);
    auto most = 2 * kMostMemory; // what it needs beside its table, too
    const std::array parameters{octets(OSSL_KDF_PARAM_PASSWORD, secret),
                                octets(OSSL_KDF_PARAM_SALT, salt),
                                OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
                                OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
                                OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
                                OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &most),
                                OSSL_PARAM_construct_end()};
    Bytes made(kSize);
    if (EVP_KDF_derive(context.get(), u8(std::span{made}), made.size(), parameters.data()) != 1) {
        return opensslError(StationCode::CryptoFailed, "scrypt failed", kOperation);
    }
    return made;
}

} // namespace enroll::crypto
