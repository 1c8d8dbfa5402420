#include "tests/support/device_keys.h"

#include "core/base/assert.h"
#include "core/crypto/openssl_ptr.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>

namespace enroll::test {
namespace {

using namespace attestation;

constexpr std::uint32_t kEndorsementAttributes = 0x000300B2; // TCG EK Credential Profile, template L-1
constexpr std::uint32_t kStorageAttributes = 0x00030472;

crypto::EvpPkeyPtr generate(KeyKind kind)
{
    switch (kind) {
    case KeyKind::Rsa2048:
        return crypto::EvpPkeyPtr{EVP_RSA_gen(2048)};
    case KeyKind::EccP256:
        return crypto::EvpPkeyPtr{EVP_EC_gen("P-256")};
    case KeyKind::EccP384:
        return crypto::EvpPkeyPtr{EVP_EC_gen("P-384")};
    }
    return {};
}

std::string pemOf(EVP_PKEY* key)
{
    const crypto::BioPtr out{BIO_new(BIO_s_mem())};
    PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

Bytes number(EVP_PKEY* key, const char* name, std::size_t size)
{
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key, name, &value);
    const crypto::BignumPtr owner{value};
    Bytes bytes(size);
    BN_bn2binpad(value, u8(std::span{bytes}), static_cast<int>(size));
    return bytes;
}

PublicArea areaOf(EVP_PKEY* key, KeyKind kind)
{
    PublicArea area;
    if (kind == KeyKind::Rsa2048) {
        RsaParameters rsa;
        rsa.symmetric = SymmetricParent{128};
        area.parameters = rsa;
        area.unique = number(key, OSSL_PKEY_PARAM_RSA_N, 256);
        return area;
    }
    const bool large = kind == KeyKind::EccP384;
    const std::size_t size = large ? 48 : 32;
    EccParameters ecc;
    ecc.symmetric = SymmetricParent{static_cast<std::uint16_t>(large ? 256 : 128)};
    ecc.curve = large ? 4 : 3;
    area.nameAlgorithm = large ? crypto::HashAlgorithm::Sha384 : crypto::HashAlgorithm::Sha256;
    area.parameters = ecc;
    area.unique = EccPoint{number(key, OSSL_PKEY_PARAM_EC_PUB_X, size), number(key, OSSL_PKEY_PARAM_EC_PUB_Y, size)};
    return area;
}

DeviceKey makeKey(KeyKind kind, std::uint32_t attributes)
{
    const auto key = generate(kind);
    ENROLL_ASSERT(key != nullptr, "a key that OpenSSL made");
    DeviceKey made{pemOf(key.get()), areaOf(key.get(), kind)};
    made.area.attributes = attributes;
    return made;
}

/// PolicySecret(TPM_RH_ENDORSEMENT), PolicyA of the TCG profile, needs no right value here: nobody opens a session.
Bytes somePolicy(crypto::HashAlgorithm hash)
{
    return Bytes(crypto::digestSize(hash), std::byte{0x83});
}

} // namespace

DeviceKey makeEndorsementKey(KeyKind kind)
{
    auto key = makeKey(kind, kEndorsementAttributes);
    key.area.authPolicy = somePolicy(key.area.nameAlgorithm);
    return key;
}

DeviceKey makeStorageRootKey(KeyKind kind)
{
    return makeKey(kind, kStorageAttributes);
}

DeviceKeys makeDeviceKeys(KeyKind endorsementKey, KeyKind storageRootKey)
{
    return {makeEndorsementKey(endorsementKey), makeStorageRootKey(storageRootKey)};
}

} // namespace enroll::test
