#include "app/service/tls_material.h"
#include "core/base/station_code.h"
#include "core/crypto/certificate.h"
#include "tests/support/must.h"

#include <QTest>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

using namespace enroll;
using namespace enroll::app::service;
using enroll::test::must;
using std::chrono::days;

namespace {

using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using StorePtr = std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)>;

BIO* sourceOf(ByteView pem)
{
    return BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
}

X509Ptr x509Of(const std::string& pem)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> source{sourceOf(asBytes(pem)), BIO_free};
    return {PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr), X509_free};
}

crypto::Certificate certificateOf(const std::string& pem)
{
    return must(crypto::certificatesFromFile(asBytes(pem))).at(0);
}

/// What a TLS client that trusts \p authority alone thinks of a server that shows \p certificate as \p host.
int clientVerdict(const std::string& certificate, const std::string& authority, const std::string& host)
{
    const auto leaf = x509Of(certificate);
    const auto root = x509Of(authority);
    const StorePtr store{X509_STORE_new(), X509_STORE_free};
    X509_STORE_add_cert(store.get(), root.get());
    const StoreContextPtr context{X509_STORE_CTX_new(), X509_STORE_CTX_free};
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
    auto* wanted = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_purpose(wanted, X509_PURPOSE_SSL_SERVER);
    X509_VERIFY_PARAM_set_flags(wanted, X509_V_FLAG_X509_STRICT);
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) != 1) {
        X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size());
    }
    X509_verify_cert(context.get());
    return X509_STORE_CTX_get_error(context.get());
}

bool belongTogether(const KeyAndCertificate& pair)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> source{sourceOf(pair.privateKey.view()), BIO_free};
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
        PEM_read_bio_PrivateKey(source.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
    return X509_check_private_key(x509Of(pair.certificate).get(), key.get()) == 1;
}

} // namespace

/// The service's own authority and server certificate.
class TestTlsMaterial : public QObject {
    Q_OBJECT

    const UtcTime m_now = std::chrono::floor<std::chrono::seconds>(utcNow());
    const std::vector<std::string> m_names{"localhost", "127.0.0.1", "::1", "station.plant.test"};
    KeyAndCertificate m_authority = must(makeAuthority(m_now));

    KeyAndCertificate server() const { return must(makeServerCertificate(m_authority, m_names, m_now)); }

private Q_SLOTS:
    void makesAnAuthorityForTenYears()
    {
        const auto certificate = certificateOf(m_authority.certificate);
        QVERIFY(certificate.isCertificateAuthority());
        QVERIFY(certificate.isSelfIssued());
        QVERIFY(certificate.notAfter() >= m_now + days{3649});
        QVERIFY(belongTogether(m_authority));
    }

    void isGoodOnAClockThatRunsBehind()
    {
        const auto anHourAgo = m_now - std::chrono::hours{1};
        QVERIFY(certificateOf(m_authority.certificate).notBefore() <= anHourAgo);
        QVERIFY(certificateOf(server().certificate).notBefore() <= anHourAgo);
    }

    void isTrustedUnderEachOfItsNames()
    {
        const auto pair = server();
        QVERIFY(belongTogether(pair));
        for (const auto& name : m_names) {
            QCOMPARE(clientVerdict(pair.certificate, m_authority.certificate, name), X509_V_OK);
        }
    }

    void isNotTrustedUnderAnotherName()
    {
        const auto pair = server();
        QCOMPARE(clientVerdict(pair.certificate, m_authority.certificate, "plant.test"), X509_V_ERR_HOSTNAME_MISMATCH);
        QCOMPARE(clientVerdict(pair.certificate, m_authority.certificate, "127.0.0.2"), X509_V_ERR_IP_ADDRESS_MISMATCH);
    }

    void isNotTrustedByWhoTrustsAnotherAuthority()
    {
        const auto other = must(makeAuthority(m_now));
        QVERIFY(clientVerdict(server().certificate, other.certificate, "localhost") != X509_V_OK);
    }

    void signsNothingFurther()
    {
        const auto pair = server();
        QVERIFY(!certificateOf(pair.certificate).isCertificateAuthority());
        const auto below = must(makeServerCertificate(pair, m_names, m_now));
        QVERIFY(clientVerdict(below.certificate, m_authority.certificate, "localhost") != X509_V_OK);
    }

    void lastsNoLongerThanClientsTake()
    {
        const auto certificate = certificateOf(server().certificate);
        QVERIFY(certificate.notAfter() - certificate.notBefore() <= days{825});
        QVERIFY(certificate.notAfter() - certificate.notBefore() >= days{824});
    }

    void numbersEachCertificateAnew()
    {
        QVERIFY(certificateOf(server().certificate).serialNumber() !=
                certificateOf(server().certificate).serialNumber());
    }

    void cannotSignWithoutTheAuthoritysKey()
    {
        const auto pair = makeServerCertificate(KeyAndCertificate{m_authority.certificate, {}}, m_names, m_now);
        QVERIFY(!pair.ok());
        QCOMPARE(pair.error().code, StationCode::KeyMaterialUnusable);
    }

    void cannotSignForAnAuthorityThatIsNone()
    {
        const KeyAndCertificate broken{"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                                       SecretBytes::copyOf(m_authority.privateKey.view())};
        const auto pair = makeServerCertificate(broken, m_names, m_now);
        QVERIFY(!pair.ok());
        QCOMPARE(pair.error().code, StationCode::KeyMaterialUnusable);
    }

    void keepsACertificateThatServes() { QVERIFY(serves(server().certificate, m_names, m_now)); }

    void renewsThirtyDaysBeforeTheEnd()
    {
        const auto pair = server();
        const auto end = certificateOf(pair.certificate).notAfter();
        QVERIFY(serves(pair.certificate, m_names, end - days{30} - std::chrono::seconds{1}));
        QVERIFY(!serves(pair.certificate, m_names, end - days{30}));
    }

    void renewsOneThatIsNotGoodYet()
    {
        const auto pair = server(); // made while the clock was ahead, and the clock was put right since
        QVERIFY(!serves(pair.certificate, m_names, m_now - days{2}));
    }

    void renewsForAFurtherName()
    {
        const auto pair = server();
        QVERIFY(!serves(pair.certificate, {"localhost", "10.0.0.7"}, m_now));
        QVERIFY(!serves(pair.certificate, {"localhost", "other.test"}, m_now));
    }

    void renewsOneOfAnotherAuthority()
    {
        const auto other = must(makeAuthority(m_now));
        QVERIFY(!servesNames(server().certificate, other.certificate, m_names, m_now));
    }

    void renewsWhatCannotBeRead()
    {
        QVERIFY(!serves({}, m_names, m_now));
        QVERIFY(!serves("-----BEGIN CERTIFICATE-----\n", m_names, m_now));
        QVERIFY(!servesNames(server().certificate, {}, m_names, m_now));
    }

private:
    bool serves(const std::string& certificate, const std::vector<std::string>& names, UtcTime now) const
    {
        return servesNames(certificate, m_authority.certificate, names, now);
    }
};

QTEST_APPLESS_MAIN(TestTlsMaterial)
#include "tst_tls_material.moc"
