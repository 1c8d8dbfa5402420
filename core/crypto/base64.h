#pragma once

#include "core/base/bytes.h"

namespace enroll::crypto {

/// Standard alphabet, padded, no line breaks. Source: RFC 4648, section 4.
std::string toBase64(ByteView bytes);

/// Strict inverse: standard alphabet, correct padding, no white space, unused bits zero. Error S-335 naming the fault.
Result<Bytes> fromBase64(std::string_view text);

} // namespace enroll::crypto
