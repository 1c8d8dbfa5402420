#include "tests/support/certificate_maker.h"

#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_key.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace enroll::test {
namespace {

using namespace enroll::crypto;

void require(bool done, const char* step)
{
    if (!done) {
        std::fprintf(stderr, "making a test certificate: %s\n", step);
        ERR_print_errors_fp(stderr);
        std::abort();
    }
}

void setName(X509_NAME* name, const std::string& commonName)
{
    if (commonName.empty()) {
        return;
    }
    const auto* text = reinterpret_cast<const unsigned char*>(commonName.c_str());
    require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1, "name");
}

void setTime(ASN1_TIME* field, UtcTime time)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    require(ASN1_TIME_adj(field, seconds, 0, 0) != nullptr, "time");
}

void addExtension(X509* x509, int nid, const std::string& value)
{
    if (value.empty()) {
        return;
    }
    auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    require(extension != nullptr && X509_add_ext(x509, extension, -1) == 1, "extension");
    X509_EXTENSION_free(extension);
}

void addUnknown(X509* x509, const TestExtension& wanted)
{
    auto* oid = OBJ_txt2obj(wanted.oid.c_str(), 1);
    auto* value = ASN1_OCTET_STRING_new();
    const std::array<unsigned char, 2> null{0x05, 0x00};
    ASN1_OCTET_STRING_set(value, null.data(), 2);
    auto* extension = X509_EXTENSION_create_by_OBJ(nullptr, oid, wanted.critical ? 1 : 0, value);
    require(extension != nullptr && X509_add_ext(x509, extension, -1) == 1, "unknown extension");
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(value);
    ASN1_OBJECT_free(oid);
}

void declareOaep(X509* x509, EVP_PKEY* key)
{
    unsigned char* encoded = nullptr;
    const int size = i2d_PublicKey(key, &encoded);
    require(size > 0 && X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(x509), OBJ_nid2obj(NID_rsaesOaep), V_ASN1_NULL,
                                               nullptr, encoded, size) == 1,
            "rsaesOaep");
}

const EVP_MD* digestOf(TestSignature signature)
{
    switch (signature) {
    case TestSignature::Sha1:
        return EVP_sha1();
    case TestSignature::Md5:
        return EVP_md5();
    case TestSignature::Sha256:
        break;
    }
    return EVP_sha256();
}

void fill(X509* x509, const CertificatePlan& plan)
{
    require(X509_set_version(x509, plan.version - 1) == 1, "version");
    ASN1_INTEGER_set(X509_get_serialNumber(x509), plan.serial);
    setName(X509_get_subject_name(x509), plan.subject);
    setName(X509_get_issuer_name(x509), plan.issuer);
    setTime(X509_getm_notBefore(x509), plan.notBefore);
    setTime(X509_getm_notAfter(x509), plan.notAfter);
    if (plan.version < 3) {
        return;
    }
    addExtension(x509, NID_basic_constraints, plan.basicConstraints);
    addExtension(x509, NID_key_usage, plan.keyUsage);
    addExtension(x509, NID_ext_key_usage, plan.extendedKeyUsage);
    for (const auto& other : plan.others) {
        addUnknown(x509, other);
    }
    for (const auto& [name, value] : plan.extensions) {
        addExtension(x509, OBJ_txt2nid(name.c_str()), value);
    }
}

} // namespace

TestKey TestKey::ecc(EccCurve curve)
{
    EvpPkeyPtr key{EVP_EC_gen(opensslCurveName(curve))};
    require(key != nullptr, "key");
    return TestKey{std::move(key)};
}

TestKey TestKey::rsa(unsigned bits)
{
    EvpPkeyPtr key{EVP_RSA_gen(bits)};
    require(key != nullptr, "key");
    return TestKey{std::move(key)};
}

TestKey TestKey::fromPem(const std::string& pem)
{
    const BioPtr source{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    EvpPkeyPtr key{PEM_read_bio_PrivateKey(source.get(), nullptr, nullptr, nullptr)};
    require(key != nullptr, "key from PEM");
    return TestKey{std::move(key)};
}

TestKey TestKey::fromPublicPem(const std::string& pem)
{
    const BioPtr source{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    EvpPkeyPtr key{PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr)};
    require(key != nullptr, "public key from PEM");
    return TestKey{std::move(key)};
}

std::string TestKey::pem() const
{
    const BioPtr out{BIO_new(BIO_s_mem())};
    require(PEM_write_bio_PKCS8PrivateKey(out.get(), m_key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1, "PEM");
    char* text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

PublicKey TestKey::publicKey() const
{
    return publicKeyFrom(m_key.get()).value();
}

CertificatePlan authorityPlan(std::string subject, std::string issuer)
{
    CertificatePlan plan;
    plan.subject = std::move(subject);
    plan.issuer = std::move(issuer);
    plan.basicConstraints = "critical,CA:TRUE";
    plan.keyUsage = "critical,keyCertSign,cRLSign";
    plan.extendedKeyUsage.clear();
    return plan;
}

Certificate makeCertificate(const CertificatePlan& plan, const TestKey& subject, const TestKey& issuer)
{
    const X509Ptr x509{X509_new()};
    fill(x509.get(), plan);
    require(X509_set_pubkey(x509.get(), subject.handle()) == 1, "public key");
    if (plan.keyForm == SubjectKeyForm::RsaesOaep) {
        declareOaep(x509.get(), subject.handle());
    }
    require(X509_sign(x509.get(), issuer.handle(), digestOf(plan.signature)) > 0, "signature");
    unsigned char* der = nullptr;
    const int size = i2d_X509(x509.get(), &der);
    require(size > 0, "DER");
    const OpenSslMemoryPtr<unsigned char> owned{der};
    return Certificate::fromDer(std::as_bytes(std::span{der, static_cast<std::size_t>(size)})).value();
}

} // namespace enroll::test
