#include "app/enrollctl/ek_lens.h"
#include "app/enrollctl/ek_lens_document.h"
#include "core/base/device_code.h"
#include "core/crypto/base64.h"
#include "core/enrollment/registration_id.h"
#include "tests/support/device_keys.h"
#include "tests/support/ek_authority.h"
#include "tests/support/fake_device_tpm.h"
#include "tests/support/must.h"

#include <QJsonArray>
#include <QTest>

using namespace enroll;
using namespace enroll::app::enrollctl;
using namespace enroll::test;

class TestEkLens : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void judgesTheCertificateBesideTheKey();
    void saysWhenTheCertificateIsOfAnotherKey();
    void saysWhenTheIssuerIsUnknown();
    void keepsAKeyWhoseCertificateCannotBeRead();
    void releasesTheTpmWhenReadingFails();
    void asksForTheKeyThatIsEnrolled();
    void opensNothingAfterAStopWasAsked();
    void documentShowsTheEnrolledKeyFirst();
};

namespace {

attestation::EndorsementKeyReading readingOf(const DeviceKey& key, std::optional<Bytes> certificate)
{
    return {.publicArea = attestation::marshalPublic(key.area),
            .source = {.persistentHandle = 0x81010001},
            .templateKind = attestation::EkTemplate::TcgL1,
            .certificateNv = std::move(certificate),
            .certificateIndex = 0x01C00002,
            .certificateUnreadable = {}};
}

LensKey lensOf(const DeviceKey& key, std::optional<Bytes> certificate, const crypto::TrustStore& anchors)
{
    return must(lensKeyOf(readingOf(key, std::move(certificate)), anchors, {}, utcNow()));
}

} // namespace

void TestEkLens::judgesTheCertificateBesideTheKey()
{
    const auto key = makeEndorsementKey(KeyKind::Rsa2048);
    const EkAuthority maker;
    const auto lens = lensOf(key, maker.issue(key.pem), maker.anchors());
    QVERIFY(lens.evidence.certificate.has_value());
    QVERIFY(lens.evidence.certificate->matchesKey);
    QCOMPARE(lens.evidence.certificate->path, crypto::PathResult::Trusted);
    QCOMPARE(lens.registrationId, must(enrollment::registrationIdFromEk(lens.evidence.publicArea)));
}

void TestEkLens::saysWhenTheCertificateIsOfAnotherKey()
{
    const auto key = makeEndorsementKey(KeyKind::Rsa2048);
    const auto other = makeEndorsementKey(KeyKind::Rsa2048);
    const EkAuthority maker;
    const auto lens = lensOf(key, maker.issue(other.pem), maker.anchors());
    QVERIFY(lens.evidence.certificate.has_value());
    QVERIFY(!lens.evidence.certificate->matchesKey);
}

void TestEkLens::saysWhenTheIssuerIsUnknown()
{
    const auto key = makeEndorsementKey(KeyKind::EccP256);
    const EkAuthority maker;
    const auto lens = lensOf(key, maker.issue(key.pem), EkAuthority{}.anchors());
    QVERIFY(lens.evidence.certificate.has_value());
    QVERIFY(lens.evidence.certificate->path != crypto::PathResult::Trusted);
}

void TestEkLens::keepsAKeyWhoseCertificateCannotBeRead()
{
    const auto key = makeEndorsementKey(KeyKind::Rsa2048);
    const EkAuthority maker;
    auto broken = maker.issue(key.pem);
    broken.resize(broken.size() / 2);
    const auto lens = lensOf(key, broken, maker.anchors());
    QVERIFY(!lens.evidence.certificate.has_value());
    QVERIFY(!lens.certificateFault.empty());
}

void TestEkLens::releasesTheTpmWhenReadingFails()
{
    FakeDeviceTpm tpm{makeDeviceKeys(KeyKind::Rsa2048, KeyKind::Rsa2048)};
    tpm.failOn(TpmCall::ReadAll, makeError(DeviceCode::TpmTimedOut, "no answer"));
    const auto lens = lookAtEndorsementKeys(tpm, {}, {}, utcNow(), {});
    QVERIFY(!lens.ok());
    QCOMPARE(lens.error().code, DeviceCode::TpmTimedOut);
    QCOMPARE(tpm.count(TpmCall::Release), 1);
    QCOMPARE(tpm.loaded(), 0);
}

void TestEkLens::asksForTheKeyThatIsEnrolled()
{
    FakeDeviceTpm tpm{makeDeviceKeys(KeyKind::Rsa2048, KeyKind::Rsa2048)};
    const attestation::EkChoice choice{attestation::EkTemplate::TcgL2, attestation::EkChoice::Rule::OfTemplate};
    QVERIFY(lookAtEndorsementKeys(tpm, choice, {}, utcNow(), {}).ok());
    QCOMPARE(tpm.chosen(), std::optional{choice});
}

void TestEkLens::opensNothingAfterAStopWasAsked()
{
    FakeDeviceTpm tpm{makeDeviceKeys(KeyKind::Rsa2048, KeyKind::Rsa2048)};
    std::stop_source stop;
    stop.request_stop();
    const auto lens = lookAtEndorsementKeys(tpm, {}, {}, utcNow(), stop.get_token());
    QVERIFY(!lens.ok());
    QCOMPARE(lens.error().code, DeviceCode::Cancelled);
    QCOMPARE(tpm.count(TpmCall::Connect), 0);
}

void TestEkLens::documentShowsTheEnrolledKeyFirst()
{
    const auto enrolled = makeEndorsementKey(KeyKind::Rsa2048);
    const auto other = makeEndorsementKey(KeyKind::EccP256);
    EkLens lens;
    lens.keys = {lensOf(enrolled, std::nullopt, {}), lensOf(other, std::nullopt, {})};

    const auto document = ekLensDocument(lens, "tcp://127.0.0.1:1", {.name = "P", .version = "1", .sha256 = ""});
    const auto keys = document.value(QStringLiteral("endorsementKeys")).toArray();
    QCOMPARE(keys.size(), 2);
    QCOMPARE(document.value(QStringLiteral("enrolled")).toInt(-1), 0);
    QCOMPARE(document.value(QStringLiteral("public")).toString().toStdString(),
             crypto::toBase64(attestation::marshalPublic(enrolled.area)));
    QCOMPARE(keys.at(0).toObject().value(QStringLiteral("public")), document.value(QStringLiteral("public")));
    QCOMPARE(keys.at(0).toObject().value(QStringLiteral("handle")).toString(), QStringLiteral("0x81010001"));
    QCOMPARE(keys.at(1).toObject().value(QStringLiteral("algorithm")).toString(), QStringLiteral("ecc-p256"));
}

QTEST_GUILESS_MAIN(TestEkLens)
#include "tst_ek_lens.moc"
