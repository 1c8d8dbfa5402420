#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/crypto/certificate_parsed.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_key.h"

#include <openssl/err.h>

namespace enroll::crypto {
namespace {

/// The key of an rsaesOaep SubjectPublicKeyInfo (older EK certificates have one), for which OpenSSL has no key type. It
/// holds the same RSAPublicKey as an rsaEncryption one. Null for others. Source: RFC 4055, section 4.
EvpPkeyPtr oaepKeyOf(const X509* x509)
{
    const unsigned char* at = nullptr;
    int size = 0;
    if (!hasOaepKey(x509) || X509_PUBKEY_get0_param(nullptr, &at, &size, nullptr, X509_get_X509_PUBKEY(x509)) != 1) {
        return {};
    }
    return EvpPkeyPtr{d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size)};
}

} // namespace

Result<PublicKey> Certificate::publicKey() const
{
    const auto* x509 = m_parsed->x509.get();
    const auto oaepKey = oaepKeyOf(x509);
    const auto* handle = oaepKey ? oaepKey.get() : X509_get0_pubkey(x509);
    if (handle == nullptr) {
        return opensslError(DeviceCode::EkCertificateMalformed, "the certificate's key is of an unknown kind",
                            "X509_get0_pubkey");
    }
    return recoded(publicKeyFrom(handle), DeviceCode::EkCertificateMalformed);
}

bool Certificate::hasKeyUsage() const
{
    return X509_get_ext_by_NID(m_parsed->x509.get(), NID_key_usage, -1) >= 0;
}

EndorsementKeyUsage Certificate::endorsementKeyUsage() const
{
    auto* x509 = m_parsed->x509.get();
    if (!hasKeyUsage()) {
        return EndorsementKeyUsage::Fits;
    }
    if ((X509_get_extension_flags(x509) & EXFLAG_KUSAGE) == 0) { // the extension is there, OpenSSL could not parse it
        return EndorsementKeyUsage::Other;
    }
    const auto key = publicKey();
    const bool isEcc = key.ok() && std::holds_alternative<EccPublicKey>(*key);
    const auto usage = X509_get_key_usage(x509);
    if ((usage & (isEcc ? KU_KEY_AGREEMENT : KU_KEY_ENCIPHERMENT)) != 0) {
        return EndorsementKeyUsage::Fits;
    }
    const bool ofOther = (usage & (isEcc ? KU_KEY_ENCIPHERMENT : KU_KEY_AGREEMENT)) != 0;
    return ofOther ? EndorsementKeyUsage::OfOtherAlgorithm : EndorsementKeyUsage::Other;
}

int Certificate::version() const
{
    return static_cast<int>(X509_get_version(m_parsed->x509.get())) + 1;
}

} // namespace enroll::crypto
