#include "core/attestation/certified_maker.h"
#include "tests/support/certificate_maker.h"
#include "tests/support/der_text.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;
using namespace enroll::test;

namespace {

/// A certificate of \p issuer with one maker and one model in its subject alternative name; without, where \p maker is empty.
crypto::Certificate certificateOf(const std::string& issuer, const std::string& maker, const std::string& model = {})
{
    CertificatePlan plan;
    plan.issuer = issuer;
    if (!maker.empty()) {
        const auto part = [](const char* oid, const std::string& text) {
            return derElement("31", derElement("30", oid + derText(text.c_str())));
        };
        const auto parts =
            part("06056781050201", maker) + (model.empty() ? std::string{} : part("06056781050202", model));
        plan.extensions = {{"subjectAltName", "DER:" + derElement("30", derElement("a4", derElement("30", parts)))}};
    }
    static const auto key = TestKey::ecc();
    return makeCertificate(plan, key, key);
}

constexpr auto kInfineon = "id:49465800";
constexpr auto kChipMaker = "Infineon OPTIGA(TM) RSA Manufacturing CA 042";

} // namespace

class tst_certified_maker : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Names of authorities as their certificates have them, RFC 2253.
    void anAuthorityOfSoftwareTpmsIsKnownByItsName_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("software");
        const auto row = [](const char* name, bool software) {
            QTest::newRow(name) << QString::fromLatin1(name) << software;
        };
        row("CN=swtpm-localca", true);
        row("CN=Global Virtual TPM CA - 03", true);
        row("CN=Azure Virtual TPM Root Certificate Authority 2023,O=Microsoft Corporation,L=Redmond,ST=Washington,C=US",
            true);
        row("CN=EK/AK CA Intermediate,OU=Cloud,O=Google LLC,L=Mountain View,ST=California,C=US", true);
        row("CN=VMware TPM EK CA,O=VMware\\, Inc.", true);
        row("CN=Aliyun vTPM EK CA,O=Alibaba Cloud", true);
        row("CN=Infineon OPTIGA(TM) RSA Manufacturing CA 042,OU=OPTIGA(TM) TPM2.0,O=Infineon Technologies AG,C=DE",
            false);
        row("CN=STM TPM EK Intermediate CA 06,O=STMicroelectronics NV,C=CH", false);
        row("CN=Nuvoton TPM Root CA 2111,O=Nuvoton Technology Corporation,C=TW", false);
        row("CN=AMDTPM,OU=Engineering,O=Advanced Micro Devices,L=Sunnyvale,ST=CA,C=US", false);
        row("CN=ODCA 2 CSME P_MCC 00006803 Issuing CA,OU=On Die CSME P_MCC 00006803,O=Intel Corporation,ST=CA,C=US",
            false);
        row("CN=tpm,O=Google LLC,C=US", false); // the maker of a chip
        row("", false);
    }
    void anAuthorityOfSoftwareTpmsIsKnownByItsName()
    {
        QFETCH(const QString, name);
        QFETCH(const bool, software);
        QCOMPARE(isSoftwareTpmAuthority(name.toStdString()), software);
    }

    void aCertificateOfASoftwareTpmIsKnown_data()
    {
        QTest::addColumn<QString>("issuer");
        QTest::addColumn<QString>("maker");
        QTest::addColumn<QString>("model");
        QTest::addColumn<bool>("software");
        const auto row = [](const char* name, const char* issuer, const char* maker, const char* model, bool software) {
            QTest::newRow(name) << QString::fromLatin1(issuer) << QString::fromLatin1(maker)
                                << QString::fromLatin1(model) << software;
        };
        row("a chip's", kChipMaker, kInfineon, "SLB9670", false);
        row("that names no maker", kChipMaker, "", "", false);
        row("with a chip's words, of swtpm's authority", "swtpm-localca", kInfineon, "SLB9670", true);
        row("with a chip's words, of a cloud's authority", "Global Virtual TPM CA - 03", kInfineon, "SLB9670", true);
        row("without any words, of a cloud's authority", "Global Virtual TPM CA - 03", "", "", true);
        row("of a cloud, by a chip maker's authority", kChipMaker, "id:414D5A4E", "NitroTPM", true);
        row("of a simulator", kChipMaker, "id:53494D30", "", true);
        row("of a firmware TPM of the reference code", kChipMaker, "id:4D534654", "SSE fTPM", true);
    }
    void aCertificateOfASoftwareTpmIsKnown()
    {
        QFETCH(const QString, issuer);
        QFETCH(const QString, maker);
        QFETCH(const QString, model);
        QFETCH(const bool, software);
        QCOMPARE(certifiesSoftwareTpm(certificateOf(issuer.toStdString(), maker.toStdString(), model.toStdString())),
                 software);
    }

    void aMakerIsAVendorIdAndNothingElse_data()
    {
        QTest::addColumn<QString>("maker");
        QTest::addColumn<uint>("id");
        QTest::newRow("capitals") << QStringLiteral("id:49465800") << 0x49465800U;
        QTest::newRow("small letters") << QStringLiteral("ID:4e544300") << 0x4E544300U;
        for (const auto* other : {"Infineon", "49465800", "id:4946580", "id:494658000", "id:4946580G", "id: 4946580"}) {
            QTest::newRow(other) << QString::fromLatin1(other) << 0U;
        }
    }
    void aMakerIsAVendorIdAndNothingElse()
    {
        QFETCH(const QString, maker);
        QFETCH(const uint, id);
        const auto certificate = certificateOf(kChipMaker, maker.toStdString());
        QCOMPARE(certifiedManufacturer(certificate).value_or(0), id);
        QVERIFY(!namesSeveralManufacturers(certificate));
        QVERIFY(!certifiedManufacturer(certificateOf(kChipMaker, "")));
    }

    /// STMicroelectronics ends in a space, the others in a zero byte.
    void aMakerIsShownByItsLetters()
    {
        QCOMPARE(manufacturerText(0x53544D20), std::string{"STM"});
        QCOMPARE(manufacturerText(0x49465800), std::string{"IFX"});
        QCOMPARE(certifiedMakerText("id:53544D20"), std::string{"STM"});
        QCOMPARE(certifiedMakerText("id:00001014"), std::string{"id:00001014"}); // swtpm's, which are no letters
    }

    void onlySwtpmsOwnTwoMakersAreAPair()
    {
        QVERIFY(isSwtpmPair(0x00001014, 0x49424D00));
        QVERIFY(!isSwtpmPair(0x49424D00, 0x00001014));
        QVERIFY(!isSwtpmPair(0x00001014, 0x49465800));
        QVERIFY(!isSwtpmPair(0x49465800, 0x49424D00));
    }
};

QTEST_GUILESS_MAIN(tst_certified_maker)
#include "tst_certified_maker.moc"
