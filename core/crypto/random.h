#pragma once

#include "core/base/secret_bytes.h"

namespace enroll::crypto {

/// Bytes from OpenSSL's private generator, for keys and seeds. Error S-340.
Result<SecretBytes> randomSecret(std::size_t size);
/// Bytes from OpenSSL's public generator, for nonces and ids that others see. Error S-340.
Result<Bytes> randomBytes(std::size_t size);

} // namespace enroll::crypto
