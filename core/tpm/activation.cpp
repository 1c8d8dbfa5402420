#include "core/tpm/activation.h"

#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/base/secret_bytes.h"
#include "core/tpm/key_authorization.h"
#include "core/tpm/refused_secret.h"
#include "core/tpm/response_code.h"

#include <tss2/tss2_mu.h>

#include <algorithm>

namespace enroll::tpm {
namespace {

/// The five parts of the challenge that the TPM takes, as tpm2-tss structures.
struct BlobParts {
    TPM2B_ID_OBJECT credentialBlob{};
    TPM2B_ENCRYPTED_SECRET secret{};
    TPM2B_PRIVATE duplicate{};
    TPM2B_ENCRYPTED_SECRET inSymSeed{};
    TPM2B_PUBLIC idKeyPublic{};
};

/// Unmarshals \p bytes into \p part. Bytes left over are an error: the challenge is not what it claims to be.
template <class T>
Result<void> unmarshal(TSS2_RC (*function)(const uint8_t*, size_t, size_t*, T*), ByteView bytes, T& part,
                       std::string_view name)
{
    std::size_t offset = 0;
    if (function(u8(bytes), bytes.size(), &offset, &part) != TSS2_RC_SUCCESS || offset != bytes.size()) {
        return makeError(CloudCode::AnswerMalformed,
                         "the " + std::string{name} + " of the challenge cannot be read as a TPM structure");
    }
    return {};
}

Result<BlobParts> partsOf(const attestation::ActivationBlob& blob)
{
    BlobParts parts;
    TRY(unmarshal(Tss2_MU_TPM2B_ID_OBJECT_Unmarshal, blob.credentialBlob, parts.credentialBlob, "credential"));
    TRY(unmarshal(Tss2_MU_TPM2B_ENCRYPTED_SECRET_Unmarshal, blob.encryptedSecret, parts.secret, "encrypted secret"));
    TRY(unmarshal(Tss2_MU_TPM2B_PRIVATE_Unmarshal, blob.duplicate, parts.duplicate, "duplicate"));
    TRY(unmarshal(Tss2_MU_TPM2B_ENCRYPTED_SECRET_Unmarshal, blob.inSymSeed, parts.inSymSeed, "seed"));
    TRY(unmarshal(Tss2_MU_TPM2B_PUBLIC_Unmarshal, blob.idKeyPublic, parts.idKeyPublic, "public area"));
    return parts;
}

Result<void> requireAccepted(EsysContext& context, TSS2_RC code, std::string_view operation)
{
    if (code != TSS2_RC_SUCCESS) {
        return refusalOfSecret(context, context.errorOf(code, operation), code);
    }
    return {};
}

/// True if the TPM refused the HMAC of the policy session, whose key is empty: no password can be wrong there.
///
/// tpm2-tss computes this HMAC, as that of the salted session, over the names of both keys. A TPM that holds one of
/// them under another name, because a key was exchanged or its public area altered, computes another HMAC.
bool refusesNames(TSS2_RC code, const KeyAuthorization& authorization) noexcept
{
    constexpr unsigned kSessionOfTheKey = 2;
    const auto refusal = decodeResponseCode(code);
    return authorization.byPolicy() && refusal.about == ResponseCode::About::Session &&
           refusal.index == kSessionOfTheKey;
}

/// Moves the secret into memory that is wiped, and wipes the library's copy: Esys_Free() does not.
Result<SecretBytes> takeSecret(EsysPtr<TPM2B_DIGEST> digest)
{
    const auto bytes = std::as_writable_bytes(std::span{digest->buffer, digest->size});
    auto secret = SecretBytes::copyOf(bytes);
    wipeMemory(bytes);
    return secret;
}

Result<SecretBytes> activateCredential(EsysContext& context, const TpmObject& endorsementKey,
                                       const TpmObject& storageRootKey, const BlobParts& parts, SaltedSession& session,
                                       const attestation::TpmState& state)
{
    constexpr unsigned kThird = 3;
    TRY(requirePasswordIsFree(context, storageRootKey.area, state, "the storage root key"));
    TRY_ASSIGN(const auto covered, session.encrypting());
    auto opened = KeyAuthorization::open(context, endorsementKey, state);
    if (!opened && !std::holds_alternative<TssCode>(opened.error().source)) {
        TRY(readAreaAgain(context, endorsementKey, session)); // before the key is blamed: the line may have altered it
    }
    TRY_ASSIGN(auto authorization, std::move(opened));
    TRY(authorization.closeWithCommand(context));
    TPM2B_DIGEST* secret = nullptr;
    // The storage root key stands in the ADMIN role. Its empty password is enough: provideStorageRootKey() gives out no other.
    const auto activated = Esys_ActivateCredential(
        context.get(), storageRootKey.handle.get(), endorsementKey.handle.get(), ESYS_TR_PASSWORD,
        authorization.session(), covered, &parts.credentialBlob, &parts.secret, &secret);
    EsysPtr<TPM2B_DIGEST> owned{secret};
    auto accepted = checkInSession(context, activated, "TPM2_ActivateCredential", kThird);
    if (!accepted && refusesNames(activated, authorization)) {
        return recoded(std::move(accepted).error(), DeviceCode::AnswersChanged);
    }
    if (!accepted) {
        return refusalOfSecret(context, std::move(accepted).error(), activated);
    }
    TRY_ASSIGN(auto taken, takeSecret(std::move(owned))); // before anything that can fail and leave it unwiped
    TRY(authorization.closed());
    return taken;
}

/// TPM2_Import of the HMAC key. \p innerKey undoes the inner wrapper (AES-CFB), the seed the outer one.
/// Error D-131 if \p innerKey is not an AES-128 or AES-256 key, or the TPM refuses.
Result<EsysPtr<TPM2B_PRIVATE>> import(EsysContext& context, const TpmObject& storageRootKey, ByteView innerKey,
                                      const BlobParts& parts)
{
    TPM2B_DATA encryptionKey{};
    if (innerKey.size() != 16 && innerKey.size() != 32) {
        return makeError(DeviceCode::ActivationRefused, "the activated credential is not an AES key",
                         "TPM2_ActivateCredential");
    }
    encryptionKey.size = static_cast<UINT16>(innerKey.size());
    std::ranges::copy(std::span{u8(innerKey), innerKey.size()}, encryptionKey.buffer);
    TPMT_SYM_DEF_OBJECT aesCfb{.algorithm = TPM2_ALG_AES, .keyBits = {}, .mode = {}};
    aesCfb.keyBits.aes = static_cast<UINT16>(innerKey.size() * 8);
    aesCfb.mode.aes = TPM2_ALG_CFB;

    TPM2B_PRIVATE* imported = nullptr;
    const auto code =
        Esys_Import(context.get(), storageRootKey.handle.get(), ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE,
                    &encryptionKey, &parts.idKeyPublic, &parts.duplicate, &parts.inSymSeed, &aesCfb, &imported);
    wipeMemory(std::as_writable_bytes(std::span{encryptionKey.buffer}));
    EsysPtr<TPM2B_PRIVATE> owned{imported};
    TRY(requireAccepted(context, code, "TPM2_Import"));
    return owned;
}

} // namespace

Result<TransientHandle> activateChallenge(EsysContext& context, const TpmObject& endorsementKey,
                                          const TpmObject& storageRootKey, const attestation::ActivationBlob& blob,
                                          SaltedSession& session, const attestation::TpmState& state)
{
    TRY_ASSIGN(const auto parts, partsOf(blob));
    TRY_ASSIGN(const auto innerKey, activateCredential(context, endorsementKey, storageRootKey, parts, session, state));
    TRY_ASSIGN(const auto imported, import(context, storageRootKey, innerKey.view(), parts));

    ESYS_TR loaded = ESYS_TR_NONE;
    const auto code = Esys_Load(context.get(), storageRootKey.handle.get(), ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                ESYS_TR_NONE, imported.get(), &parts.idKeyPublic, &loaded);
    TRY(requireAccepted(context, code, "TPM2_Load"));
    return TransientHandle{context, loaded, OnRelease::Flush};
}

Result<Bytes> hmacOf(EsysContext& context, const TransientHandle& idKey, ByteView message)
{
    TPM2B_MAX_BUFFER buffer{};
    buffer.size = static_cast<UINT16>(message.size());
    std::ranges::copy(std::span{u8(message), message.size()}, buffer.buffer);
    TPM2B_DIGEST* signature = nullptr;
    // The key's userWithAuth is set and its password empty, so that a password session authorises it.
    const auto code = Esys_HMAC(context.get(), idKey.get(), ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &buffer,
                                TPM2_ALG_SHA256, &signature);
    const EsysPtr<TPM2B_DIGEST> owned{signature};
    TRY(context.check(code, "TPM2_HMAC"));
    return toBytes(std::as_bytes(std::span{owned->buffer, owned->size}));
}

} // namespace enroll::tpm
