#pragma once

#include "core/crypto/certificate.h"
#include "core/crypto/openssl_ptr.h"

namespace enroll::test {

/// A key pair made for one test.
class TestKey {
public:
    static TestKey ecc(crypto::EccCurve curve = crypto::EccCurve::NistP256);
    static TestKey rsa(unsigned bits);
    static TestKey fromPem(const std::string& pem);
    /// Of a device's key, whose private half nobody has: it can be certified and signs nothing.
    static TestKey fromPublicPem(const std::string& pem);

    [[nodiscard]] std::string pem() const; ///< PKCS#8
    [[nodiscard]] crypto::PublicKey publicKey() const;
    [[nodiscard]] EVP_PKEY* handle() const noexcept { return m_key.get(); }

private:
    explicit TestKey(crypto::EvpPkeyPtr key) : m_key(std::move(key)) {}
    crypto::EvpPkeyPtr m_key;
};

struct TestExtension {
    std::string oid;
    bool critical = false;
};

enum class SubjectKeyForm { Usual, RsaesOaep };
enum class TestSignature { Sha256, Sha1, Md5 };

/// What stands in a certificate. The defaults make a good EK certificate; a negative case changes one field.
struct CertificatePlan {
    std::string subject = "EK"; ///< empty: a name without parts
    std::string issuer = "Test Root";
    UtcTime notBefore = UtcTime{std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}};
    UtcTime notAfter = UtcTime{std::chrono::sys_days{std::chrono::year{2040} / 1 / 1}};
    long serial = 0x1001;
    std::string basicConstraints = "critical,CA:FALSE";
    std::string keyUsage = "critical,keyEncipherment"; ///< empty: no extension
    std::string extendedKeyUsage = "2.23.133.8.1";     ///< empty: no extension
    std::vector<TestExtension> others = {};
    /// Further extensions by OpenSSL's names, with values as in its configuration: {"subjectKeyIdentifier", "DER:0401AA"}.
    std::vector<std::pair<std::string, std::string>> extensions = {};
    int version = 3; ///< 1: without any extension
    SubjectKeyForm keyForm = SubjectKeyForm::Usual;
    TestSignature signature = TestSignature::Sha256;
};

/// The plan of a root or, with another \p issuer, of an intermediate.
CertificatePlan authorityPlan(std::string subject, std::string issuer);

/// Makes and signs the certificate. Ends the process if OpenSSL refuses: a plan is part of the test's source.
crypto::Certificate makeCertificate(const CertificatePlan& plan, const TestKey& subject, const TestKey& issuer);

} // namespace enroll::test
