#include "core/attestation/object_name.h"

namespace enroll::attestation {

Result<Bytes> objectName(const PublicArea& area)
{
    TRY_ASSIGN(const auto digest, crypto::digest(area.nameAlgorithm, {marshalPublicArea(area)}));
    return std::move(ByteWriter{}.u16(static_cast<std::uint16_t>(area.nameAlgorithm)).bytes(digest)).take();
}

} // namespace enroll::attestation
