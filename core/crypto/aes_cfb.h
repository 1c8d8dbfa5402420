#pragma once

#include "core/base/bytes.h"
#include "core/base/secret_bytes.h"

namespace enroll::crypto {

/// AES-CFB128 with an all-zero IV, as TPM object protection uses it. Key of 16, 24 or 32 bytes. Error S-340.
/// Source: TPM 2.0 Library Part 1, "Symmetric Encryption" of protected storage.
Result<Bytes> aesCfbEncrypt(ByteView key, ByteView plain);
Result<SecretBytes> aesCfbDecrypt(ByteView key, ByteView cipher);

} // namespace enroll::crypto
