#include "core/crypto/issued_certificate.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/certificate_parsed.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_pem.h"
#include "core/crypto/random.h"

#include <openssl/ec.h>
#include <openssl/pem.h>

#include <algorithm>

namespace enroll::crypto {
namespace {

using ExtensionPtr = std::unique_ptr<X509_EXTENSION, OpenSslFree<&X509_EXTENSION_free>>;
using OctetStringPtr = std::unique_ptr<ASN1_OCTET_STRING, OpenSslFree<&ASN1_OCTET_STRING_free>>;

constexpr std::chrono::days kBackdated{1};
constexpr std::size_t kSerialBytes = 16;
constexpr long kVersion3 = 2;

struct Validity {
    UtcTime begin;
    UtcTime end;
};

/// An authority that can sign.
struct Issuer {
    X509Ptr certificate;
    EvpPkeyPtr key;
    UtcTime end;
};

Error failed(const char* operation)
{
    return opensslError(StationCode::CryptoFailed, "cannot make a certificate", operation);
}

Error unusable(std::string what)
{
    return makeError(StationCode::KeyMaterialUnusable, std::move(what));
}

std::time_t secondsOf(UtcTime time)
{
    return std::chrono::system_clock::to_time_t(std::chrono::system_clock::time_point{time.time_since_epoch()});
}

std::string textOf(BIO* bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

Result<std::string> toPem(X509* certificate)
{
    const BioPtr text{BIO_new(BIO_s_mem())};
    if (PEM_write_bio_X509(text.get(), certificate) != 1) {
        return failed("PEM_write_bio_X509");
    }
    return textOf(text.get());
}

Result<KeyAndCertificate> toPem(X509* certificate, EVP_PKEY* key)
{
    const BioPtr keyText{BIO_new(BIO_s_secmem())}; // wiped when it is freed
    if (PEM_write_bio_PKCS8PrivateKey(keyText.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        return failed("PEM_write_bio_PKCS8PrivateKey");
    }
    char* secret = nullptr;
    const long size = BIO_get_mem_data(keyText.get(), &secret);
    TRY_ASSIGN(auto text, toPem(certificate));
    return KeyAndCertificate{std::move(text), SecretBytes::copyOf(asBytes({secret, static_cast<std::size_t>(size)}))};
}

/// The first certificate of a PEM text.
Result<X509Ptr> certificateOf(const std::string& pem)
{
    TRY_ASSIGN(auto certificates, x509FromPem(asBytes(pem)));
    return std::move(certificates.front());
}

Result<Issuer> issuerFrom(const KeyAndCertificate& authority)
{
    TRY_ASSIGN(auto certificate, prefixed("the authority: ", certificateOf(authority.certificate)));
    TRY_ASSIGN(auto key, prefixed("the authority: ", privateKeyFromPem(authority.privateKey.view())));
    const auto end = utcTimeOf(X509_get0_notAfter(certificate.get()));
    if (!end) {
        return unusable("the authority: its certificate does not say how long it is valid");
    }
    return Issuer{std::move(certificate), std::move(key), *end};
}

Result<void> requireValid(const Issuer& issuer, UtcTime now)
{
    return issuer.end > now ? Result<void>{} : unusable("the authority expired at " + toIso8601(issuer.end));
}

Result<void> setSerial(X509* certificate)
{
    TRY_ASSIGN(auto bytes, randomBytes(kSerialBytes));
    bytes.front() &= std::byte{0x7f}; // positive: RFC 5280, section 4.1.2.2
    const BignumPtr number{BN_bin2bn(u8(ByteView{bytes}), static_cast<int>(bytes.size()), nullptr)};
    if (BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) == nullptr) {
        return failed("BN_to_ASN1_INTEGER");
    }
    return {};
}

Result<void> setValidity(X509* certificate, const Validity& validity)
{
    if (ASN1_TIME_set(X509_getm_notBefore(certificate), secondsOf(validity.begin)) == nullptr ||
        ASN1_TIME_set(X509_getm_notAfter(certificate), secondsOf(validity.end)) == nullptr) {
        return failed("ASN1_TIME_set");
    }
    return {};
}

/// A longer name is cut, where X.509 has no room: whoever compares names looks at the alternative ones.
/// Source: RFC 5280, appendix A.1, ub-common-name.
Result<void> setCommonName(X509* certificate, const std::string& whole)
{
    constexpr std::size_t kMostCharacters = 64;
    const std::string name{firstCharacters(whole, kMostCharacters)};
    const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
    if (X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, text, -1, -1, 0) != 1) {
        return failed("X509_NAME_add_entry_by_txt");
    }
    return {};
}

Result<void> addExtension(X509* certificate, X509* issuer, int id, const std::string& value)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const ExtensionPtr extension{X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str())};
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) {
        return failed("X509V3_EXT_conf_nid");
    }
    return {};
}

