#pragma once

#include "core/base/bytes.h"

namespace enroll::crypto {

/// Lower-case alphabet a-z 2-7 without padding: the form registration ids take. Source: RFC 4648, section 6.
std::string toBase32Lower(ByteView bytes);

} // namespace enroll::crypto
