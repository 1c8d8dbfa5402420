#include "core/attestation/endorsement_key.h"

#include "core/attestation/object_name.h"
#include "core/attestation/parent_shape.h"
#include "core/base/device_code.h"

namespace enroll::attestation {

std::string_view ekTemplateText(EkTemplate value) noexcept
{
    switch (value) {
    case EkTemplate::TcgL1:
        return "tcg-l1";
    case EkTemplate::TcgL2:
        return "tcg-l2";
    case EkTemplate::TcgH1:
        return "tcg-h1";
    case EkTemplate::TcgH2:
        return "tcg-h2";
    case EkTemplate::TcgH3:
        return "tcg-h3";
    case EkTemplate::TcgH4:
        return "tcg-h4";
    case EkTemplate::TcgH6:
        return "tcg-h6";
    case EkTemplate::TcgH7:
        return "tcg-h7";
    case EkTemplate::AzureEmptyUnique:
        return "azure-empty-unique";
    case EkTemplate::Nv:
        return "nv";
    case EkTemplate::Unknown:
        return "unknown";
    }
    return "unknown";
}

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
