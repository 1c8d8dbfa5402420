#include "tests/support/ek_authority.h"

#include "core/base/assert.h"
#include "core/crypto/openssl_ptr.h"
#include "tests/support/must.h"

#include <openssl/pem.h>

namespace enroll::test {
namespace {

using crypto::EvpPkeyPtr;
using crypto::X509Ptr;

struct NameFree {
    void operator()(X509_NAME* name) const noexcept { X509_NAME_free(name); }
};
using NamePtr = std::unique_ptr<X509_NAME, NameFree>;

void addText(X509_NAME* name, const char* field, const std::string& text)
{
    ASN1_OBJECT* object = OBJ_txt2obj(field, 0);
    const ByteView bytes = asBytes(text);
    const int added =
        X509_NAME_add_entry_by_OBJ(name, object, MBSTRING_UTF8, u8(bytes), static_cast<int>(bytes.size()), -1, 0);
    ENROLL_ASSERT(added == 1, "a name that OpenSSL took");
    ASN1_OBJECT_free(object);
}

/// No extension where \p value is empty.
void addExtension(X509* certificate, X509* issuer, int nid, const std::string& value)
{
    if (value.empty()) {
        return;
    }
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    ENROLL_ASSERT(extension != nullptr, "an extension that OpenSSL took");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/// The maker's words about the TPM: a directory name inside the subject's alternative name.
void addDeviceName(X509* certificate, const std::string& manufacturer)
{
    NamePtr directory{X509_NAME_new()};
    addText(directory.get(), "2.23.133.2.1", manufacturer);
    addText(directory.get(), "2.23.133.2.2", "SLB9670");
    addText(directory.get(), "2.23.133.2.3", "id:0755");
    GENERAL_NAME* general = GENERAL_NAME_new();
    GENERAL_NAME_set0_value(general, GEN_DIRNAME, directory.release());
    GENERAL_NAMES* names = GENERAL_NAMES_new();
    sk_GENERAL_NAME_push(names, general);
    X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 1, X509V3_ADD_DEFAULT);
    GENERAL_NAMES_free(names);
}

X509Ptr begin(EVP_PKEY* subjectKey, long serial, std::chrono::days from, std::chrono::days until)
{
    X509Ptr certificate{X509_new()};
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), std::chrono::seconds{from}.count());
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), std::chrono::seconds{until}.count());
    X509_set_pubkey(certificate.get(), subjectKey);
    return certificate;
}

X509Ptr selfSigned(EVP_PKEY* key)
{
    auto certificate = begin(key, 1, std::chrono::days{-365}, std::chrono::days{7300});
    addText(X509_get_subject_name(certificate.get()), "CN", "Test TPM maker root");
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    addExtension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    addExtension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    X509_sign(certificate.get(), key, EVP_sha256());
    return certificate;
}

Bytes derOf(X509* certificate)
{
    unsigned char* buffer = nullptr;
    const int size = i2d_X509(certificate, &buffer);
    ENROLL_ASSERT(size > 0, "a certificate that OpenSSL wrote");
    const auto* first = reinterpret_cast<const std::byte*>(buffer);
    Bytes der{first, first + size};
    OPENSSL_free(buffer);
    return der;
}

} // namespace

struct EkAuthority::Parts {
    EvpPkeyPtr key{EVP_EC_gen("P-256")};
    X509Ptr certificate = selfSigned(key.get());
};

EkAuthority::EkAuthority() : m_parts(std::make_unique<Parts>()) {}

EkAuthority::~EkAuthority() = default;

Bytes EkAuthority::issue(const std::string& subjectPem, const EkCertificateOptions& options) const
{
    const crypto::BioPtr source{BIO_new_mem_buf(subjectPem.data(), static_cast<int>(subjectPem.size()))};
    const EvpPkeyPtr subject{PEM_read_bio_PrivateKey(source.get(), nullptr, nullptr, nullptr)};
    const bool rsa = EVP_PKEY_is_a(subject.get(), "RSA") == 1;
    const auto certificate = begin(subject.get(), 0x1234, options.validFrom, options.validUntil);
    X509* issuer = m_parts->certificate.get();
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
    addExtension(certificate.get(), issuer, NID_basic_constraints, options.basicConstraints);
    addExtension(certificate.get(), issuer, NID_key_usage,
                 options.keyUsage.value_or(rsa ? "critical,keyEncipherment" : "critical,keyAgreement"));
    addExtension(certificate.get(), issuer, NID_ext_key_usage, options.extendedKeyUsage);
    if (!options.manufacturer.empty()) {
        addDeviceName(certificate.get(), options.manufacturer);
    }
    X509_sign(certificate.get(), m_parts->key.get(), EVP_sha256());
    return derOf(certificate.get());
}

crypto::TrustStore EkAuthority::anchors() const
{
    crypto::TrustStore store;
    must(store.add(must(crypto::Certificate::fromDer(derOf(m_parts->certificate.get())))));
    return store;
}

} // namespace enroll::test