/// From a day before \p now on, \p last at the latest.
Validity validityFrom(UtcTime now, std::chrono::days lifetime, UtcTime last)
{
    const auto begin = now - kBackdated;
    return {begin, std::min<UtcTime>(begin + lifetime, last)};
}

/// A certificate that lacks issuer, extensions and signature.
Result<X509Ptr> draft(EVP_PKEY* key, const std::string& name, const Validity& validity)
{
    X509Ptr certificate{X509_new()};
    if (!certificate || X509_set_version(certificate.get(), kVersion3) != 1 ||
        X509_set_pubkey(certificate.get(), key) != 1) {
        return failed("X509_new");
    }
    TRY(setValidity(certificate.get(), validity));
    TRY(setSerial(certificate.get()));
    TRY(setCommonName(certificate.get(), name));
    return certificate;
}

Result<void> sign(X509* certificate, EVP_PKEY* key)
{
    return X509_sign(certificate, key, EVP_sha256()) > 0 ? Result<void>{} : failed("X509_sign");
}

Result<EvpPkeyPtr> newKey()
{
    EvpPkeyPtr key{EVP_EC_gen("P-256")};
    return key ? Result<EvpPkeyPtr>{std::move(key)} : failed("EVP_EC_gen");
}

bool isAddress(const std::string& name)
{
    const OctetStringPtr address{a2i_IPADDRESS(name.c_str())};
    return address != nullptr;
}

/// Addresses go into the certificate as IP and not as DNS: clients compare them with IP entries only.
/// Source: RFC 9110, section 4.3.5.
std::string alternativeNames(const std::vector<std::string>& names)
{
    std::vector<std::string> entries;
    for (const auto& name : names) {
        entries.push_back((isAddress(name) ? "IP:" : "DNS:") + name);
    }
    return joined(entries, ",");
}

const char* usageOf(CertificateRole role) noexcept
{
    return role == CertificateRole::Server ? "serverAuth" : "clientAuth";
}

} // namespace

Result<KeyAndCertificate> makeAuthority(const std::string& name, UtcTime now)
{
    TRY_ASSIGN(const auto key, newKey());
    TRY_ASSIGN(const auto certificate, draft(key.get(), name, validityFrom(now, kAuthorityLifetime, UtcTime::max())));
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    TRY(addExtension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0"));
    TRY(addExtension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign"));
    TRY(addExtension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash"));
    TRY(sign(certificate.get(), key.get()));
    return toPem(certificate.get(), key.get());
}

Result<KeyAndCertificate> makeCertificate(const KeyAndCertificate& authority, const CertificateRequest& request,
                                          UtcTime now)
{
    TRY_ASSIGN(const auto issuer, issuerFrom(authority));
    TRY(requireValid(issuer, now));
    TRY_ASSIGN(const auto key, newKey());
    auto* above = issuer.certificate.get();
    TRY_ASSIGN(const auto certificate,
               draft(key.get(), request.names.front(), validityFrom(now, request.lifetime, issuer.end)));
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(above));
    TRY(addExtension(certificate.get(), above, NID_basic_constraints, "critical,CA:FALSE"));
    TRY(addExtension(certificate.get(), above, NID_key_usage, "critical,digitalSignature"));
    TRY(addExtension(certificate.get(), above, NID_ext_key_usage, usageOf(request.role)));
    TRY(addExtension(certificate.get(), above, NID_subject_alt_name, alternativeNames(request.names)));
    TRY(addExtension(certificate.get(), above, NID_subject_key_identifier, "hash"));
    TRY(addExtension(certificate.get(), above, NID_authority_key_identifier, "keyid"));
    TRY(sign(certificate.get(), issuer.key.get()));
    return toPem(certificate.get(), key.get());
}

Result<std::string> renewedCertificate(const KeyAndCertificate& authority, const std::string& old,
                                       std::chrono::days lifetime, UtcTime now)
{
    TRY_ASSIGN(const auto issuer, issuerFrom(authority));
    TRY_ASSIGN(const auto before, certificateOf(old));
    auto* above = issuer.certificate.get();
    if (X509_verify(before.get(), X509_get0_pubkey(above)) != 1) {
        return opensslError(StationCode::KeyMaterialUnusable, "another authority signed it", "X509_verify");
    }
    const bool isOwn = X509_cmp(before.get(), above) == 0;
    TRY(isOwn ? Result<void>{} : requireValid(issuer, now));
    const X509Ptr certificate{X509_dup(before.get())}; // X509_sign() encodes it anew
    if (!certificate) {
        return failed("X509_dup");
    }
    TRY(setValidity(certificate.get(), validityFrom(now, lifetime, isOwn ? UtcTime::max() : issuer.end)));
    TRY(setSerial(certificate.get()));
    TRY(sign(certificate.get(), issuer.key.get()));
    return toPem(certificate.get());
}

} // namespace enroll::crypto
