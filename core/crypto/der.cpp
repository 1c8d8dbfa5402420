#include "core/crypto/der.h"

#include "core/base/device_code.h"

namespace enroll::crypto {

Result<DerFrame> sequenceFrame(ByteView der)
{
    constexpr unsigned kLongForm = 0x80;
    constexpr unsigned kMostLengthBytes = 3;
    if (der.size() < 2 || der[0] != kDerSequence) {
        return makeError(DeviceCode::EkCertificateMalformed, "the bytes do not begin with a certificate");
    }
    const auto first = std::to_integer<unsigned>(der[1]);
    if (first < kLongForm) {
        return DerFrame{2, 2 + std::size_t{first}};
    }
    const auto count = first - kLongForm;
    if (count == 0 || count > kMostLengthBytes || der.size() < 2 + std::size_t{count}) {
        return makeError(DeviceCode::EkCertificateMalformed, "the length of the certificate cannot be read");
    }
    std::size_t length = 0;
    for (const auto byte : der.subspan(2, count)) {
        length = (length << 8U) | std::to_integer<std::size_t>(byte);
    }
    const auto header = 2 + std::size_t{count};
    return DerFrame{header, header + length};
}

} // namespace enroll::crypto
