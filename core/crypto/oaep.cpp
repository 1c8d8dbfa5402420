#include "core/crypto/oaep.h"

#include "core/base/station_code.h"
#include "core/crypto/kdf.h"
#include "core/crypto/openssl_digest.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_key.h"
#include "core/crypto/openssl_pem.h"
#include "core/crypto/random.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <array>

namespace enroll::crypto {
namespace {

constexpr auto kLongestCoordinate = std::size_t{66};

/// The parameters of one RSAES-OAEP operation, alive as long as the object.
class OaepParameters {
public:
    OaepParameters(HashAlgorithm algorithm, std::string_view label)
        : m_label(label), m_name(const_cast<char*>(opensslDigestName(algorithm))),
          m_parameters{
              OSSL_PARAM_construct_utf8_string(OSSL_ASYM_CIPHER_PARAM_PAD_MODE, m_mode.data(), 0),
              OSSL_PARAM_construct_utf8_string(OSSL_ASYM_CIPHER_PARAM_OAEP_DIGEST, m_name, 0),
              OSSL_PARAM_construct_utf8_string(OSSL_ASYM_CIPHER_PARAM_MGF1_DIGEST, m_name, 0),
              // std::string keeps a NUL behind its characters: the one the TPM wants as part of the label.
              OSSL_PARAM_construct_octet_string(OSSL_ASYM_CIPHER_PARAM_OAEP_LABEL, m_label.data(), m_label.size() + 1),
              OSSL_PARAM_construct_end(),
          }
    {}
    OaepParameters(const OaepParameters&) = delete;
    OaepParameters& operator=(const OaepParameters&) = delete;

