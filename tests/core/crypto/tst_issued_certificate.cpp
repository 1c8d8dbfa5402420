#include "core/base/station_code.h"
#include "core/crypto/certificate.h"
#include "core/crypto/issued_certificate.h"
#include "tests/support/must.h"

#include <QTest>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

using namespace enroll;
using namespace enroll::crypto;
using enroll::test::must;
using std::chrono::days;

namespace {

using BioOwner = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Owner = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyOwner = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using StoreOwner = std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)>;
using ContextOwner = std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)>;

BioOwner sourceOf(ByteView pem)
{
    return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
}

X509Owner x509Of(const std::string& pem)
{
    return {PEM_read_bio_X509(sourceOf(asBytes(pem)).get(), nullptr, nullptr, nullptr), X509_free};
}

Certificate certificateOf(const std::string& pem)
{
    return must(certificatesFromFile(asBytes(pem))).at(0);
}

/// What OpenSSL says of \p certificate for \p purpose to who trusts \p authority alone: X509_V_OK or why not.
int verdictOn(const std::string& certificate, const std::string& authority, int purpose)
{
    const auto leaf = x509Of(certificate);
    const auto root = x509Of(authority);
    const StoreOwner store{X509_STORE_new(), X509_STORE_free};
    X509_STORE_add_cert(store.get(), root.get());
    const ContextOwner context{X509_STORE_CTX_new(), X509_STORE_CTX_free};
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
    X509_STORE_CTX_set_purpose(context.get(), purpose);
    X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context.get()), X509_V_FLAG_X509_STRICT);
    X509_verify_cert(context.get());
    return X509_STORE_CTX_get_error(context.get());
}

bool belongTogether(const std::string& certificate, const SecretBytes& privateKey)
{
    const KeyOwner key{PEM_read_bio_PrivateKey(sourceOf(privateKey.view()).get(), nullptr, nullptr, nullptr),
                       EVP_PKEY_free};
    return X509_check_private_key(x509Of(certificate).get(), key.get()) == 1;
}

} // namespace

class TestIssuedCertificate : public QObject {
    Q_OBJECT

    const UtcTime m_now = std::chrono::floor<std::chrono::seconds>(utcNow());
    KeyAndCertificate m_authority = must(makeAuthority("Plant 1", m_now));

    KeyAndCertificate issued(CertificateRole role, days lifetime = days{825}) const
    {
        return must(makeCertificate(m_authority, {{"st-07.plant.test", "10.7.3.18"}, role, lifetime}, m_now));
    }

private Q_SLOTS:
    void namesTheAuthorityAsItIsTold()
    {
        QCOMPARE(certificateOf(m_authority.certificate).subject(), std::string{"CN=Plant 1"});
        QVERIFY(certificateOf(m_authority.certificate).isCertificateAuthority());
        QVERIFY(belongTogether(m_authority.certificate, m_authority.privateKey));
    }

    void eachRoleIsGoodForItselfAlone()
    {
        const auto client = issued(CertificateRole::Client).certificate;
        const auto server = issued(CertificateRole::Server).certificate;
        QCOMPARE(verdictOn(client, m_authority.certificate, X509_PURPOSE_SSL_CLIENT), X509_V_OK);
        QCOMPARE(verdictOn(client, m_authority.certificate, X509_PURPOSE_SSL_SERVER), X509_V_ERR_INVALID_PURPOSE);
        QCOMPARE(verdictOn(server, m_authority.certificate, X509_PURPOSE_SSL_SERVER), X509_V_OK);
        QCOMPARE(verdictOn(server, m_authority.certificate, X509_PURPOSE_SSL_CLIENT), X509_V_ERR_INVALID_PURPOSE);
    }

    void holdsEachOfItsNames()
    {
        const auto leaf = x509Of(issued(CertificateRole::Server).certificate);
        QCOMPARE(X509_check_host(leaf.get(), "st-07.plant.test", 0, 0, nullptr), 1);
        QCOMPARE(X509_check_ip_asc(leaf.get(), "10.7.3.18", 0), 1);
        QCOMPARE(X509_check_host(leaf.get(), "st-08.plant.test", 0, 0, nullptr), 0);
    }

