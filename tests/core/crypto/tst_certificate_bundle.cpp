#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/certificate_bundle.h"
#include "core/crypto/pem_file.h"
#include "tests/support/certificate_forms.h"
#include "tests/support/certificate_maker.h"
#include "tests/support/code_text.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;
using test::messageOf;
using test::pemBlock;

class TstCertificateBundle : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsEachForm_data();
    void readsEachForm();
    void keepsTheGoodOnesBesideABadOne();
    void aPemTextMayMixItsBlocks();
    void refusesWhatHoldsNoCertificates_data();
    void refusesWhatHoldsNoCertificates();
    void refusesMoreThanTheLimit();
    void pemOfIsReadAgain();

private:
    test::TestKey m_key = test::TestKey::ecc();
    Certificate m_first = test::makeCertificate(test::authorityPlan("First", "First"), m_key, m_key);
    Certificate m_second = test::makeCertificate(test::authorityPlan("Second", "First"), m_key, m_key);
    std::vector<Certificate> m_both{m_first, m_second};
};

namespace {

/// What OpenSSL appends to the certificate of a TRUSTED CERTIFICATE block: an alias, "CA".
constexpr std::array kTrustSettings{std::byte{0x30}, std::byte{0x04}, std::byte{0x0C},
                                    std::byte{0x02}, std::byte{0x43}, std::byte{0x41}};

Bytes bytesOf(const std::string& text)
{
    return toBytes(asBytes(text));
}

/// \p message with the length of its outermost element left open, as Microsoft's tools write it.
Bytes withIndefiniteLength(const Bytes& message)
{
    const std::size_t header = 2 + (std::to_integer<std::size_t>(message.at(1)) & 0x7FU);
    return concat({Bytes{std::byte{0x30}, std::byte{0x80}}, ByteView{message}.subspan(header),
                   Bytes{std::byte{0}, std::byte{0}}});
}

} // namespace

void TstCertificateBundle::readsEachForm_data()
{
    QTest::addColumn<Bytes>("content");
    QTest::addColumn<int>("count");
    const auto& der = m_first.der();
    const auto message = messageOf(m_both);
    QTest::newRow("PEM") << bytesOf(pemBlock("CERTIFICATE", der)) << 1;
    QTest::newRow("PEM with Windows line ends") << bytesOf(QString::fromStdString(pemBlock("CERTIFICATE", der))
                                                               .replace(QLatin1Char('\n'), QStringLiteral("\r\n"))
                                                               .toStdString())
                                                << 1;
    QTest::newRow("PEM, X509 CERTIFICATE") << bytesOf(pemBlock("X509 CERTIFICATE", der)) << 1;
    QTest::newRow("PEM, TRUSTED CERTIFICATE")
        << bytesOf(pemBlock("TRUSTED CERTIFICATE", concat({der, kTrustSettings}))) << 1;
    QTest::newRow("PEM, PKCS7") << bytesOf(pemBlock("PKCS7", message)) << 2;
    QTest::newRow("PEM, PKCS #7 SIGNED DATA") << bytesOf(pemBlock("PKCS #7 SIGNED DATA", message)) << 2;
    QTest::newRow("DER") << der << 1;
    QTest::newRow("DER and a line end") << concat({der, asBytes("\r\n")}) << 1;
    QTest::newRow("PKCS#7, DER") << message << 2;
    QTest::newRow("PKCS#7, DER and a line end") << concat({message, asBytes("\n")}) << 2;
    QTest::newRow("PKCS#7, BER of indefinite length") << withIndefiniteLength(message) << 2;
    QTest::newRow("base64") << bytesOf(toBase64(der)) << 1;
    QTest::newRow("base64 in lines") << bytesOf(toBase64(der).insert(64, "\r\n") + "\n") << 1;
    QTest::newRow("base64 behind a byte order mark") << bytesOf("\xEF\xBB\xBF" + toBase64(der)) << 1;
    QTest::newRow("base64 of PKCS#7") << bytesOf(toBase64(message)) << 2;
}

