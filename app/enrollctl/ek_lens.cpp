#include "app/enrollctl/ek_lens.h"

#include "core/base/cancellation.h"
#include "core/enrollment/registration_id.h"

namespace enroll::app::enrollctl {
namespace {

using attestation::EkCertificateEvidence;

bool certifies(const crypto::Certificate& certificate, ByteView publicArea)
{
    const auto certified = certificate.publicKey();
    const auto area = attestation::parsePublic(publicArea);
    if (!certified.ok() || !area.ok()) {
        return false;
    }
    const auto key = attestation::publicKeyOf(*area);
    return key.ok() && *key == *certified;
}

EkCertificateEvidence judged(const crypto::Certificate& certificate, ByteView publicArea,
                             const crypto::TrustStore& anchors, UtcTime now)
{
    return {.der = certificate.der(),
            .issuer = certificate.issuer(),
            .serial = certificate.serialNumber(),
            .notAfter = certificate.notAfter(),
            .matchesKey = certifies(certificate, publicArea),
            .path = crypto::judgePath(certificate, anchors, {}, now).result};
}

Result<EkLens> read(attestation::DeviceTpm& tpm, const crypto::TrustStore& anchors, UtcTime now,
                    const std::stop_token& stop)
{
    TRY(requireNotCancelled(stop));
    TRY(tpm.connect());
    EkLens lens{.tpm = TRY(tpm.identify()), .keys = {}};
    TRY(requireNotCancelled(stop));
    for (const auto& reading : TRY(tpm.readAllEndorsementKeys())) {
        lens.keys.push_back(TRY(lensKeyOf(reading, anchors, now)));
    }
    if (lens.keys.empty()) {
        return makeError(ErrorCode::EndorsementKeyUnusable, "the TPM presents no endorsement key");
    }
    return lens;
}

} // namespace

Result<LensKey> lensKeyOf(const attestation::EndorsementKeyReading& reading, const crypto::TrustStore& anchors,
                          UtcTime now)
{
    LensKey key{.evidence = TRY(attestation::endorsementKeyEvidence(reading)),
                .registrationId = TRY(enrollment::registrationIdFromEk(reading.publicArea)),
                .certificateIndex = reading.certificateIndex,
                .certificateFault = {}};
    if (!reading.certificateNv) {
        return key;
    }
    const auto certificate = crypto::certificateFromNv(*reading.certificateNv);
    if (!certificate.ok()) {
        key.certificateFault = certificate.error().what;
        return key;
    }
    if (*certificate) {
        key.evidence.certificate = judged(**certificate, reading.publicArea, anchors, now);
    }
    return key;
}

Result<EkLens> lookAtEndorsementKeys(attestation::DeviceTpm& tpm, const crypto::TrustStore& anchors, UtcTime now,
                                     const std::stop_token& stop)
{
    auto lens = read(tpm, anchors, now, stop);
    const auto released = tpm.release();
    if (lens.ok() && !released.ok()) {
        return released.error();
    }
    return lens;
}

} // namespace enroll::app::enrollctl
