#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/certificate.h"
#include "tests/support/activation_vectors.h"
#include "tests/support/certificate_maker.h"
#include "tests/support/code_text.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;
using test::hex;
using test::testData;

class TstCertificate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsTheCertificateOfASoftwareTpm();
    void readsTheMakersAttributes();
    void readsTheKeyOfEachKind();
    void readsTheKeyDeclaredAsOaep();
    void endOf9999IsAMoment();
    void serialNumberIsPlainHex_data();
    void serialNumberIsPlainHex();
    void namesStayReadableAndHarmless();
    void tellsAuthoritiesFromLeaves();
    void keyUsageFollowsTheKindOfKey_data();
    void keyUsageFollowsTheKindOfKey();
    void copiesShareTheCertificate();
    void refusesEveryTruncation();
    void refusesTrailingBytes();
    void takesTheCertificateOutOfAnIndex_data();
    void takesTheCertificateOutOfAnIndex();
    void takesSeveralThatLieBackToBack();
    void keepsTheGoodOnesBesideWhatCannotBeRead_data();
    void keepsTheGoodOnesBesideWhatCannotBeRead();
    void readsAChainPastWhatIsNoCertificate();
    void anUnusedIndexHoldsNone_data();
    void anUnusedIndexHoldsNone();
    void refusesAnIndex_data();
    void refusesAnIndex();
    void readsAllCertificatesOfAPemText();
    void readsTheOneOfADerFile();
    void refusesFilesWithoutCertificates_data();
    void refusesFilesWithoutCertificates();

private:
    Bytes m_ek = testData("certificates/swtpm-ek-rsa2048.der");
    Bytes m_ecc = testData("certificates/swtpm-ek-p384.der");
    test::TestKey m_root = test::TestKey::ecc();
    [[nodiscard]] Certificate made(const test::CertificatePlan& plan) const
    {
        return test::makeCertificate(plan, m_root, m_root);
    }
};

void TstCertificate::readsTheCertificateOfASoftwareTpm()
{
    const auto certificate = Certificate::fromDer(m_ek).value();
    QCOMPARE(certificate.der(), m_ek);
    QCOMPARE(certificate.issuer(), std::string{"CN=swtpm-localca"});
    QVERIFY(certificate.hasEkCertificateUsage());
    QCOMPARE(certificate.endorsementKeyUsage(), EndorsementKeyUsage::Fits);
    QVERIFY(!certificate.isSelfIssued());
    QVERIFY(!certificate.isCertificateAuthority());
    QCOMPARE(certificate.sha256Hex().size(), std::size_t{64});
}

void TstCertificate::readsTheMakersAttributes()
{
    const TpmDeviceAttributes expected{"id:00001014", "swtpm", "id:20191023"};
    const auto attributes = Certificate::fromDer(m_ek).value().tpmDeviceAttributes();
    QVERIFY(attributes.has_value());
    QCOMPARE(attributes->manufacturer, expected.manufacturer);
    QCOMPARE(attributes->model, expected.model);
    QCOMPARE(attributes->version, expected.version);
    QVERIFY(!made({}).tpmDeviceAttributes().has_value());
}

void TstCertificate::readsTheKeyOfEachKind()
{
    const auto rsa = std::get<RsaPublicKey>(Certificate::fromDer(m_ek).value().publicKey().value());
    QCOMPARE(rsa.modulus.size(), std::size_t{256});
    QCOMPARE(rsa.exponent, 65537U);
    const auto ecc = std::get<EccPublicKey>(Certificate::fromDer(m_ecc).value().publicKey().value());
    QCOMPARE(ecc.curve, EccCurve::NistP384);
    QVERIFY(requireUsableKey(ecc).ok());
}

void TstCertificate::readsTheKeyDeclaredAsOaep()
{
    const auto key = test::TestKey::fromPem(test::ActivationVectors{}.text("ekPrivatePem"));
    test::CertificatePlan plan;
    plan.keyForm = test::SubjectKeyForm::RsaesOaep;
    const auto certificate = test::makeCertificate(plan, key, m_root);
    QVERIFY(certificate.publicKey().value() == key.publicKey());
    QCOMPARE(certificate.endorsementKeyUsage(), EndorsementKeyUsage::Fits);
}

