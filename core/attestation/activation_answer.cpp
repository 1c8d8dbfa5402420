#include "core/attestation/activation_answer.h"

#include "core/base/device_code.h"
#include "core/crypto/hmac.h"

namespace enroll::attestation {

Result<void> requireActivationAnswer(ByteView idKey, ByteView message, ByteView answer)
{
    TRY_ASSIGN(const auto wanted, crypto::hmac(crypto::HashAlgorithm::Sha256, idKey, {message}));
    if (!equalInConstantTime(wanted, answer)) {
        return makeError(DeviceCode::AttestationWrong, "the signature is not one of the key inside the challenge",
                         "TPM2_HMAC");
    }
    return {};
}

} // namespace enroll::attestation
