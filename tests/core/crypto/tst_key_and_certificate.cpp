#include "core/base/station_code.h"
#include "core/crypto/issued_certificate.h"
#include "core/system/durable_file.h"
#include "tests/support/must.h"

#include <QTemporaryDir>
#include <QTest>

using namespace enroll;
using namespace enroll::crypto;
using enroll::test::must;
using std::chrono::days;
using system::FileMode;

class TestKeyAndCertificate : public QObject {
    Q_OBJECT

    const UtcTime m_now = std::chrono::floor<std::chrono::seconds>(utcNow());
    QTemporaryDir m_directory;
    KeyAndCertificate m_authority = must(makeAuthority("Plant 1", m_now));
    KeyAndCertificate m_pair =
        must(makeCertificate(m_authority, {{"a.test"}, CertificateRole::Client, days{30}}, m_now));

    std::filesystem::path path(const char* name) const
    {
        return std::filesystem::path{m_directory.path().toStdString()} / name;
    }
    std::filesystem::path written(const char* name, ByteView content, FileMode mode = FileMode::OwnerOnly) const
    {
        system::writeDurably(path(name), content, mode).value();
        return path(name);
    }
    static void requireRefused(const Result<KeyAndCertificate>& read, StationCode code, const std::string& named)
    {
        QVERIFY(!read.ok());
        QCOMPARE(read.error().code, code);
        QVERIFY2(read.error().what.find(named) != std::string::npos, read.error().what.c_str());
    }

private Q_SLOTS:
    void readsThemFromTwoFilesAndFromOne()
    {
        const auto certificate = written("c.pem", asBytes(m_pair.certificate), FileMode::AnyReader);
        const auto key = written("k.pem", m_pair.privateKey.view());
        QCOMPARE(must(readKeyAndCertificate(certificate, key)).certificate, m_pair.certificate);
        const SecretBytes text{concat({asBytes(m_pair.certificate), m_pair.privateKey.view()})};
        const auto both = written("both.pem", text.view());
        QCOMPARE(must(readKeyAndCertificate(both, both)).certificate, m_pair.certificate);
    }

    void keepsTheChainBehindTheCertificate()
    {
        const auto chain = m_pair.certificate + m_authority.certificate;
        const auto certificate = written("chain.pem", asBytes(chain));
        QCOMPARE(must(readKeyAndCertificate(certificate, written("k.pem", m_pair.privateKey.view()))).certificate,
                 chain);
    }

    void aKeyThatOthersCanReachIsRefused()
    {
        const auto certificate = written("c.pem", asBytes(m_pair.certificate));
        const auto key = written("open.pem", m_pair.privateKey.view(), FileMode::AnyReader);
        requireRefused(readKeyAndCertificate(certificate, key), StationCode::FileUnusable, "chmod 600");
    }

    void anotherCertificatesKeyIsRefused()
    {
        const auto certificate = written("c.pem", asBytes(m_pair.certificate));
        const auto key = written("other.pem", m_authority.privateKey.view());
        requireRefused(readKeyAndCertificate(certificate, key), StationCode::KeyMaterialUnusable, "other.pem");
    }

    void whatIsMissingIsNamed()
    {
        const auto certificate = written("c.pem", asBytes(m_pair.certificate));
        requireRefused(readKeyAndCertificate(certificate, path("none.pem")), StationCode::FileUnusable, "none.pem");
        requireRefused(readKeyAndCertificate(path("none.pem"), certificate), StationCode::FileUnusable, "none.pem");
        requireRefused(readKeyAndCertificate(certificate, certificate), StationCode::KeyMaterialUnusable,
                       "no private key");
    }

    void oneThatExpiredIsToldFromOneThatIsNotValidYet()
    {
        QVERIFY(requireUnexpired(m_pair, "c.pem", m_now).ok());
        QVERIFY(requireUnexpired(m_pair, "c.pem", m_now - days{100}).ok());
        const auto late = requireUnexpired(m_pair, "c.pem", m_now + days{30});
        QVERIFY(!late.ok());
        QCOMPARE(late.error().code, StationCode::KeyMaterialUnusable);
        QVERIFY2(late.error().what.starts_with("c.pem: "), late.error().what.c_str());
    }
};

QTEST_APPLESS_MAIN(TestKeyAndCertificate)
#include "tst_key_and_certificate.moc"