void TstCertificate::endOf9999IsAMoment()
{
    QCOMPARE(toIso8601(Certificate::fromDer(m_ek).value().notAfter()), std::string{"9999-12-31T23:59:59.000Z"});
}

void TstCertificate::serialNumberIsPlainHex_data()
{
    QTest::addColumn<long>("serial");
    QTest::addColumn<std::string>("text");
    QTest::newRow("zero") << 0L << std::string{"0"};
    QTest::newRow("small") << 10L << std::string{"a"};
    QTest::newRow("odd digits") << 0x1ABL << std::string{"1ab"};
    QTest::newRow("top bit") << 0x80L << std::string{"80"};
    QTest::newRow("negative") << -5L << std::string{"-5"};
}

void TstCertificate::serialNumberIsPlainHex()
{
    QFETCH(long, serial);
    QFETCH(std::string, text);
    test::CertificatePlan plan;
    plan.serial = serial;
    QCOMPARE(made(plan).serialNumber(), text);
}

void TstCertificate::namesStayReadableAndHarmless()
{
    test::CertificatePlan plan;
    plan.subject = "W\xC3\xA4rme, 1\n2";
    plan.issuer = "a\xC2\x9B"
                  "2Jb";
    QCOMPARE(made(plan).subject(), std::string{"CN=W\xC3\xA4rme\\, 1\\0A2"});
    QCOMPARE(made(plan).issuer(), std::string{"CN=a\uFFFD2Jb"});
}

void TstCertificate::tellsAuthoritiesFromLeaves()
{
    const auto root = made(test::authorityPlan("Test Root", "Test Root"));
    QVERIFY(root.isCertificateAuthority());
    QVERIFY(root.isSelfIssued());
    auto plan = test::authorityPlan("Test Root", "Test Root");
    plan.keyUsage = "critical,digitalSignature";
    QVERIFY(!made(plan).isCertificateAuthority());
    QVERIFY(made(plan).claimsToBeAuthority());
    QVERIFY(!made({}).isCertificateAuthority());
    QVERIFY(!made({}).claimsToBeAuthority());
}

void TstCertificate::keyUsageFollowsTheKindOfKey_data()
{
    QTest::addColumn<bool>("rsa");
    QTest::addColumn<std::string>("usage");
    QTest::addColumn<EndorsementKeyUsage>("expected");
    using Usage = EndorsementKeyUsage;
    const auto row = [](const char* name, bool rsa, const char* usage, Usage expected) {
        QTest::newRow(name) << rsa << std::string{usage} << expected;
    };
    row("RSA enciphers keys", true, "keyEncipherment", Usage::Fits);
    row("RSA, and an ECC key's bit", true, "keyAgreement", Usage::OfOtherAlgorithm);
    row("ECC agrees on keys", false, "keyAgreement", Usage::Fits);
    row("ECC, and an RSA key's bit", false, "keyEncipherment", Usage::OfOtherAlgorithm);
    row("both bits", false, "keyEncipherment,keyAgreement", Usage::Fits);
    row("no usage allows all", true, "", Usage::Fits);
    row("another usage", true, "digitalSignature", Usage::Other);
    row("an unreadable usage allows nothing", true, "DER:0500", Usage::Other);
}

void TstCertificate::keyUsageFollowsTheKindOfKey()
{
    QFETCH(bool, rsa);
    QFETCH(std::string, usage);
    QFETCH(EndorsementKeyUsage, expected);
    const auto key =
        rsa ? test::TestKey::fromPem(test::ActivationVectors{}.text("ekPrivatePem")) : test::TestKey::ecc();
    test::CertificatePlan plan;
    plan.keyUsage = usage;
    QCOMPARE(test::makeCertificate(plan, key, m_root).endorsementKeyUsage(), expected);
}

void TstCertificate::copiesShareTheCertificate()
{
    const auto certificate = Certificate::fromDer(m_ek).value();
    const auto copy = certificate; // NOLINT(performance-unnecessary-copy-initialization)
    QCOMPARE(&copy.parsed(), &certificate.parsed());
}

