#include "core/attestation/test_attestation.h"

#include "core/attestation/activation_challenge.h"
#include "core/crypto/base32.h"
#include "core/crypto/digest.h"
#include "core/crypto/sas_token.h"

namespace enroll::attestation {
namespace {

/// The id scope in the string that the TPM signs in the test. No service has this one, so that the signature cannot be
/// used to sign in anywhere.
constexpr std::string_view kStationScope = "0ne00000000";
/// The lifetime that device SDKs give their tokens.
constexpr std::chrono::hours kTokenLifetime{1};

/// The string that a device signs in the field: its registration resource and an expiry. Its length is far below the
/// 1024 bytes that one TPM2_HMAC takes.
Result<std::string> stringToSign(const PublicArea& endorsementKey, UtcTime now)
{
    TRY_ASSIGN(const auto digest, crypto::digest(crypto::HashAlgorithm::Sha256, {marshalPublic(endorsementKey)}));
    const auto id = crypto::toBase32Lower(digest);
    const auto resource = crypto::percentEncode(std::string{kStationScope} + "/registrations/" + id);
    const auto expiry = std::chrono::floor<std::chrono::seconds>(now + kTokenLifetime).time_since_epoch().count();
    return crypto::sasStringToSign(resource, std::to_string(expiry));
}

} // namespace

Result<void> testAttestation(DeviceTpm& tpm, const PublicArea& endorsementKey, const PublicArea& storageRootKey,
                             UtcTime now)
{
    TRY_ASSIGN(const auto challenge, makeActivationChallenge(endorsementKey, storageRootKey));
    TRY_ASSIGN(const auto message, stringToSign(endorsementKey, now));

    TRY(tpm.activate(challenge.blob));
    TRY_ASSIGN(const auto answer, tpm.sign(asBytes(message)));
    return requireActivationAnswer(challenge.idKey.view(), asBytes(message), answer);
}

} // namespace enroll::attestation