    void aNameMayBeLongerThanASubjectHasRoom()
    {
        const std::string label(60, 'a'); // DNS allows 63, a commonName 64 in all
        const auto name = label + "." + label + ".test";
        const auto made = must(makeCertificate(m_authority, {{name}, CertificateRole::Server, days{1}}, m_now));
        QCOMPARE(X509_check_host(x509Of(made.certificate).get(), name.c_str(), 0, 0, nullptr), 1);
    }

    void noneOutlivesItsAuthority()
    {
        const auto end = certificateOf(m_authority.certificate).notAfter();
        QCOMPARE(certificateOf(issued(CertificateRole::Client, days{20'000}).certificate).notAfter(), end);
        QVERIFY(certificateOf(issued(CertificateRole::Client, days{30}).certificate).notAfter() < m_now + days{30});
    }

    void anAuthorityThatExpiredSignsNothing()
    {
        const auto late = m_now + kAuthorityLifetime;
        const auto made = makeCertificate(m_authority, {{"a"}, CertificateRole::Client, days{1}}, late);
        QVERIFY(!made.ok());
        QCOMPARE(made.error().code, StationCode::KeyMaterialUnusable);
        QVERIFY(!renewedCertificate(m_authority, issued(CertificateRole::Client).certificate, days{1}, late).ok());
        QVERIFY(renewedCertificate(m_authority, m_authority.certificate, kAuthorityLifetime, late).ok());
    }

    void oneThatIsRenewedKeepsAllButItsDatesAndItsNumber()
    {
        const auto before = issued(CertificateRole::Server, days{10});
        const auto text = must(renewedCertificate(m_authority, before.certificate, days{100}, m_now));
        const auto old = certificateOf(before.certificate);
        const auto renewed = certificateOf(text);
        QVERIFY(belongTogether(text, before.privateKey));
        QCOMPARE(renewed.subject(), old.subject());
        QCOMPARE(renewed.notAfter(), m_now + days{99}); // begins a day before
        QVERIFY(renewed.serialNumber() != old.serialNumber());
        QCOMPARE(X509_check_ip_asc(x509Of(text).get(), "10.7.3.18", 0), 1);
        QCOMPARE(verdictOn(text, m_authority.certificate, X509_PURPOSE_SSL_SERVER), X509_V_OK);
        QCOMPARE(verdictOn(text, m_authority.certificate, X509_PURPOSE_SSL_CLIENT), X509_V_ERR_INVALID_PURPOSE);
    }

    void anAuthorityThatIsRenewedVouchesForWhatItSignedBefore()
    {
        const auto before = issued(CertificateRole::Server);
        const auto text =
            must(renewedCertificate(m_authority, m_authority.certificate, kAuthorityLifetime, m_now + days{3000}));
        QVERIFY(belongTogether(text, m_authority.privateKey));
        QVERIFY(certificateOf(text).notAfter() > certificateOf(m_authority.certificate).notAfter());
        const KeyAndCertificate renewed{text, SecretBytes::copyOf(m_authority.privateKey.view())};
        const auto early = must(renewedCertificate(m_authority, m_authority.certificate, kAuthorityLifetime, m_now));
        QCOMPARE(verdictOn(before.certificate, early, X509_PURPOSE_SSL_SERVER), X509_V_OK);
        QVERIFY(renewedCertificate(renewed, before.certificate, days{1}, m_now + days{3000}).ok());
    }

    void whatAnotherAuthoritySignedIsNotRenewed()
    {
        const auto other = must(makeAuthority("Plant 2", m_now));
        for (const auto& old : {issued(CertificateRole::Server).certificate, m_authority.certificate}) {
            const auto text = renewedCertificate(other, old, days{1}, m_now);
            QVERIFY(!text.ok());
            QCOMPARE(text.error().code, StationCode::KeyMaterialUnusable);
        }
    }

    void whatIsNoCertificateIsNotRenewed()
    {
        for (const auto* old : {"", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
            const auto text = renewedCertificate(m_authority, old, days{1}, m_now);
            QVERIFY(!text.ok());
            QCOMPARE(text.error().code, StationCode::KeyMaterialUnusable);
        }
    }
};

QTEST_APPLESS_MAIN(TestIssuedCertificate)
#include "tst_issued_certificate.moc"