void TstCertificate::refusesEveryTruncation()
{
    for (std::size_t size = 0; size < m_ek.size(); ++size) {
        const auto refused = Certificate::fromDer(ByteView{m_ek}.first(size));
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, DeviceCode::EkCertificateMalformed);
    }
}

void TstCertificate::refusesTrailingBytes()
{
    const auto refused = Certificate::fromDer(concat({m_ek, hex("00")}));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, DeviceCode::EkCertificateMalformed);
}

void TstCertificate::takesTheCertificateOutOfAnIndex_data()
{
    QTest::addColumn<Bytes>("before");
    QTest::addColumn<Bytes>("after");
    QTest::newRow("alone") << Bytes{} << Bytes{};
    QTest::newRow("padded with FF") << Bytes{} << Bytes(600, std::byte{0xFF});
    QTest::newRow("padded with 00") << Bytes{} << Bytes(600);
    QTest::newRow("short header") << hex("10010003f8") << Bytes{};
    QTest::newRow("full header") << hex("10010003fa1002") << Bytes{};
    QTest::newRow("full header and padding") << hex("10010003fa1002") << Bytes(9, std::byte{0xFF});
}

void TstCertificate::takesTheCertificateOutOfAnIndex()
{
    QFETCH(Bytes, before);
    QFETCH(Bytes, after);
    const auto found = certificatesFromNv(concat({before, m_ek, after})).value();
    QCOMPARE(found.certificates.size(), std::size_t{1});
    QCOMPARE(found.certificates.front().der(), m_ek);
    QVERIFY(!found.unreadable.has_value());
}

void TstCertificate::takesSeveralThatLieBackToBack()
{
    const auto found = certificatesFromNv(concat({m_ek, m_ecc, Bytes(9, std::byte{0xFF})})).value();
    QCOMPARE(found.certificates.size(), std::size_t{2});
    QCOMPARE(found.certificates[0].der(), m_ek);
    QCOMPARE(found.certificates[1].der(), m_ecc);
}

void TstCertificate::keepsTheGoodOnesBesideWhatCannotBeRead_data()
{
    QTest::addColumn<Bytes>("content");
    QTest::addColumn<std::size_t>("good");
    QTest::newRow("trailing garbage") << concat({m_ek, hex("0102")}) << std::size_t{1};
    QTest::newRow("mixed padding") << concat({m_ek, hex("ffff00")}) << std::size_t{1};
    QTest::newRow("another, cut off") << concat({m_ek, Bytes{m_ecc.begin(), m_ecc.end() - 1}}) << std::size_t{1};
    QTest::newRow("another behind padding") << concat({m_ek, hex("00"), m_ecc}) << std::size_t{1};
    QTest::newRow("no certificate behind it") << concat({m_ek, hex("3003020101")}) << std::size_t{1};
    QTest::newRow("no certificate before it") << concat({hex("3003020101"), m_ek}) << std::size_t{1};
    QTest::newRow("no certificate between two") << concat({m_ek, hex("3003020101"), m_ecc}) << std::size_t{2};
    Bytes many = m_ek;
    for (std::size_t i = 0; i < kMostChainCertificates; ++i) {
        many = concat({many, m_ecc});
    }
    QTest::newRow("too many") << many << kMostChainCertificates;
}

void TstCertificate::keepsTheGoodOnesBesideWhatCannotBeRead()
{
    QFETCH(Bytes, content);
    QFETCH(std::size_t, good);
    const auto found = certificatesFromNv(content).value();
    QCOMPARE(found.certificates.size(), good);
    QCOMPARE(found.certificates.front().der(), m_ek);
    QVERIFY(found.unreadable && found.unreadable->code == DeviceCode::EkCertificateMalformed);
}

