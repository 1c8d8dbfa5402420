#include "tests/core/tpm/device_tpm_steps.h"

#include "core/crypto/hmac.h"

namespace enroll::test {

Result<Answer> attest(attestation::DeviceTpm& tpm, ByteView message, const Keys& keys)
{
    TRY(tpm.connect());
    TRY(tpm.identify());
    TRY_ASSIGN(const auto endorsementKey, tpm.readEndorsementKey(keys.endorsementKey));
    TRY_ASSIGN(const auto storageRootKey, tpm.provideStorageRootKey());
    TRY_ASSIGN(const auto ekArea, attestation::parsePublic(endorsementKey.publicArea));
    TRY_ASSIGN(const auto srkArea, attestation::parsePublic(storageRootKey));
    TRY_ASSIGN(const auto challenge, attestation::makeActivationChallenge(ekArea, srkArea));
    TRY(tpm.activate(challenge.blob));
    TRY_ASSIGN(auto given, tpm.sign(message));
    TRY(tpm.readProtected(attestation::Contents::NotAsked));
    TRY_ASSIGN(auto expected, crypto::hmac(crypto::HashAlgorithm::Sha256, challenge.idKey.view(), {message}));
    TRY(tpm.persistKeys(keys.persist));
    TRY(tpm.release());
    return Answer{std::move(given), std::move(expected)};
}

} // namespace enroll::test
