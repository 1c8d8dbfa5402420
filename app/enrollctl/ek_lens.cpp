#include "app/enrollctl/ek_lens.h"

#include "core/attestation/ek_certificate.h"
#include "core/base/cancellation.h"
#include "core/base/device_code.h"
#include "core/enrollment/registration_id.h"

namespace enroll::app::enrollctl {
namespace {

Result<EkLens> read(attestation::DeviceTpm& tpm, const attestation::EkChoice& enrolled,
                    const crypto::TrustStore& anchors, UtcTime now, const std::stop_token& stop)
{
    TRY(requireNotCancelled(stop));
    TRY(tpm.connect());
    EkLens lens;
    TRY_ASSIGN(lens.tpm, tpm.identify());
    TRY(requireNotCancelled(stop));
    TRY_ASSIGN(const auto readings, tpm.readAllEndorsementKeys(enrolled));
    TRY_ASSIGN(const auto stored, tpm.readCertificateChain());
    const auto issuers = crypto::certificatesFromNvChain(stored);
    for (const auto& reading : readings) {
        TRY_ASSIGN(auto key, lensKeyOf(reading, anchors, issuers, now));
        lens.keys.push_back(std::move(key));
    }
    if (lens.keys.empty()) {
        return makeError(DeviceCode::EndorsementKeyUnusable, "the TPM presents no endorsement key");
    }
    return lens;
}

} // namespace

Result<LensKey> lensKeyOf(const attestation::EndorsementKeyReading& reading, const crypto::TrustStore& anchors,
                          std::span<const crypto::Certificate> issuers, UtcTime now)
{
    LensKey key;
    TRY_ASSIGN(key.evidence, attestation::endorsementKeyEvidence(reading));
    TRY_ASSIGN(key.registrationId, enrollment::registrationIdFromEk(reading.publicArea));
    key.certificateIndex = reading.certificateIndex;
    if (!reading.certificateNv) {
        key.certificateFault = reading.certificateUnreadable;
        return key;
    }
    TRY_ASSIGN(const auto area, attestation::parsePublic(reading.publicArea));
    TRY_ASSIGN(auto judged, attestation::judgeEkCertificate(*reading.certificateNv, area, anchors, issuers, now));
    key.evidence.certificate = std::move(judged.evidence);
    if (judged.fault) {
        key.certificateFault = judged.fault->what;
    }
    return key;
}

Result<EkLens> lookAtEndorsementKeys(attestation::DeviceTpm& tpm, const attestation::EkChoice& enrolled,
                                     const crypto::TrustStore& anchors, UtcTime now, const std::stop_token& stop)
{
    auto lens = read(tpm, enrolled, anchors, now, stop);
    const auto released = tpm.release();
    if (lens.ok() && !released.ok()) {
        return released.error();
    }
    return lens;
}

} // namespace enroll::app::enrollctl
