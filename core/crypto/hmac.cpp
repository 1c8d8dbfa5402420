#include "core/crypto/hmac.h"

#include "core/base/station_code.h"
#include "core/crypto/openssl_digest.h"
#include "core/crypto/openssl_error.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <array>

namespace enroll::crypto {
namespace {

constexpr auto kOperation = "EVP_MAC";

EVP_MAC* fetchedHmac() noexcept
{
    static auto* const mac = EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr);
    return mac;
}

/// The address to give EVP_MAC_init(): never null, because null means "keep the key that was set before" there.
const unsigned char* keyAddress(ByteView key) noexcept
{
    static constexpr unsigned char kNoKey = 0;
    return key.empty() ? &kNoKey : u8(key);
}

/// An HMAC context with its hash and without a key. Setting the hash by its name is a look-up through the providers.
EvpMacCtxPtr hmacWithHash(HashAlgorithm algorithm)
{
    EvpMacCtxPtr context{EVP_MAC_CTX_new(fetchedHmac())};
    // OSSL_PARAM takes a pointer to non-const for strings it only reads.
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(opensslDigestName(algorithm)), 0),
        OSSL_PARAM_construct_end()};
    if (context && EVP_MAC_CTX_set_params(context.get(), parameters.data()) != 1) {
        context.reset();
    }
    return context;
}

EvpMacCtxPtr keylessHmac(HashAlgorithm algorithm)
{
    static const auto withSha256 = hmacWithHash(HashAlgorithm::Sha256); // copied: nearly every call is HMAC-SHA256
    const bool kept = algorithm == HashAlgorithm::Sha256 && withSha256 != nullptr;
    return kept ? EvpMacCtxPtr{EVP_MAC_CTX_dup(withSha256.get())} : hmacWithHash(algorithm);
}

EvpMacCtxPtr startedHmac(HashAlgorithm algorithm, ByteView key)
{
    auto context = keylessHmac(algorithm);
    if (context && EVP_MAC_init(context.get(), keyAddress(key), key.size(), nullptr) != 1) {
        context.reset();
    }
    return context;
}

} // namespace

Result<Bytes> hmac(HashAlgorithm algorithm, ByteView key, std::initializer_list<ByteView> parts)
{
    const auto context = startedHmac(algorithm, key);
    if (!context) {
        return opensslError(StationCode::CryptoFailed, "HMAC is not available", kOperation);
    }
    for (const auto part : parts) {
        if (EVP_MAC_update(context.get(), u8(part), part.size()) != 1) {
            return opensslError(StationCode::CryptoFailed, "HMAC failed", kOperation);
        }
    }
    Bytes result(digestSize(algorithm));
    std::size_t size = 0;
    if (EVP_MAC_final(context.get(), u8(std::span{result}), &size, result.size()) != 1 || size != result.size()) {
        return opensslError(StationCode::CryptoFailed, "HMAC failed", kOperation);
    }
    return result;
}

} // namespace enroll::crypto
