#pragma once

#include "core/base/bytes.h"
#include "core/base/secret_bytes.h"

namespace enroll::crypto {

/// AES in CFB mode with an all-zero IV, as the TPM protects credentials and duplicated objects. The zero IV is safe
/// there because each key is fresh and used once. The output is as long as the input.
///
/// \param key    16, 24 or 32 bytes
/// \par Errors   S-340
/// \par Source   TPM 2.0 Library Part 1, "Credential Protection" and "Duplication"
Result<Bytes> aesCfbEncrypt(ByteView key, ByteView plain);
Result<SecretBytes> aesCfbDecrypt(ByteView key, ByteView cipher);

} // namespace enroll::crypto
