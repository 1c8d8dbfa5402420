#include "core/attestation/activation_challenge.h"

#include "core/attestation/endorsement_key.h"
#include "core/attestation/parent_shape.h"
#include "core/attestation/storage_root_key.h"
#include "core/attestation/tpm_algorithm.h"
#include "core/base/assert.h"
#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/crypto/aes_cfb.h"
#include "core/crypto/hmac.h"
#include "core/crypto/kdf.h"
#include "core/crypto/oaep.h"
#include "core/crypto/random.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace enroll::attestation {
namespace {

using crypto::HashAlgorithm;

constexpr std::size_t kInnerKeySize = 16;
constexpr std::size_t kIdKeySize = 32;

/// Concatenates secrets. The size is known before the first copy, so that no reallocation leaves an unwiped copy
/// behind.
SecretBytes joinedSecret(std::initializer_list<ByteView> parts)
{
    std::size_t size = 0;
    for (const auto part : parts) {
        size += part.size();
    }
    SecretBytes out(size);
    auto at = out.writable().begin();
    for (const auto part : parts) {
        at = std::ranges::copy(part, at).out;
    }
    return out;
}

SecretBytes sizedSecret(ByteView content)
{
    return joinedSecret({ByteWriter{}.u16(static_cast<std::uint16_t>(content.size())).view(), content});
}

Bytes sized(ByteView content)
{
    return std::move(ByteWriter{}.sized(content)).take();
}

/// Shares a seed with the owner of \p area: for RSA the given seed, OAEP-encrypted; for ECC a new one from ephemeral
/// ECDH.
Result<crypto::SharedSeed> shareSeedWith(const PublicArea& area, std::string_view label, ByteView given)
{
    TRY_ASSIGN(const auto key, publicKeyOf(area));
    const auto* rsa = std::get_if<crypto::RsaPublicKey>(&key);
    if (rsa == nullptr) {
        return crypto::shareSeed(key, area.nameAlgorithm, label);
    }
    TRY_ASSIGN(auto secret, crypto::oaepEncrypt(*rsa, area.nameAlgorithm, label, given));
    return crypto::SharedSeed{SecretBytes::copyOf(given), std::move(secret)};
}

/// The outer wrapper, which TPM2_ActivateCredential and TPM2_Import remove in the same way: encrypt-then-MAC, with keys
/// derived from one seed. Source: TPM 2.0 Library Part 1, "Credential Protection" and "Duplication".
struct OuterWrap {
    SecretBytes symKey;
    SecretBytes hmacKey;
    Bytes cipher;
    Bytes hmac;

