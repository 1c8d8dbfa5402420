#include "core/attestation/endorsement_key.h"

#include "core/attestation/parent_shape.h"
#include "core/attestation/public_area.h"
#include "core/base/device_code.h"

namespace enroll::attestation {

std::string ekSourceText(const EkSource& source)
{
    if (!source.persistentHandle) {
        return "created";
    }
    return "handle:0x" + toHex(ByteWriter{}.u32(*source.persistentHandle).view());
}

Result<EndorsementKeyEvidence> endorsementKeyEvidence(const EndorsementKeyReading& reading)
{
    const auto area = parsePublic(reading.publicArea);
    if (!area.ok()) {
        return makeError(DeviceCode::EndorsementKeyUnusable, area.error().what, "TPM2B_PUBLIC of the endorsement key");
    }
    EndorsementKeyEvidence evidence;
    evidence.publicArea = reading.publicArea;
    TRY_ASSIGN(evidence.sha256, crypto::sha256({reading.publicArea}));
    TRY_ASSIGN(evidence.name, objectName(*area));
    evidence.algorithm = algorithmText(*area);
    evidence.source = reading.source;
    evidence.templateKind = reading.templateKind;
    return evidence;
}

Result<void> requireEndorsementKeyShape(const PublicArea& area)
{
    return requireParentShape(area, DeviceCode::EndorsementKeyUnusable, "the endorsement key");
}

} // namespace enroll::attestation
