#include "core/attestation/activation_answer.h"

#include "core/crypto/hmac.h"

namespace enroll::attestation {

Result<void> requireActivationAnswer(ByteView idKey, ByteView message, ByteView answer)
{
    const auto wanted = TRY(crypto::hmac(crypto::HashAlgorithm::Sha256, idKey, {message}));
    if (!equalInConstantTime(wanted, answer)) {
        return makeError(ErrorCode::AttestationWrong, "the signature is not one of the key inside the challenge",
                         "TPM2_HMAC");
    }
    return {};
}

} // namespace enroll::attestation