    /// TPM2B_ID_OBJECT or TPM2B_PRIVATE.
    [[nodiscard]] Bytes marshal() const { return sized(concat({sized(hmac), cipher})); }
};

/// \param parent  the key that \p seed is shared with; its nameAlg and symmetric algorithm are used
/// \param name    the name that the wrapper is bound to: it is an input of the key derivation and of the HMAC
/// \param plain   a TPM2B, size field included, since that is encrypted, too
Result<OuterWrap> wrapFor(const PublicArea& parent, ByteView seed, ByteView name, ByteView plain)
{
    const auto hash = parent.nameAlgorithm;
    const auto digestBits = static_cast<unsigned>(crypto::digestSize(hash) * 8);
    OuterWrap wrap;
    TRY_ASSIGN(wrap.symKey, crypto::kdfa(hash, seed, "STORAGE", name, {}, symmetricBits(parent)));
    TRY_ASSIGN(wrap.cipher, crypto::aesCfbEncrypt(wrap.symKey.view(), plain));
    TRY_ASSIGN(wrap.hmacKey, crypto::kdfa(hash, seed, "INTEGRITY", {}, {}, digestBits));
    TRY_ASSIGN(wrap.hmac, crypto::hmac(hash, wrap.hmacKey.view(), {wrap.cipher, name}));
    return wrap;
}

/// The HMAC key as the TPM object that the device's TPM will import.
struct IdObject {
    PublicArea publicArea;
    Bytes name;
    SecretBytes sensitive; ///< TPM2B_SENSITIVE
};

/// Makes the public and the sensitive area of the HMAC key. The TPM loads it only if `unique` is the hash of seed and
/// key. Source: TPM 2.0 Library Part 2, "TPMT_SENSITIVE".
Result<IdObject> makeIdObject(const ActivationSeeds& seeds, std::uint32_t attributes)
{
    IdObject object;
    object.publicArea.attributes = attributes;
    object.publicArea.parameters = HmacParameters{};
    TRY_ASSIGN(object.publicArea.unique, crypto::sha256({seeds.objectSeed.view(), seeds.idKey.view()}));
    TRY_ASSIGN(object.name, objectName(object.publicArea));
    const auto header = ByteWriter{}.u16(alg::kKeyedHash).u16(0); // the type, and an empty authorization value
    const auto content = joinedSecret(
        {header.view(), sizedSecret(seeds.objectSeed.view()).view(), sizedSecret(seeds.idKey.view()).view()});
    object.sensitive = sizedSecret(content.view());
    return object;
}

struct InnerWrap {
    Bytes integrity;
    Bytes encSensitive;
};

/// The inner wrapper: encrypts TPM2B(hash of sensitive area and name) and the sensitive area with the inner key.
/// Source: TPM 2.0 Library Part 1, "Duplication", inner wrapping.
Result<InnerWrap> wrapInside(const IdObject& object, ByteView innerKey)
{
    InnerWrap wrap;
    TRY_ASSIGN(wrap.integrity, crypto::digest(object.publicArea.nameAlgorithm, {object.sensitive.view(), object.name}));
    const auto plain = joinedSecret({sized(wrap.integrity), object.sensitive.view()});
    TRY_ASSIGN(wrap.encSensitive, crypto::aesCfbEncrypt(innerKey, plain.view()));
    return wrap;
}

void traceCredential(ActivationTrace& trace, OuterWrap&& wrap)
{
    trace.credentialSymKey = std::move(wrap.symKey);
    trace.credentialHmacKey = std::move(wrap.hmacKey);
    trace.encIdentity = std::move(wrap.cipher);
    trace.credentialHmac = std::move(wrap.hmac);
}

void traceDuplication(ActivationTrace& trace, IdObject&& object, InnerWrap&& inner, OuterWrap&& outer)
{
    trace.objectName = std::move(object.name);
    trace.sensitive = std::move(object.sensitive);
    trace.innerIntegrity = std::move(inner.integrity);
    trace.encSensitive = std::move(inner.encSensitive);
    trace.duplicationSymKey = std::move(outer.symKey);
    trace.duplicationHmacKey = std::move(outer.hmacKey);
    trace.dupSensitive = std::move(outer.cipher);
    trace.duplicationHmac = std::move(outer.hmac);
}

/// Fills the first two parts of the blob: the inner key as a credential for the endorsement key, bound to \p srkName.
Result<void> addCredential(const PublicArea& endorsementKey, ByteView srkName, const ActivationSeeds& seeds,
                           ActivationBlob& blob, ActivationTrace* trace)
{
    TRY_ASSIGN(const auto seed, shareSeedWith(endorsementKey, "IDENTITY", seeds.credentialSeed.view()));
    TRY_ASSIGN(auto wrap,
               wrapFor(endorsementKey, seed.seed.view(), srkName, sizedSecret(seeds.innerKey.view()).view()));
    blob.credentialBlob = wrap.marshal();
    blob.encryptedSecret = sized(seed.encryptedSecret);
    if (trace != nullptr) {
        traceCredential(*trace, std::move(wrap));
    }
    return {};
}

/// Fills the other four parts of the blob: the HMAC key, wrapped with the inner key and then for the storage root key.
Result<void> addDuplicate(const PublicArea& storageRootKey, const ActivationSeeds& seeds, std::uint32_t attributes,
                          ActivationBlob& blob, ActivationTrace* trace)
{
    TRY_ASSIGN(auto object, makeIdObject(seeds, attributes));
    TRY_ASSIGN(auto inner, wrapInside(object, seeds.innerKey.view()));
    TRY_ASSIGN(const auto seed, shareSeedWith(storageRootKey, "DUPLICATE", seeds.duplicationSeed.view()));
    TRY_ASSIGN(auto outer, wrapFor(storageRootKey, seed.seed.view(), object.name, inner.encSensitive));
    blob.duplicate = outer.marshal();
    blob.inSymSeed = sized(seed.encryptedSecret);
    blob.idKeyPublic = marshalPublic(object.publicArea);
    blob.encryptedUri = sized({}); // clients read the size field; none reads the content
    if (trace != nullptr) {
        traceDuplication(*trace, std::move(object), std::move(inner), std::move(outer));
    }
    return {};
}

/// Bounds of the parts, for keys up to RSA-4096 and digests up to SHA-512. The URI part is empty in every captured
/// answer of the public service; 4096 bytes are more than any URI needs.
constexpr std::size_t kMostIdObject = 2 + 64 + 2 + 64;
constexpr std::size_t kMostSecret = 512;
constexpr std::size_t kMostPrivate = 1024;
constexpr std::size_t kMostPublic = 256;
constexpr std::size_t kMostUri = 4096;

Result<Bytes> sizedPart(ByteReader& reader, std::size_t most, std::string_view field)
{
    TRY_ASSIGN(const auto content, reader.sized(most, field));
    return std::move(ByteWriter{}.sized(content)).take();
}

Result<ActivationBlob> readBlob(ByteView bytes)
{
    ByteReader reader{bytes};
    ActivationBlob blob;
    TRY_ASSIGN(blob.credentialBlob, sizedPart(reader, kMostIdObject, "credential blob"));
    TRY_ASSIGN(blob.encryptedSecret, sizedPart(reader, kMostSecret, "encrypted secret"));
    TRY_ASSIGN(blob.duplicate, sizedPart(reader, kMostPrivate, "duplicate"));
    TRY_ASSIGN(blob.inSymSeed, sizedPart(reader, kMostSecret, "symmetric seed"));
    TRY_ASSIGN(blob.idKeyPublic, sizedPart(reader, kMostPublic, "public area of the id key"));
    TRY_ASSIGN(blob.encryptedUri, sizedPart(reader, kMostUri, "encrypted URI"));
    TRY(reader.requireEnd("activation blob"));
    return blob;
}

} // namespace

