#include "core/attestation/public_area.h"
#include "core/base/device_code.h"
#include "core/crypto/aes_cfb.h"
#include "core/crypto/hmac.h"
#include "core/crypto/kdf.h"
#include "core/crypto/oaep.h"
#include "tests/support/fake_device_tpm.h"

namespace enroll::test {
namespace {

using namespace attestation;

Error refusal(std::string what)
{
    return makeError(DeviceCode::ActivationRefused, std::move(what), "software TPM of the tests");
}

Result<ByteView> content(ByteView tpm2b, std::string_view field)
{
    ByteReader reader{tpm2b};
    TRY_ASSIGN(const auto inside, reader.sized(4096, field));
    TRY(reader.requireEnd(field));
    return inside;
}

unsigned aesBits(const PublicArea& area)
{
    const auto* rsa = std::get_if<RsaParameters>(&area.parameters);
    return rsa != nullptr ? rsa->symmetric->keyBits : std::get<EccParameters>(area.parameters).symmetric->keyBits;
}

/// Takes off an outer wrapper: integrity first, as the TPM does, then decryption.
Result<SecretBytes> unwrap(const DeviceKey& parent, std::string_view label, ByteView encryptedSecret, ByteView wrapped,
                           ByteView name)
{
    const auto hash = parent.area.nameAlgorithm;
    TRY_ASSIGN(const auto secret, content(encryptedSecret, "secret"));
    const auto seed = crypto::recoverSeed(parent.pem, hash, label, secret);
    if (!seed.ok()) {
        return refusal("the seed does not open");
    }
    TRY_ASSIGN(const auto inside, content(wrapped, "wrapped"));
    ByteReader reader{inside};
    TRY_ASSIGN(const auto integrity, reader.sized(64, "integrity"));
    const auto bits = static_cast<unsigned>(crypto::digestSize(hash) * 8);
    TRY_ASSIGN(const auto hmacKey, crypto::kdfa(hash, seed->view(), "INTEGRITY", {}, {}, bits));
    TRY_ASSIGN(const auto hmac, crypto::hmac(hash, hmacKey.view(), {reader.rest(), name}));
    if (!equalBytes(hmac, integrity)) {
        return refusal("TPM_RC_INTEGRITY");
    }
    TRY_ASSIGN(const auto symKey, crypto::kdfa(hash, seed->view(), "STORAGE", name, {}, aesBits(parent.area)));
    return crypto::aesCfbDecrypt(symKey.view(), reader.rest());
}

Result<PublicArea> importableObject(const ActivationBlob& blob)
{
    auto area = parsePublic(blob.idKeyPublic);
    if (!area.ok() || !std::holds_alternative<HmacParameters>(area->parameters)) {
        return refusal("the object is no HMAC key");
    }
    constexpr auto kFixed = object_attribute::kFixedTpm | object_attribute::kFixedParent;
    constexpr auto kUsable = object_attribute::kSign | object_attribute::kUserWithAuth;
    if ((area->attributes & kFixed) != 0 || (area->attributes & kUsable) != kUsable) {
        return refusal("TPM_RC_ATTRIBUTES");
    }
    return area;
}

/// TPMT_SENSITIVE of an HMAC key, bound to its public area by `unique`.
Result<SecretBytes> keyOf(ByteView sensitive, const PublicArea& area)
{
    ByteReader reader{sensitive};
    TRY_ASSIGN(const auto type, reader.u16("type"));
    TRY_ASSIGN(const auto auth, reader.sized(64, "auth"));
    TRY_ASSIGN(const auto seed, reader.sized(64, "seed"));
    TRY_ASSIGN(const auto key, reader.sized(64, "key"));
    TRY_ASSIGN(const auto unique, crypto::digest(area.nameAlgorithm, {seed, key}));
    if (type != 0x0008 || !auth.empty() || reader.remaining() != 0 || !(std::get<Bytes>(area.unique) == unique)) {
        return refusal("TPM_RC_BINDING");
    }
    return SecretBytes::copyOf(key);
}

} // namespace

Result<SecretBytes> openCredential(const DeviceKeys& keys, const ActivationBlob& blob)
{
    TRY_ASSIGN(const auto srkName, objectName(keys.storageRootKey.area));
    TRY_ASSIGN(const auto identity,
               unwrap(keys.endorsementKey, "IDENTITY", blob.encryptedSecret, blob.credentialBlob, srkName));
    const auto secret = content(identity.view(), "credential");
    if (!secret.ok()) {
        return refusal("TPM_RC_SIZE");
    }
    return SecretBytes::copyOf(*secret);
}

Result<SecretBytes> openDuplicate(const DeviceKeys& keys, const ActivationBlob& blob, ByteView innerKey)
{
    TRY_ASSIGN(const auto area, importableObject(blob));
    TRY_ASSIGN(const auto name, objectName(area));
    TRY_ASSIGN(const auto outer, unwrap(keys.storageRootKey, "DUPLICATE", blob.inSymSeed, blob.duplicate, name));
    TRY_ASSIGN(const auto plain, crypto::aesCfbDecrypt(innerKey, outer.view()));
    ByteReader reader{plain.view()};
    TRY_ASSIGN(const auto integrity, reader.sized(64, "inner integrity"));
    const auto sensitive2b = reader.rest();
    TRY_ASSIGN(const auto digest, crypto::digest(area.nameAlgorithm, {sensitive2b, name}));
    if (!equalBytes(digest, integrity)) {
        return refusal("TPM_RC_INTEGRITY");
    }
    TRY_ASSIGN(const auto sensitive, content(sensitive2b, "sensitive"));
    return keyOf(sensitive, area);
}

} // namespace enroll::test
