#include "core/attestation/ek_certificate.h"

#include "core/base/device_code.h"

#include <algorithm>

namespace enroll::attestation {
namespace {

EkCertificateEvidence evidenceOf(const crypto::Certificate& certificate)
{
    EkCertificateEvidence evidence;
    evidence.der = certificate.der();
    evidence.issuer = certificate.issuer();
    evidence.serial = certificate.serialNumber();
    evidence.notAfter = certificate.notAfter();
    return evidence;
}

bool isOf(const crypto::Certificate& certificate, const crypto::PublicKey& key)
{
    const auto certified = certificate.publicKey();
    return certified.ok() && *certified == key;
}

/// Error D-124 for what is no certificate of a key.
Result<EkCertificateJudgement> judgeReadable(ByteView nvContent, const crypto::PublicKey& key,
                                             const crypto::TrustStore& anchors,
                                             std::span<const crypto::Certificate> issuers, UtcTime now)
{
    EkCertificateJudgement judgement;
    TRY_ASSIGN(auto found, crypto::certificatesFromNv(nvContent));
    auto& stored = found.certificates;
    if (stored.empty()) {
        return judgement;
    }
    judgement.unreadable = std::move(found.unreadable);
    const auto own = std::ranges::find_if(stored, [&key](const auto& one) { return isOf(one, key); });
    std::iter_swap(stored.begin(), own == stored.end() ? stored.begin() : own);
    const auto certificate = stored.front();
    TRY_ASSIGN(const auto certified, certificate.publicKey());
    judgement.evidence = evidenceOf(certificate);
    judgement.evidence->matchesKey = certified == key;
    stored.erase(stored.begin());
    stored.insert(stored.end(), issuers.begin(), issuers.end());
    judgement.path = crypto::judgePath(certificate, anchors, stored, now);
    judgement.evidence->path = judgement.path->result;
    return judgement;
}

} // namespace

Result<EkCertificateJudgement> judgeEkCertificate(ByteView nvContent, const PublicArea& key,
                                                  const crypto::TrustStore& anchors,
                                                  std::span<const crypto::Certificate> issuers, UtcTime now)
{
    TRY_ASSIGN(const auto shown, publicKeyOf(key));
    auto judgement = judgeReadable(nvContent, shown, anchors, issuers, now);
    if (!judgement.ok() && judgement.error().code == DeviceCode::EkCertificateMalformed) {
        EkCertificateJudgement unreadable;
        unreadable.fault = std::move(judgement).error();
        return unreadable;
    }
    return judgement;
}

} // namespace enroll::attestation
