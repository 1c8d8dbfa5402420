#include "core/crypto/public_key.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_key.h"

namespace enroll::crypto {
namespace {

constexpr std::size_t kLeastModulus = 2048 / 8;
constexpr std::size_t kMostModulus = 4096 / 8;
constexpr std::uint32_t kLeastExponent = 65537;

Error unusable(std::string what)
{
    return makeError(DeviceCode::EndorsementKeyUnusable, std::move(what));
}

Result<void> requireUsable(const RsaPublicKey& key)
{
    const auto& n = key.modulus;
    if (n.size() < kLeastModulus || n.size() > kMostModulus) {
        return unusable("an RSA modulus of " + std::to_string(n.size() * 8) + " bits; 2048 to 4096 are allowed");
    }
    if ((n.front() & std::byte{0x80}) == std::byte{0}) {
        return unusable("the top bit of the RSA modulus is not set");
    }
    if ((n.back() & std::byte{1}) == std::byte{0}) {
        return unusable("the RSA modulus is even");
    }
    if (key.exponent < kLeastExponent || key.exponent % 2 == 0) {
        return unusable("the RSA exponent " + std::to_string(key.exponent) + " is even or below 65537");
    }
    return {};
}

Result<void> requireUsable(const EccPublicKey& key)
{
    TRY_ASSIGN(const auto point, opensslKey(key));
    const EvpPkeyCtxPtr context{EVP_PKEY_CTX_new_from_pkey(nullptr, point.get(), nullptr)};
    if (!context) {
        return opensslError(StationCode::CryptoFailed, "OpenSSL cannot check points", "EVP_PKEY_CTX_new_from_pkey");
    }
    // The quick check skips "order times point is infinity". The NIST curves have prime order, so every point but
    // infinity passes that test.
    if (EVP_PKEY_public_check_quick(context.get()) != 1) {
        return opensslError(DeviceCode::EndorsementKeyUnusable, "the point is not a valid point of its curve",
                            "EVP_PKEY_public_check_quick");
    }
    return {};
}

} // namespace

std::size_t coordinateSize(EccCurve curve) noexcept
{
    switch (curve) {
    case EccCurve::NistP256:
        return 32;
    case EccCurve::NistP384:
        return 48;
    case EccCurve::NistP521:
        return 66;
    }
    return 0;
}

Result<void> requireUsableKey(const PublicKey& key)
{
    return std::visit([](const auto& kind) { return requireUsable(kind); }, key);
}

} // namespace enroll::crypto
