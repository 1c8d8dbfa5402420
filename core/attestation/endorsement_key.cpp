#include "core/attestation/endorsement_key.h"

#include "core/attestation/parent_shape.h"
#include "core/attestation/public_area.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"

#include <charconv>

namespace enroll::attestation {
namespace {

constexpr std::string_view kHandlePrefix = "handle:0x";

} // namespace

std::string ekSourceText(const EkSource& source)
{
    if (!source.persistentHandle) {
        return "created";
    }
    return std::string{kHandlePrefix} + toHex(ByteWriter{}.u32(*source.persistentHandle).view());
}

Word<EkSource> ekSourceFromText(std::string_view text)
{
    std::uint32_t handle = 0;
    if (text.starts_with(kHandlePrefix)) {
        constexpr int kHexadecimal = 16;
        std::from_chars(text.data() + kHandlePrefix.size(), text.data() + text.size(), handle, kHexadecimal);
    }
    // Only a text that is written again as it was read is known: no other spelling of a handle, nothing behind it.
    for (const auto& source : {EkSource{}, EkSource{handle}}) {
        if (ekSourceText(source) == text) {
            return source;
        }
    }
    return Word<EkSource>::unknown(std::string{text});
}

bool isCertified(const EndorsementKeyEvidence& key) noexcept
{
    return key.certificate && key.certificate->matchesKey && key.certificate->path == crypto::PathResult::Trusted;
}

Result<EndorsementKeyEvidence> endorsementKeyEvidence(const EndorsementKeyReading& reading)
{
    TRY_ASSIGN(const auto area, recoded(parsePublic(reading.publicArea), DeviceCode::EndorsementKeyUnusable));
    EndorsementKeyEvidence evidence;
    evidence.publicArea = reading.publicArea;
    TRY_ASSIGN(evidence.sha256, crypto::sha256({reading.publicArea}));
    TRY_ASSIGN(evidence.name, objectName(area));
    evidence.algorithm = algorithmText(area);
    evidence.source = reading.source;
    evidence.templateKind = reading.templateKind;
    return evidence;
}

Result<void> requireEndorsementKeyShape(const PublicArea& area)
{
    return requireParentShape(area, DeviceCode::EndorsementKeyUnusable, "the endorsement key");
}

} // namespace enroll::attestation
