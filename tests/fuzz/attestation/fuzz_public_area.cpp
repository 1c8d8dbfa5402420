#include "core/attestation/endorsement_key.h"
#include "core/attestation/public_area.h"
#include "core/base/station_code.h"

#include <cstdlib>

/// Whatever is accepted has one form only: writing it gives the same bytes back. And nothing that reads an accepted
/// area may stumble over it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    const auto bytes = std::as_bytes(std::span{data, size});
    const auto area = attestation::parsePublic(bytes);
    if (!area.ok()) {
        return area.error().code == StationCode::KeyMaterialUnusable ? 0 : (std::abort(), 0);
    }
    if (!equalBytes(attestation::marshalPublic(*area), bytes)) {
        std::abort();
    }
    static_cast<void>(attestation::objectName(*area));
    static_cast<void>(attestation::algorithmText(*area));
    static_cast<void>(attestation::requireEndorsementKeyShape(*area));
    return 0;
}
