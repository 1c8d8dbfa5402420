#include "core/crypto/openssl_key.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/openssl_error.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <string_view>

namespace enroll::crypto {
namespace {

constexpr auto kFromData = "EVP_PKEY_fromdata";

EvpPkeyCtxPtr importContext(const char* type)
{
    EvpPkeyCtxPtr context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
    if (context && EVP_PKEY_fromdata_init(context.get()) != 1) {
        context.reset();
    }
    return context;
}

Result<EvpPkeyPtr> keyFromParameters(EVP_PKEY_CTX* context, std::span<OSSL_PARAM> parameters)
{
    if (context == nullptr) {
        return opensslError(StationCode::CryptoFailed, "OpenSSL cannot import public keys",
                            "EVP_PKEY_CTX_new_from_name");
    }
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters.data()) != 1) {
        return opensslError(DeviceCode::EndorsementKeyUnusable, "OpenSSL does not accept the public key", kFromData);
    }
    return EvpPkeyPtr{key};
}

Result<EvpPkeyPtr> opensslKeyOf(const RsaPublicKey& key)
{
    if (key.modulus.empty() || (key.modulus.back() & std::byte{1}) == std::byte{0}) {
        return makeError(DeviceCode::EndorsementKeyUnusable, "the RSA modulus is empty or even");
    }
    auto modulus = key.modulus; // OSSL_PARAM holds numbers in the machine's byte order, PublicKey in big-endian
    if constexpr (std::endian::native == std::endian::little) {
        std::ranges::reverse(modulus);
    }
    auto exponent = key.exponent;
    std::array parameters{
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, u8(std::span{modulus}), modulus.size()),
        OSSL_PARAM_construct_uint32(OSSL_PKEY_PARAM_RSA_E, &exponent),
        OSSL_PARAM_construct_end(),
    };
    // Kept for each thread: a context imports any number of keys, and making one costs as much as an import.
    static thread_local EvpPkeyCtxPtr context;
    if (!context) {
        context = importContext("RSA");
    }
    return keyFromParameters(context.get(), parameters);
}

Result<EvpPkeyPtr> opensslKeyOf(const EccPublicKey& key)
{
    const auto size = coordinateSize(key.curve);
    if (size == 0 || key.x.size() != size || key.y.size() != size) {
        return makeError(DeviceCode::EndorsementKeyUnusable, "the point does not have the size of its curve");
    }
    constexpr std::array kUncompressed{std::byte{4}};
    auto point = concat({kUncompressed, key.x, key.y});
    std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char*>(opensslCurveName(key.curve)), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end(),
    };
    return keyFromParameters(importContext("EC").get(), parameters);
}

Result<BignumPtr> numberOf(const EVP_PKEY* key, const char* name)
{
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1) {
        return opensslError(DeviceCode::EndorsementKeyUnusable, "a number of the key is missing",
                            "EVP_PKEY_get_bn_param");
    }
    return BignumPtr{number};
}

/// The number in \p size bytes, padded with zeros on the left.
Bytes bigEndianOf(const BIGNUM* number, std::size_t size)
{
    Bytes bytes(size);
    BN_bn2binpad(number, u8(std::span{bytes}), static_cast<int>(size));
    return bytes;
}

Result<PublicKey> rsaKeyFrom(const EVP_PKEY* key)
{
    TRY_ASSIGN(const auto modulus, numberOf(key, OSSL_PKEY_PARAM_RSA_N));
    TRY_ASSIGN(const auto exponent, numberOf(key, OSSL_PKEY_PARAM_RSA_E));
    const auto value = BN_get_word(exponent.get());
    if (value > std::numeric_limits<std::uint32_t>::max()) {
        return makeError(DeviceCode::EndorsementKeyUnusable, "the RSA exponent is longer than 32 bits");
    }
    return PublicKey{RsaPublicKey{bigEndianOf(modulus.get(), static_cast<std::size_t>(BN_num_bytes(modulus.get()))),
                                  static_cast<std::uint32_t>(value)}};
}

/// The curve of a key. OpenSSL names it as the key was made: "prime256v1" and "P-256" are the same curve.
Result<EccCurve> curveFrom(const EVP_PKEY* key)
{
    std::array<char, 64> name{};
    if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(), nullptr) != 1) {
        return opensslError(DeviceCode::EndorsementKeyUnusable, "the key names no curve",
                            "EVP_PKEY_get_utf8_string_param");
    }
    const std::string_view text{name.data()};
    if (text == "prime256v1" || text == "P-256") {
        return EccCurve::NistP256;
    }
    if (text == "secp384r1" || text == "P-384") {
        return EccCurve::NistP384;
    }
    if (text == "secp521r1" || text == "P-521") {
        return EccCurve::NistP521;
    }
    return makeError(DeviceCode::EndorsementKeyUnusable, "the curve " + std::string{text} + " is not supported");
}

Result<PublicKey> eccKeyFrom(const EVP_PKEY* key)
{
    TRY_ASSIGN(const auto curve, curveFrom(key));
    TRY_ASSIGN(const auto x, numberOf(key, OSSL_PKEY_PARAM_EC_PUB_X));
    TRY_ASSIGN(const auto y, numberOf(key, OSSL_PKEY_PARAM_EC_PUB_Y));
    const auto size = coordinateSize(curve);
    return PublicKey{EccPublicKey{curve, bigEndianOf(x.get(), size), bigEndianOf(y.get(), size)}};
}

} // namespace

const char* opensslCurveName(EccCurve curve) noexcept
{
    switch (curve) {
    case EccCurve::NistP256:
        return "P-256";
    case EccCurve::NistP384:
        return "P-384";
    case EccCurve::NistP521:
        return "P-521";
    }
    return "";
}

Result<EvpPkeyPtr> opensslKey(const PublicKey& key)
{
    return std::visit([](const auto& kind) { return opensslKeyOf(kind); }, key);
}

Result<PublicKey> publicKeyFrom(const EVP_PKEY* key)
{
    if (EVP_PKEY_is_a(key, "RSA") == 1) {
        return rsaKeyFrom(key);
    }
    if (EVP_PKEY_is_a(key, "EC") == 1) {
        return eccKeyFrom(key);
    }
    return makeError(DeviceCode::EndorsementKeyUnusable, "the key is neither RSA nor on a NIST curve");
}

} // namespace enroll::crypto