void TstCertificateBundle::readsEachForm()
{
    QFETCH(Bytes, content);
    QFETCH(int, count);
    const auto bundle = readCertificateBundle(content);
    QVERIFY2(bundle.ok(), bundle.ok() ? "" : bundle.error().what.c_str());
    QVERIFY(bundle->refused.empty());
    QCOMPARE(bundle->certificates.size(), static_cast<std::size_t>(count));
    QCOMPARE(bundle->certificates.front().der(), m_first.der());
    QCOMPARE(bundle->certificates.back().der(), m_both.at(static_cast<std::size_t>(count) - 1).der());
}

void TstCertificateBundle::keepsTheGoodOnesBesideABadOne()
{
    const auto text = pemOf(m_first) + pemBlock("CERTIFICATE", asBytes("nonsense")) + pemOf(m_second);
    const auto bundle = readCertificateBundle(asBytes(text)).value();
    QCOMPARE(bundle.certificates.size(), std::size_t{2});
    QCOMPARE(bundle.refused.size(), std::size_t{1});
    QCOMPARE(bundle.refused.front().place, std::size_t{2});
    QCOMPARE(bundle.refused.front().reason.code, DeviceCode::EkCertificateMalformed);
    QVERIFY(!certificatesFromFile(asBytes(text)).ok()); // who wants all of them gets none
}

void TstCertificateBundle::aPemTextMayMixItsBlocks()
{
    const auto text = "A maker's words.\n" + m_key.pem() + pemOf(m_first) + pemBlock("PKCS7", messageOf({m_second}));
    const auto bundle = readCertificateBundle(asBytes(text)).value();
    QCOMPARE(bundle.certificates.size(), std::size_t{2});
    QVERIFY(bundle.refused.empty());
}

void TstCertificateBundle::refusesWhatHoldsNoCertificates_data()
{
    QTest::addColumn<Bytes>("content");
    auto broken = messageOf(m_both);
    broken.resize(broken.size() - 40);
    auto pem = pemOf(m_first);
    QTest::newRow("empty") << Bytes{};
    QTest::newRow("spaces") << bytesOf(" \r\n");
    QTest::newRow("text") << bytesOf("Dear maker,\n");
    QTest::newRow("a key alone") << bytesOf(m_key.pem());
    QTest::newRow("PEM without its end") << bytesOf(pem.substr(0, 200));
    QTest::newRow("PEM with a character that is no base64") << bytesOf(pem.replace(60, 1, "!"));
    QTest::newRow("PEM around a broken message") << bytesOf(pemBlock("PKCS7", broken));
    QTest::newRow("PKCS#7 cut short") << broken;
    QTest::newRow("PKCS#7 with bytes behind it") << concat({messageOf(m_both), asBytes("x")});
    QTest::newRow("PKCS#7 of data") << messageOf({}, NID_pkcs7_data);
    QTest::newRow("PKCS#7 without certificates") << messageOf({});
    QTest::newRow("base64 of a text") << bytesOf(toBase64(asBytes("Dear maker,")));
    QTest::newRow("base64 with a letter missing") << bytesOf(toBase64(m_first.der()).erase(10, 1));
    QTest::newRow("larger than the limit") << Bytes(kLargestCertificateFile + 1, std::byte{0x30});
}

void TstCertificateBundle::refusesWhatHoldsNoCertificates()
{
    QFETCH(Bytes, content);
    const auto refused = readCertificateBundle(content);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
}

void TstCertificateBundle::refusesMoreThanTheLimit()
{
    std::string text;
    const auto block = pemBlock("CERTIFICATE", asBytes("x"));
    for (std::size_t i = 0; i < kMostCertificatesInFile; ++i) {
        text += block;
    }
    QCOMPARE(readCertificateBundle(asBytes(text)).value().refused.size(), kMostCertificatesInFile);
    const auto refused = readCertificateBundle(asBytes(text + block));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
}

void TstCertificateBundle::pemOfIsReadAgain()
{
    QCOMPARE(certificatesFromFile(asBytes(pemOf(m_second))).value().front().der(), m_second.der());
}

QTEST_APPLESS_MAIN(TstCertificateBundle)
#include "tst_certificate_bundle.moc"