Result<ActivationSeeds> ActivationSeeds::random(const PublicArea& endorsementKey, const PublicArea& storageRootKey)
{
    const std::array sizes{kInnerKeySize, kIdKeySize, crypto::digestSize(HashAlgorithm::Sha256),
                           crypto::digestSize(endorsementKey.nameAlgorithm),
                           crypto::digestSize(storageRootKey.nameAlgorithm)};
    // One call for all seeds: a call of the generator costs more than the few bytes it makes.
    TRY_ASSIGN(const auto drawn, crypto::randomSecret(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0})));
    auto rest = drawn.view();
    const auto take = [&rest](std::size_t size) {
        auto part = SecretBytes::copyOf(rest.first(size));
        rest = rest.subspan(size);
        return part;
    };
    return ActivationSeeds{take(sizes[0]), take(sizes[1]), take(sizes[2]), take(sizes[3]), take(sizes[4])};
}

Result<ActivationChallenge> makeActivationChallenge(const PublicArea& endorsementKey, const PublicArea& storageRootKey,
                                                    const ActivationSeeds& seeds, std::uint32_t attributes,
                                                    ActivationTrace* trace)
{
    ENROLL_ASSERT(seeds.innerKey.size() == kInnerKeySize, "an inner key of the size of the cipher");
    TRY(requireEndorsementKeyShape(endorsementKey));
    TRY(requireStorageParentShape(storageRootKey));
    TRY_ASSIGN(const auto srkName, objectName(storageRootKey));
    if (trace != nullptr) {
        TRY_ASSIGN(trace->ekName, objectName(endorsementKey));
        trace->srkName = srkName;
    }

    ActivationChallenge challenge;
    TRY(addCredential(endorsementKey, srkName, seeds, challenge.blob, trace));
    TRY(addDuplicate(storageRootKey, seeds, attributes, challenge.blob, trace));
    challenge.idKey = SecretBytes::copyOf(seeds.idKey.view());
    return challenge;
}

Result<ActivationChallenge> makeActivationChallenge(const PublicArea& endorsementKey, const PublicArea& storageRootKey)
{
    TRY_ASSIGN(const auto seeds, ActivationSeeds::random(endorsementKey, storageRootKey));
    return makeActivationChallenge(endorsementKey, storageRootKey, seeds);
}

Bytes ActivationBlob::marshal() const
{
    return concat({credentialBlob, encryptedSecret, duplicate, inSymSeed, idKeyPublic, encryptedUri});
}

Result<ActivationBlob> parseActivationBlob(ByteView bytes)
{
    return prefixed("authenticationKey: ", recoded(readBlob(bytes), CloudCode::AnswerMalformed));
}

Result<void> requireActivationAnswer(ByteView idKey, ByteView message, ByteView answer)
{
    TRY_ASSIGN(const auto wanted, crypto::hmac(crypto::HashAlgorithm::Sha256, idKey, {message}));
    if (!equalInConstantTime(wanted, answer)) {
        return makeError(DeviceCode::AttestationWrong, "the signature was not made with the key inside the challenge",
                         "TPM2_HMAC");
    }
    return {};
}

} // namespace enroll::attestation
