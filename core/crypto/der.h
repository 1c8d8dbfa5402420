#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

/// The frame of DER, for sources of this folder that must know where a certificate ends before OpenSSL reads it.
namespace enroll::crypto {

inline constexpr auto kDerSequence = std::byte{0x30};

/// The first element of \p der, which must be a SEQUENCE.
struct DerFrame {
    std::size_t header = 0; ///< bytes of tag and length
    std::size_t size = 0;   ///< bytes of the whole element, the header included; may be more than there are
};

/// Accepts definite lengths of at most three bytes: 16 MiB, far more than a certificate has. Error D-124.
/// \par Source   ITU-T X.690, section 8.1.3
Result<DerFrame> sequenceFrame(ByteView der);

} // namespace enroll::crypto
