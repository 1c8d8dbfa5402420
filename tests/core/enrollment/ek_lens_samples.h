#pragma once

#include "core/enrollment/ek_lens.h"
#include "tests/support/device_keys.h"
#include "tests/support/must.h"

namespace enroll::test {

/// What a TPM shows of a key at 0x81010001.
inline attestation::EndorsementKeyReading readingOf(const DeviceKey& key, std::optional<Bytes> certificate)
{
    return {.publicArea = attestation::marshalPublic(key.area),
            .source = {.persistentHandle = 0x81010001},
            .templateKind = attestation::EkTemplate::TcgL1,
            .certificateNv = std::move(certificate),
            .certificateIndex = 0x01C00002,
            .certificateUnreadable = {}};
}

/// The same key, judged with the authorities \p anchors.
inline enrollment::LensKey lensOf(const DeviceKey& key, std::optional<Bytes> certificate,
                                  const crypto::TrustStore& anchors)
{
    return must(enrollment::lensKeyOf(readingOf(key, std::move(certificate)), {}, {}, {{}, anchors, utcNow()}));
}

} // namespace enroll::test
