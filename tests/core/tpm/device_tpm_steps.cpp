#include "tests/core/tpm/device_tpm_steps.h"

#include "core/crypto/hmac.h"

namespace enroll::test {

Result<Answer> attest(attestation::DeviceTpm& tpm, ByteView message, attestation::Persistence persistence)
{
    TRY(tpm.connect());
    TRY(tpm.identify());
    const auto endorsementKey = TRY(tpm.readEndorsementKey(persistence));
    const auto storageRootKey = TRY(tpm.provideStorageRootKey(persistence));
    const auto ekArea = TRY(attestation::parsePublic(endorsementKey.publicArea));
    const auto srkArea = TRY(attestation::parsePublic(storageRootKey));
    const auto challenge = TRY(attestation::makeActivationChallenge(ekArea, srkArea));
    TRY(tpm.activate(challenge.blob));
    auto given = TRY(tpm.sign(message));
    auto expected = TRY(crypto::hmac(crypto::HashAlgorithm::Sha256, challenge.idKey.view(), {message}));
    TRY(tpm.release());
    return Answer{std::move(given), std::move(expected)};
}

} // namespace enroll::test
