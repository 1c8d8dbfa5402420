#include "core/tpm/ek_certificate_reader.h"

#include "core/crypto/certificate.h"
#include "core/tpm/nv_reader.h"

#include <vector>

namespace enroll::tpm {
namespace {

// Source: TCG EK Credential Profile, "NV Index Assignments": low range first, then the high range.
constexpr TPM2_HANDLE kRsa2048Certificate = 0x01C00002;
constexpr TPM2_HANDLE kRsa2048CertificateHigh = 0x01C00012;
constexpr TPM2_HANDLE kP256Certificate = 0x01C0000A;
constexpr TPM2_HANDLE kP256CertificateHigh = 0x01C00014;
constexpr TPM2_HANDLE kP384Certificate = 0x01C00016;
constexpr TPM2_HANDLE kP521Certificate = 0x01C00018;
constexpr TPM2_HANDLE kRsa3072Certificate = 0x01C0001C;
constexpr TPM2_HANDLE kRsa4096Certificate = 0x01C0001E;

std::vector<TPM2_HANDLE> rsaCertificateIndices(UINT16 keyBits)
{
    switch (keyBits) {
    case 2048:
        return {kRsa2048Certificate, kRsa2048CertificateHigh};
    case 3072:
        return {kRsa3072Certificate};
    case 4096:
        return {kRsa4096Certificate};
    default:
        return {};
    }
}

std::vector<TPM2_HANDLE> eccCertificateIndices(TPM2_ECC_CURVE curve)
{
    switch (curve) {
    case TPM2_ECC_NIST_P256:
        return {kP256Certificate, kP256CertificateHigh};
    case TPM2_ECC_NIST_P384:
        return {kP384Certificate};
    case TPM2_ECC_NIST_P521:
        return {kP521Certificate};
    default:
        return {};
    }
}

std::vector<TPM2_HANDLE> certificateIndices(const TPMT_PUBLIC& key)
{
    return key.type == TPM2_ALG_RSA ? rsaCertificateIndices(key.parameters.rsaDetail.keyBits)
                                    : eccCertificateIndices(key.parameters.eccDetail.curveID);
}

enum class Content { Filler, OfThisKey, Other };

Content contentOf(ByteView nvContent, const Result<crypto::PublicKey>& key)
{
    const auto certificate = crypto::certificateFromNv(nvContent);
    if (!certificate) {
        return Content::Other;
    }
    if (!certificate->has_value()) {
        return Content::Filler;
    }
    const auto certified = (*certificate)->publicKey();
    return key.ok() && certified.ok() && *certified == *key ? Content::OfThisKey : Content::Other;
}

Result<crypto::PublicKey> keyOf(ByteView publicArea)
{
    return attestation::publicKeyOf(TRY(attestation::parsePublic(publicArea)));
}

} // namespace

Result<void> addCertificate(EsysContext& context, const TpmObject& key, std::size_t nvBuffer,
                            attestation::EndorsementKeyReading& reading)
{
    const auto shown = keyOf(reading.publicArea); // one that cannot be used has no certificate that fits it
    for (const auto index : certificateIndices(key.area.publicArea)) {
        TRY_ASSIGN(auto content, readNv(context, index, nvBuffer));
        const auto kind = content ? contentOf(*content, shown) : Content::Filler;
        if (kind == Content::OfThisKey || (kind == Content::Other && !reading.certificateNv)) {
            reading.certificateNv = std::move(content);
            reading.certificateIndex = index;
        }
        if (kind == Content::OfThisKey) {
            break;
        }
    }
    return {};
}

} // namespace enroll::tpm
