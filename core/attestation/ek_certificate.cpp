#include "core/attestation/ek_certificate.h"

#include "core/base/device_code.h"
#include "core/base/text.h"

#include <algorithm>
#include <tuple>

namespace enroll::attestation {
namespace {

std::optional<std::string> ifAny(const std::string& text)
{
    return text.empty() ? std::nullopt : std::optional{text};
}

EkCertificateEvidence evidenceOf(const crypto::Certificate& certificate)
{
    EkCertificateEvidence evidence;
    evidence.der = certificate.der();
    evidence.issuer = certificate.issuer();
    evidence.serial = certificate.serialNumber();
    evidence.notAfter = certificate.notAfter();
    if (const auto device = certificate.tpmDeviceAttributes()) {
        evidence.manufacturer = ifAny(device->manufacturer);
        evidence.model = ifAny(device->model);
        evidence.version = ifAny(device->version);
    }
    return evidence;
}

// Of a hostile certificate: a digest as a key id has 40 to 128 digits.
constexpr std::size_t kLongestName = 400;
constexpr std::size_t kLongestKeyId = 128;

/// What the last certificate that is known says of the one above it.
std::optional<MissingIssuer> missingOn(const crypto::PathJudgement& path)
{
    if (path.result != crypto::PathResult::UnknownIssuer) {
        return std::nullopt;
    }
    const auto& last = path.chain.back();
    return MissingIssuer{std::string{firstCharacters(last.issuer(), kLongestName)},
                         std::string{firstCharacters(last.authorityKeyId(), kLongestKeyId)}, last.issuerAddresses()};
}

bool isOf(const crypto::Certificate& certificate, const crypto::PublicKey& key)
{
    const auto certified = certificate.publicKey();
    return certified.ok() && *certified == key;
}

/// How much a judged certificate of the key says. One that was revoked is not outweighed by another of the same key; a
/// trusted one is not hidden by one that anybody could have made.
auto weightOf(const crypto::Certificate& certificate, const crypto::PathJudgement& path, UtcTime now)
{
    const bool isRevoked = path.revoked == std::size_t{0};
    const bool isInDate = certificate.notBefore() <= now && now <= certificate.notAfter();
    const auto fewerNotes = -static_cast<std::ptrdiff_t>(path.notes.size());
    return std::tuple{isRevoked,
                      path.result == crypto::PathResult::Trusted,
                      isInDate,
                      certificate.hasEkCertificateUsage(),
                      path.revoked.has_value(),
                      fewerNotes};
}

struct Judged {
    crypto::Certificate certificate;
    crypto::PathJudgement path;
};

/// Judges each of \p stored that is of \p key, the first if none is, and returns the one that says most; of equals the
/// first. The others and \p issuers help to build its path.
Judged bestOf(const std::vector<crypto::Certificate>& stored, const crypto::PublicKey& key,
              const crypto::TrustStore& anchors, std::span<const crypto::Certificate> issuers, UtcTime now)
{
    std::vector<crypto::Certificate> ofKey;
    std::ranges::copy_if(stored, std::back_inserter(ofKey), [&key](const auto& one) { return isOf(one, key); });
    if (ofKey.empty()) {
        ofKey.push_back(stored.front());
    }
    auto helpers = stored;
    helpers.insert(helpers.end(), issuers.begin(), issuers.end());
    std::optional<Judged> best;
    for (const auto& one : ofKey) {
        auto path = crypto::judgePath(one, anchors, helpers, now);
        if (!best || weightOf(best->certificate, best->path, now) < weightOf(one, path, now)) {
            best = Judged{one, std::move(path)};
        }
    }
    return std::move(*best);
}

/// Error D-124 for what is no certificate of a key.
Result<EkCertificateJudgement> judgeReadable(ByteView nvContent, const crypto::PublicKey& key,
                                             const crypto::TrustStore& anchors,
                                             std::span<const crypto::Certificate> issuers, UtcTime now)
{
    EkCertificateJudgement judgement;
    TRY_ASSIGN(auto found, crypto::certificatesFromNv(nvContent));
    if (found.certificates.empty()) {
        return judgement;
    }
    judgement.unreadable = std::move(found.unreadable);
    auto best = bestOf(found.certificates, key, anchors, issuers, now);
    TRY_ASSIGN(const auto certified, best.certificate.publicKey());
    judgement.evidence = evidenceOf(best.certificate);
    judgement.evidence->matchesKey = certified == key;
    judgement.path = std::move(best.path);
    judgement.evidence->path = judgement.path->result;
    judgement.evidence->missingIssuer = missingOn(*judgement.path);
    return judgement;
}

} // namespace

std::optional<Error> whyNoCertificate(const EndorsementKeyReading& reading)
{
    if (reading.certificateNv || reading.certificateUnreadable.empty()) {
        return std::nullopt;
    }
    const bool unwritten = reading.certificateIndex.has_value();
    return makeError(unwritten ? DeviceCode::EkCertificateMissing : DeviceCode::EkCertificateMalformed,
                     reading.certificateUnreadable);
}

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
