#pragma once

#include "core/base/secret_bytes.h"

namespace enroll::crypto {

/// Bytes for keys and seeds, from RAND_priv_bytes(): a generator whose output nobody outside ever sees. Error S-340.
Result<SecretBytes> randomSecret(std::size_t size);
/// Bytes for nonces and ids that others see, from RAND_bytes(). Error S-340.
Result<Bytes> randomBytes(std::size_t size);

} // namespace enroll::crypto
