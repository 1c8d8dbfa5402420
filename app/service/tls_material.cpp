#include "app/service/tls_material.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_pem.h"
#include "core/crypto/openssl_ptr.h"
#include "core/crypto/random.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>

namespace enroll::app::service {

using namespace crypto;

namespace {

using ExtensionPtr = std::unique_ptr<X509_EXTENSION, OpenSslFree<&X509_EXTENSION_free>>;
using OctetStringPtr = std::unique_ptr<ASN1_OCTET_STRING, OpenSslFree<&ASN1_OCTET_STRING_free>>;

constexpr std::chrono::days kAuthorityLifetime{3650};
constexpr std::chrono::days kServerLifetime{825};
constexpr std::chrono::days kRenewBefore{30};
/// Certificates begin a day early: a client whose clock is slow would refuse one that begins now.
constexpr std::chrono::days kBackdated{1};
constexpr std::size_t kSerialBytes = 16;
constexpr long kVersion3 = 2;

Error failed(const char* operation)
{
    return opensslError(StationCode::CryptoFailed, "cannot make TLS material", operation);
}

std::time_t secondsOf(UtcTime time)
{
    return std::chrono::system_clock::to_time_t(std::chrono::system_clock::time_point{time.time_since_epoch()});
}

Result<std::string> textOf(BIO* bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

Result<KeyAndCertificate> toPem(X509* certificate, EVP_PKEY* key)
{
    const BioPtr certificateText{BIO_new(BIO_s_mem())};
    const BioPtr keyText{BIO_new(BIO_s_secmem())}; // wiped when it is freed
    if (PEM_write_bio_X509(certificateText.get(), certificate) != 1 ||
        PEM_write_bio_PKCS8PrivateKey(keyText.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        return failed("PEM_write_bio");
    }
    char* secret = nullptr;
    const long size = BIO_get_mem_data(keyText.get(), &secret);
    TRY_ASSIGN(auto text, textOf(certificateText.get()));
    return KeyAndCertificate{std::move(text), SecretBytes::copyOf(asBytes({secret, static_cast<std::size_t>(size)}))};
}

/// The first certificate of a PEM text.
Result<X509Ptr> certificateOf(const std::string& pem)
{
    TRY_ASSIGN(auto certificates, x509FromPem(asBytes(pem)));
    return std::move(certificates.front());
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

Result<void> setCommonName(X509* certificate, const std::string& name)
{
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

/// A certificate that lacks issuer, extensions and signature.
Result<X509Ptr> draft(EVP_PKEY* key, const std::string& name, UtcTime now, std::chrono::days lifetime)
{
    const auto begin = now - kBackdated;
    X509Ptr certificate{X509_new()};
    if (!certificate || X509_set_version(certificate.get(), kVersion3) != 1 ||
        ASN1_TIME_set(X509_getm_notBefore(certificate.get()), secondsOf(begin)) == nullptr ||
        ASN1_TIME_set(X509_getm_notAfter(certificate.get()), secondsOf(begin + lifetime)) == nullptr ||
        X509_set_pubkey(certificate.get(), key) != 1) {
        return failed("X509_new");
    }
    TRY(setSerial(certificate.get()));
    TRY(setCommonName(certificate.get(), name));
    return certificate;
}

Result<void> sign(X509* certificate, EVP_PKEY* key)
{
    return X509_sign(certificate, key, EVP_sha256()) > 0 ? Result<void>{} : failed("X509_sign");
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

bool namesHost(X509* certificate, const std::string& name)
{
    return isAddress(name) ? X509_check_ip_asc(certificate, name.c_str(), 0) == 1
                           : X509_check_host(certificate, name.c_str(), name.size(), 0, nullptr) == 1;
}

} // namespace

Result<KeyAndCertificate> makeAuthority(UtcTime now)
{
    const EvpPkeyPtr key{EVP_EC_gen("P-256")};
    if (!key) {
        return failed("EVP_EC_gen");
    }
    TRY_ASSIGN(const auto certificate, draft(key.get(), "enroll-service authority", now, kAuthorityLifetime));
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    TRY(addExtension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0"));
    TRY(addExtension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign"));
    TRY(addExtension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash"));
    TRY(sign(certificate.get(), key.get()));
    return toPem(certificate.get(), key.get());
}

Result<KeyAndCertificate> makeServerCertificate(const KeyAndCertificate& authority,
                                                const std::vector<std::string>& names, UtcTime now)
{
    TRY_ASSIGN(const auto issuer, prefixed("the authority: ", certificateOf(authority.certificate)));
    TRY_ASSIGN(const auto issuerKey, prefixed("the authority: ", privateKeyFromPem(authority.privateKey.view())));
    const EvpPkeyPtr key{EVP_EC_gen("P-256")};
    if (!key) {
        return failed("EVP_EC_gen");
    }
    TRY_ASSIGN(const auto certificate, draft(key.get(), names.front(), now, kServerLifetime));
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
    TRY(addExtension(certificate.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE"));
    TRY(addExtension(certificate.get(), issuer.get(), NID_key_usage, "critical,digitalSignature"));
    TRY(addExtension(certificate.get(), issuer.get(), NID_ext_key_usage, "serverAuth"));
    TRY(addExtension(certificate.get(), issuer.get(), NID_subject_alt_name, alternativeNames(names)));
    TRY(addExtension(certificate.get(), issuer.get(), NID_subject_key_identifier, "hash"));
    TRY(addExtension(certificate.get(), issuer.get(), NID_authority_key_identifier, "keyid"));
    TRY(sign(certificate.get(), issuerKey.get()));
    return toPem(certificate.get(), key.get());
}

bool servesNames(const std::string& certificate, const std::string& authority, const std::vector<std::string>& names,
                 UtcTime now)
{
    const auto leaf = certificateOf(certificate);
    const auto issuer = certificateOf(authority);
    if (!leaf || !issuer || X509_verify(leaf->get(), X509_get0_pubkey(issuer->get())) != 1) {
        ERR_clear_error();
        return false;
    }
    auto today = secondsOf(now);
    auto soon = secondsOf(now + kRenewBefore);
    return X509_cmp_time(X509_get0_notBefore(leaf->get()), &today) < 0 &&
           X509_cmp_time(X509_get0_notAfter(leaf->get()), &soon) > 0 &&
           std::ranges::all_of(names, [&leaf](const auto& name) { return namesHost(leaf->get(), name); });
}

} // namespace enroll::app::service
