#include "core/base/station_code.h"
#include "core/crypto/openssl_pem.h"
#include "tests/support/certificate_maker.h"

#include <QTest>

#include <openssl/err.h>
#include <openssl/pem.h>

using namespace enroll;
using namespace enroll::crypto;
using namespace enroll::test;

namespace {

constexpr std::string_view kPassphrase = "secret";

enum class Form { Pkcs8, Traditional };

std::string encryptedPem(const TestKey& key, Form form)
{
    const BioPtr out{BIO_new(BIO_s_mem())};
    const auto* text = reinterpret_cast<const unsigned char*>(kPassphrase.data());
    const auto size = static_cast<int>(kPassphrase.size());
    const int written = form == Form::Pkcs8
                            ? PEM_write_bio_PKCS8PrivateKey(out.get(), key.handle(), EVP_aes_256_cbc(),
                                                            kPassphrase.data(), size, nullptr, nullptr)
                            : PEM_write_bio_PrivateKey_traditional(out.get(), key.handle(), EVP_aes_256_cbc(), text,
                                                                   size, nullptr, nullptr);
    if (written != 1) {
        qFatal("the key cannot be written");
    }
    char* data = nullptr;
    const long length = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(length)};
}

} // namespace

class TestOpensslPem : public QObject {
    Q_OBJECT

    const TestKey m_key = TestKey::ecc();

private Q_SLOTS:
    void readsAKey() { QVERIFY(privateKeyFromPem(asBytes(m_key.pem())).ok()); }

    void neverAsksForAPassphrase()
    {
        for (const auto form : {Form::Pkcs8, Form::Traditional}) {
            const auto refused = privateKeyFromPem(asBytes(encryptedPem(m_key, form)));
            QVERIFY(!refused.ok());
            QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
            QCOMPARE(refused.error().what, std::string{"the key file is encrypted; give one without a passphrase"});
            QCOMPARE(ERR_peek_error(), 0UL);
        }
    }

    void saysThatATextIsEmpty()
    {
        QCOMPARE(privateKeyFromPem({}).error().what, std::string{"it is empty"});
        QCOMPARE(x509FromPem({}).error().what, std::string{"it is empty"});
        QCOMPARE(x509FromPem({}).error().code, StationCode::KeyMaterialUnusable);
    }

    void refusesWhatIsNoKey()
    {
        for (const std::string_view text : {"junk", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
            const auto refused = privateKeyFromPem(asBytes(text));
            QVERIFY(!refused.ok());
            QCOMPARE(refused.error().what, std::string{"it holds no private key in PEM form"});
        }
    }

    void refusesWhatIsNoCertificate()
    {
        for (const auto& text : {std::string{}, std::string{"junk"}, m_key.pem(),
                                 std::string{"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}}) {
            const auto refused = x509FromPem(asBytes(text));
            QVERIFY(!refused.ok());
            QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
            QCOMPARE(ERR_peek_error(), 0UL);
        }
    }
};

QTEST_APPLESS_MAIN(TestOpensslPem)
#include "tst_openssl_pem.moc"
