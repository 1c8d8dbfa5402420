#pragma once

#include "core/crypto/digest.h"

namespace enroll::crypto {

/// HMAC over all \p parts one after another. Error S-340. Source: FIPS 198-1.
Result<Bytes> hmac(HashAlgorithm algorithm, ByteView key, std::initializer_list<ByteView> parts);

} // namespace enroll::crypto
