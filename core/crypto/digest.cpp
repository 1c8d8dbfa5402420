#include "core/crypto/digest.h"

#include "core/base/station_code.h"
#include "core/crypto/openssl_digest.h"
#include "core/crypto/openssl_error.h"

namespace enroll::crypto {
namespace {

constexpr auto kOperation = "EVP_Digest";

/// Looks the function up in OpenSSL's providers, which costs many times the hashing of a public area: call it once.
const EVP_MD* fetched(HashAlgorithm algorithm) noexcept
{
    return EVP_MD_fetch(nullptr, opensslDigestName(algorithm), nullptr);
}

} // namespace

std::size_t digestSize(HashAlgorithm algorithm) noexcept
{
    switch (algorithm) {
    case HashAlgorithm::Sha1:
        return 20;
    case HashAlgorithm::Sha256:
    case HashAlgorithm::Sm3:
        return 32;
    case HashAlgorithm::Sha384:
        return 48;
    case HashAlgorithm::Sha512:
        return 64;
    }
    return 0;
}

const char* opensslDigestName(HashAlgorithm algorithm) noexcept
{
    switch (algorithm) {
    case HashAlgorithm::Sha1:
        return "SHA1";
    case HashAlgorithm::Sha256:
        return "SHA256";
    case HashAlgorithm::Sha384:
        return "SHA384";
    case HashAlgorithm::Sha512:
        return "SHA512";
    case HashAlgorithm::Sm3:
        return "SM3";
    }
    return "";
}

const EVP_MD* opensslDigest(HashAlgorithm algorithm) noexcept
{
    static const auto* const sha1 = fetched(HashAlgorithm::Sha1);
    static const auto* const sha256 = fetched(HashAlgorithm::Sha256);
    static const auto* const sha384 = fetched(HashAlgorithm::Sha384);
    static const auto* const sha512 = fetched(HashAlgorithm::Sha512);
    static const auto* const sm3 = fetched(HashAlgorithm::Sm3);
    switch (algorithm) {
    case HashAlgorithm::Sha1:
        return sha1;
    case HashAlgorithm::Sha256:
        return sha256;
    case HashAlgorithm::Sha384:
        return sha384;
    case HashAlgorithm::Sha512:
        return sha512;
    case HashAlgorithm::Sm3:
        return sm3;
    }
    return nullptr;
}

Result<Bytes> digest(HashAlgorithm algorithm, std::initializer_list<ByteView> parts)
{
    const auto* type = opensslDigest(algorithm);
    const EvpMdCtxPtr context{EVP_MD_CTX_new()};
    if (type == nullptr || !context || EVP_DigestInit_ex2(context.get(), type, nullptr) != 1) {
        return opensslError(StationCode::CryptoFailed, "the hash function is not available", kOperation);
    }
    for (const auto part : parts) {
        if (EVP_DigestUpdate(context.get(), part.data(), part.size()) != 1) {
            return opensslError(StationCode::CryptoFailed, "hashing failed", kOperation);
        }
    }
    Bytes result(digestSize(algorithm));
    if (EVP_DigestFinal_ex(context.get(), u8(std::span{result}), nullptr) != 1) {
        return opensslError(StationCode::CryptoFailed, "hashing failed", kOperation);
    }
    return result;
}

Result<Bytes> sha256(std::initializer_list<ByteView> parts)
{
    return digest(HashAlgorithm::Sha256, parts);
}

} // namespace enroll::crypto