void TstCertificate::readsAChainPastWhatIsNoCertificate()
{
    const auto chain = certificatesFromNvChain(concat({m_ek, hex("3003020101"), m_ecc, Bytes(9, std::byte{0xFF})}));
    QCOMPARE(chain.size(), std::size_t{2});
    QCOMPARE(chain[1].der(), m_ecc);
    for (const auto* padding : {"00", "ffffffff", "000000ffff"}) { // each index may be larger than what it holds
        QCOMPARE(certificatesFromNvChain(concat({m_ek, hex(padding), m_ecc})).size(), std::size_t{2});
    }
    QCOMPARE(certificatesFromNvChain(concat({m_ek, hex("0001"), m_ecc})).size(), std::size_t{1});
    QVERIFY(certificatesFromNvChain(hex("3003")).empty());
}

void TstCertificate::anUnusedIndexHoldsNone_data()
{
    QTest::addColumn<Bytes>("content");
    QTest::newRow("empty") << Bytes{};
    QTest::newRow("FF") << Bytes(1600, std::byte{0xFF});
    QTest::newRow("00") << Bytes(1600);
}

void TstCertificate::anUnusedIndexHoldsNone()
{
    QFETCH(Bytes, content);
    QVERIFY(certificatesFromNv(content).value().certificates.empty());
}

void TstCertificate::refusesAnIndex_data()
{
    QTest::addColumn<Bytes>("content");
    QTest::newRow("cut off") << Bytes{m_ek.begin(), m_ek.end() - 1};
    QTest::newRow("FF then 00") << hex("ffffff00");
    QTest::newRow("header alone") << hex("1001000000");
    QTest::newRow("indefinite length") << hex("30800000");
    QTest::newRow("length of four bytes") << hex("308400000001ff");
    QTest::newRow("length of a gigabyte") << hex("3083ffffff00");
    QTest::newRow("one byte") << hex("30");
    QTest::newRow("an empty sequence") << hex("3000");
    QTest::newRow("two that are none") << hex("30003003020101");
}

void TstCertificate::refusesAnIndex()
{
    QFETCH(Bytes, content);
    const auto refused = certificatesFromNv(content);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, DeviceCode::EkCertificateMalformed);
}

void TstCertificate::readsAllCertificatesOfAPemText()
{
    const auto text = concat({asBytes("A comment before the first.\n"), testData("certificates/swtpm-root.pem"),
                              testData("certificates/swtpm-intermediate.pem")});
    const auto certificates = certificatesFromFile(text).value();
    QCOMPARE(certificates.size(), std::size_t{2});
    QCOMPARE(certificates[0].subject(), std::string{"CN=swtpm-localca-rootca"});
    QCOMPARE(certificates[1].subject(), std::string{"CN=swtpm-localca"});
}

void TstCertificate::readsTheOneOfADerFile()
{
    const auto certificates = certificatesFromFile(m_ek).value();
    QCOMPARE(certificates.size(), std::size_t{1});
    QCOMPARE(certificates[0].der(), m_ek);
}

void TstCertificate::refusesFilesWithoutCertificates_data()
{
    QTest::addColumn<Bytes>("content");
    QTest::addColumn<QString>("code");
    const auto pem = testData("certificates/swtpm-root.pem");
    QTest::newRow("empty") << Bytes{} << test::textOf(StationCode::KeyMaterialUnusable);
    QTest::newRow("text") << toBytes(asBytes("no certificate")) << test::textOf(StationCode::KeyMaterialUnusable);
    QTest::newRow("a key alone") << toBytes(asBytes(test::TestKey::ecc().pem()))
                                 << test::textOf(StationCode::KeyMaterialUnusable);
    QTest::newRow("PEM without its end") << Bytes{pem.begin(), pem.begin() + 200}
                                         << test::textOf(StationCode::KeyMaterialUnusable);
    QTest::newRow("PEM around something else")
        << toBytes(asBytes("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"))
        << test::textOf(DeviceCode::EkCertificateMalformed);
    QTest::newRow("DER of something else") << hex("3000") << test::textOf(DeviceCode::EkCertificateMalformed);
}

void TstCertificate::refusesFilesWithoutCertificates()
{
    QFETCH(Bytes, content);
    QFETCH(QString, code);
    const auto refused = certificatesFromFile(content);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, test::codeNamed(code));
}

QTEST_APPLESS_MAIN(TstCertificate)
#include "tst_certificate.moc"