    [[nodiscard]] const OSSL_PARAM* get() const noexcept { return m_parameters.data(); }

private:
    std::string m_mode = OSSL_PKEY_RSA_PAD_MODE_OAEP;
    std::string m_label;
    char* m_name;
    std::array<OSSL_PARAM, 5> m_parameters;
};

EvpPkeyCtxPtr contextFor(EVP_PKEY* key)
{
    return EvpPkeyCtxPtr{EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)};
}

/// The ECDH shared value: x of the product of \p own private key and \p peer, padded to the curve's size by OpenSSL.
Result<SecretBytes> sharedX(EVP_PKEY* own, EVP_PKEY* peer)
{
    const auto context = contextFor(own);
    SecretBytes shared{kLongestCoordinate};
    std::size_t size = shared.size();
    if (!context || EVP_PKEY_derive_init(context.get()) != 1 || EVP_PKEY_derive_set_peer(context.get(), peer) != 1 ||
        EVP_PKEY_derive(context.get(), u8(shared.writable()), &size) != 1) {
        return opensslError(StationCode::CryptoFailed, "the ECDH key agreement failed", "EVP_PKEY_derive");
    }
    return SecretBytes::copyOf(shared.view().first(size));
}

/// The order of the two x coordinates is fixed: first the ephemeral key (PartyUInfo), then the static one (PartyVInfo).
Result<SecretBytes> seedFromPoint(HashAlgorithm algorithm, std::string_view label, ByteView shared,
                                  const EccPublicKey& ephemeral, const EccPublicKey& fixed)
{
    const auto bits = static_cast<unsigned>(digestSize(algorithm) * 8);
    return kdfe(algorithm, shared, label, ephemeral.x, fixed.x, bits);
}

Result<SharedSeed> shareWith(const RsaPublicKey& key, HashAlgorithm algorithm, std::string_view label)
{
    TRY_ASSIGN(auto seed, randomSecret(digestSize(algorithm)));
    TRY_ASSIGN(auto encrypted, oaepEncrypt(key, algorithm, label, seed.view()));
    return SharedSeed{std::move(seed), std::move(encrypted)};
}

Result<SharedSeed> shareWith(const EccPublicKey& key, HashAlgorithm algorithm, std::string_view label)
{
    TRY_ASSIGN(const auto peer, opensslKey(key));
    const EvpPkeyPtr own{EVP_EC_gen(opensslCurveName(key.curve))};
    if (!own) {
        return opensslError(StationCode::CryptoFailed, "the ephemeral key could not be made", "EVP_EC_gen");
    }
    TRY_ASSIGN(const auto shared, sharedX(own.get(), peer.get()));
    TRY_ASSIGN(const auto made, publicKeyFrom(own.get()));
    const auto& ephemeral = std::get<EccPublicKey>(made);
    TRY_ASSIGN(auto seed, seedFromPoint(algorithm, label, shared.view(), ephemeral, key));
    ByteWriter point;
    point.sized(ephemeral.x).sized(ephemeral.y);
    return SharedSeed{std::move(seed), std::move(point).take()};
}

Result<SecretBytes> oaepDecrypt(EVP_PKEY* key, HashAlgorithm algorithm, std::string_view label, ByteView encrypted)
{
    const OaepParameters parameters{algorithm, label};
    const auto context = contextFor(key);
    SecretBytes seed{static_cast<std::size_t>(EVP_PKEY_get_size(key))};
    std::size_t size = seed.size();
    if (!context || EVP_PKEY_decrypt_init_ex(context.get(), parameters.get()) != 1 ||
        EVP_PKEY_decrypt(context.get(), u8(seed.writable()), &size, u8(encrypted), encrypted.size()) != 1) {
        return opensslError(StationCode::CryptoFailed, "the encrypted secret cannot be decrypted", "EVP_PKEY_decrypt");
    }
    return SecretBytes::copyOf(seed.view().first(size));
}

Result<EccPublicKey> pointFrom(ByteView encoded, EccCurve curve)
{
    ByteReader reader{encoded};
    auto x = reader.sized(kLongestCoordinate, "ephemeral x"); // TPMS_ECC_POINT: two TPM2B_ECC_PARAMETER
    auto y = reader.sized(kLongestCoordinate, "ephemeral y");
    if (!x.ok() || !y.ok() || reader.remaining() != 0) {
        return makeError(StationCode::CryptoFailed, "the encrypted secret is not an ECC point");
    }
    return EccPublicKey{curve, toBytes(*x), toBytes(*y)};
}

Result<SecretBytes> ecdhRecover(EVP_PKEY* key, HashAlgorithm algorithm, std::string_view label, ByteView encrypted)
{
    TRY_ASSIGN(const auto own, publicKeyFrom(key));
    const auto& fixed = std::get<EccPublicKey>(own);
    TRY_ASSIGN(const auto ephemeral, pointFrom(encrypted, fixed.curve));
    // OpenSSL checks that the point is on the curve. Without that check a sender could learn the private key from the
    // answers to points of other curves (invalid-curve attack).
    const auto peer = opensslKey(ephemeral);
    if (!peer.ok()) {
        return makeError(StationCode::CryptoFailed, "the ephemeral point is not on the curve");
    }
    TRY_ASSIGN(const auto shared, sharedX(key, peer->get()));
    return seedFromPoint(algorithm, label, shared.view(), ephemeral, fixed);
}

} // namespace

Result<Bytes> oaepEncrypt(const RsaPublicKey& key, HashAlgorithm algorithm, std::string_view label, ByteView seed)
{
    TRY_ASSIGN(const auto handle, opensslKey(key));
    const OaepParameters parameters{algorithm, label};
    const auto context = contextFor(handle.get());
    Bytes encrypted(key.modulus.size());
    std::size_t size = encrypted.size();
    if (!context || EVP_PKEY_encrypt_init_ex(context.get(), parameters.get()) != 1 ||
        EVP_PKEY_encrypt(context.get(), u8(std::span{encrypted}), &size, u8(seed), seed.size()) != 1) {
        return opensslError(StationCode::CryptoFailed, "RSA-OAEP failed", "EVP_PKEY_encrypt");
    }
    return encrypted;
}

Result<SharedSeed> shareSeed(const PublicKey& key, HashAlgorithm algorithm, std::string_view label)
{
    return std::visit([&](const auto& kind) { return shareWith(kind, algorithm, label); }, key);
}

Result<SecretBytes> recoverSeed(std::string_view pem, HashAlgorithm algorithm, std::string_view label,
                                ByteView encryptedSecret)
{
    TRY_ASSIGN(const auto key, privateKeyFromPem(asBytes(pem)));
    return EVP_PKEY_is_a(key.get(), "RSA") == 1 ? oaepDecrypt(key.get(), algorithm, label, encryptedSecret)
                                                : ecdhRecover(key.get(), algorithm, label, encryptedSecret);
}

} // namespace enroll::crypto
