#pragma once

#include "core/base/secret_bytes.h"

namespace enroll::attestation {

/// Error D-130 unless \p answer is HMAC-SHA256(idKey, message). Constant time. Error S-340.
Result<void> requireActivationAnswer(ByteView idKey, ByteView message, ByteView answer);

} // namespace enroll::attestation
