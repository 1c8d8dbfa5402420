#include "app/enrollctl/ek_lens_document.h"
#include "core/crypto/base64.h"
#include "tests/core/enrollment/ek_lens_samples.h"

#include <QJsonArray>
#include <QTest>

using namespace enroll;
using namespace enroll::app::enrollctl;
using namespace enroll::test;

class TestEkLensDocument : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void documentShowsTheEnrolledKeyFirst();
    void saysWhyNoKeyIsTheEnrolledOne();
    void textSaysTheSameToPeople();
};

void TestEkLensDocument::documentShowsTheEnrolledKeyFirst()
{
    const auto enrolled = makeEndorsementKey(KeyKind::Rsa2048);
    const auto other = makeEndorsementKey(KeyKind::EccP256);
    enrollment::EkLens lens;
    lens.keys = {lensOf(enrolled, std::nullopt, {}), lensOf(other, std::nullopt, {})};

    lens.keys.back().weaknesses = {{crypto::Weakness::Roca, "has the shape of ROCA"}};
    lens.keys.back().keyFault = "it is weak";

    const auto document = ekLensDocument(lens, "tcp://127.0.0.1:1", {});
    const auto keys = document.value(QStringLiteral("endorsementKeys")).toArray();
    QCOMPARE(keys.size(), 2);
    QCOMPARE(document.value(QStringLiteral("enrolled")).toInt(-1), 0);
    QCOMPARE(document.value(QStringLiteral("public")).toString().toStdString(),
             crypto::toBase64(attestation::marshalPublic(enrolled.area)));
    QCOMPARE(keys.at(0).toObject().value(QStringLiteral("public")), document.value(QStringLiteral("public")));
    QCOMPARE(keys.at(0).toObject().value(QStringLiteral("handle")).toString(), QStringLiteral("0x81010001"));
    QCOMPARE(keys.at(1).toObject().value(QStringLiteral("algorithm")).toString(), QStringLiteral("ecc-p256"));
    QVERIFY(keys.at(0).toObject().value(QStringLiteral("fault")).isNull());
    QCOMPARE(keys.at(1).toObject().value(QStringLiteral("fault")).toString(), QStringLiteral("it is weak"));
    const auto weak = keys.at(1).toObject().value(QStringLiteral("weaknesses")).toArray();
    QCOMPARE(weak.at(0).toObject().value(QStringLiteral("weakness")).toString(), QStringLiteral("roca"));
    const auto findings = keys.at(0).toObject().value(QStringLiteral("findings")).toArray();
    QCOMPARE(findings.at(0).toObject().value(QStringLiteral("id")).toString(),
             QStringLiteral("ek-certificate-missing"));
    const auto acceptors = document.value(QStringLiteral("acceptedBy")).toArray();
    QCOMPARE(acceptors.at(0).toObject().value(QStringLiteral("who")).toString(), QStringLiteral("dps-c-sdk"));
    QCOMPARE(acceptors.at(0).toObject().value(QStringLiteral("answer")).toString(), QStringLiteral("yes"));
}

void TestEkLensDocument::saysWhyNoKeyIsTheEnrolledOne()
{
    enrollment::EkLens lens;
    lens.keys = {lensOf(makeEndorsementKey(KeyKind::Rsa2048), std::nullopt, {})};
    lens.enrolledFault = "a signing key is there";
    const auto document = ekLensDocument(lens, "tcp://127.0.0.1:1", {});
    for (const char* member : {"enrolled", "public", "registrationId"}) {
        QVERIFY2(document.value(QLatin1String(member)).isNull(), member);
    }
    QCOMPARE(document.value(QStringLiteral("enrolledFault")).toString(), QStringLiteral("a signing key is there"));
    QVERIFY(ekLensText(lens, {}).find("None is the key that the profile enrolls: a signing key") != std::string::npos);
}

void TestEkLensDocument::textSaysTheSameToPeople()
{
    enrollment::EkLens lens;
    lens.keys = {lensOf(makeEndorsementKey(KeyKind::Rsa2048), std::nullopt, {})};
    lens.keys.front().weaknesses = {{crypto::Weakness::Roca, "has the shape of ROCA"}};
    lens.keys.front().keyFault = "it is\nweak";
    const auto text = ekLensText(lens, {});
    QVERIFY2(text.find("\n  WEAK             roca: has the shape of ROCA\n") != std::string::npos, text.c_str());
    QVERIFY2(text.find("\n  hold             ek-certificate-missing: ") != std::string::npos, text.c_str());
    QVERIFY2(text.find("\n  dps-c-sdk        no: ") != std::string::npos, text.c_str());
    QVERIFY2(text.find("\nweak") == std::string::npos, text.c_str());
}

QTEST_GUILESS_MAIN(TestEkLensDocument)
#include "tst_ek_lens_document.moc"
