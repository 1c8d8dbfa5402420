#include "tests/support/tls_authority.h"

#include "core/base/assert.h"
#include "core/base/bytes.h"
#include "core/crypto/openssl_ptr.h"

#include <openssl/pem.h>

namespace enroll::test {
namespace {

using crypto::BioPtr;
using crypto::EvpPkeyPtr;
using crypto::X509Ptr;

constexpr long kDay = 24L * 60L * 60L;

void addExtension(X509* certificate, X509* issuer, int nid, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    ENROLL_ASSERT(extension != nullptr, "an extension that OpenSSL took");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

X509Ptr begin(EVP_PKEY* subject, const std::string& commonName, long serial)
{
    X509Ptr certificate{X509_new()};
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 30 * kDay);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8, u8(asBytes(commonName)),
                               -1, -1, 0);
    X509_set_pubkey(certificate.get(), subject);
    return certificate;
}

X509Ptr selfSigned(EVP_PKEY* key)
{
    auto certificate = begin(key, "Loopback test authority", 1);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    addExtension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    addExtension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    X509_sign(certificate.get(), key, EVP_sha256());
    return certificate;
}

std::string textOf(BIO* memory)
{
    char* text = nullptr;
    const auto size = BIO_get_mem_data(memory, &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string pemOf(X509* certificate)
{
    const BioPtr out{BIO_new(BIO_s_mem())};
    PEM_write_bio_X509(out.get(), certificate);
    return textOf(out.get());
}

std::string pemOf(EVP_PKEY* key)
{
    const BioPtr out{BIO_new(BIO_s_mem())};
    PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return textOf(out.get());
}

} // namespace

struct TlsAuthority::Parts {
    EvpPkeyPtr key{EVP_EC_gen("P-256")};
    X509Ptr certificate = selfSigned(key.get());
};

TlsAuthority::TlsAuthority() : m_parts(std::make_unique<Parts>()) {}

TlsAuthority::~TlsAuthority() = default;

std::string TlsAuthority::certificate() const
{
    return pemOf(m_parts->certificate.get());
}

TlsIdentity TlsAuthority::issue(const std::string& alternativeNames) const
{
    const EvpPkeyPtr key{EVP_EC_gen("P-256")};
    const auto certificate = begin(key.get(), "Loopback test server", 2);
    X509* issuer = m_parts->certificate.get();
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
    addExtension(certificate.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
    addExtension(certificate.get(), issuer, NID_ext_key_usage, "serverAuth");
    addExtension(certificate.get(), issuer, NID_subject_alt_name, alternativeNames);
    X509_sign(certificate.get(), m_parts->key.get(), EVP_sha256());
    return {pemOf(certificate.get()), pemOf(key.get())};
}

} // namespace enroll::test
