#include "core/base/device_code.h"
#include "core/enrollment/ek_lens.h"
#include "core/enrollment/registration_id.h"
#include "tests/core/enrollment/ek_lens_samples.h"
#include "tests/support/ek_authority.h"
#include "tests/support/fake_device_tpm.h"

#include <QTest>

#include <algorithm>

using namespace enroll;
using namespace enroll::enrollment;
using namespace enroll::test;

class TestEkLens : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void judgesTheCertificateBesideTheKey();
    void saysWhenTheCertificateIsOfAnotherKey();
    void saysWhenTheIssuerIsUnknown();
    void keepsAKeyWhoseCertificateCannotBeRead();
    void showsAKeyThatItCannotRead();
    void showsAKeyWithAnEvenModulus();
    void showsWhyAKeyIsWeak();
    void showsWhatTheProfileSaysOfEachKey();
    void keepsNoKeyButTheEnrolledOne();
    void showsTheCertificatesPath();
    void saysWhichIssuersTheTpmDoesNotGiveOut();
    void releasesTheTpmWhenReadingFails();
    void asksForTheKeyThatIsEnrolled();
    void opensNothingAfterAStopWasAsked();
};

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

void TestEkLens::showsAKeyThatItCannotRead()
{
    auto reading = readingOf(makeEndorsementKey(KeyKind::EccP256), {});
    auto& bytes = reading.publicArea;
    const Bytes p256{std::byte{0x00}, std::byte{0x10}, std::byte{0x00}, std::byte{0x03}}; // no scheme, NIST P-256
    const auto curve = std::search(bytes.begin(), bytes.end(), p256.begin(), p256.end());
    QVERIFY(curve != bytes.end());
    *(curve + 3) = std::byte{0x10}; // BN-256
    const auto key = must(lensKeyOf(reading, {}, {}, {}));
    QVERIFY2(key.keyFault.find("ECC curve") != std::string::npos, key.keyFault.c_str());
    QCOMPARE(key.evidence.publicArea, bytes);
    QCOMPARE(key.registrationId, must(enrollment::registrationIdFromEk(bytes)));
    QCOMPARE(key.evidence.algorithm, std::string{"unknown"});
}

void TestEkLens::showsAKeyWithAnEvenModulus()
{
    const auto good = makeEndorsementKey(KeyKind::Rsa2048);
    const EkAuthority maker;
    auto reading = readingOf(good, maker.issue(good.pem));
    reading.publicArea.back() &= std::byte{0xFE};
    const auto key = must(lensKeyOf(reading, {}, {}, {{}, maker.anchors(), utcNow()}));
    QVERIFY(!key.keyFault.empty());
    QVERIFY(!key.weaknesses.empty());
    QCOMPARE(key.weaknesses.front().weakness, crypto::Weakness::SmallFactor);
    QCOMPARE(key.evidence.algorithm, std::string{"rsa2048"});
}

void TestEkLens::showsWhyAKeyIsWeak()
{
    const auto good = makeEndorsementKey(KeyKind::Rsa2048);
    QVERIFY(lensOf(good, {}, {}).weaknesses.empty());
    auto odd = good;
    std::get<attestation::RsaParameters>(odd.area.parameters).exponent = 3;
    const auto key = lensOf(odd, {}, {});
    QCOMPARE(key.weaknesses.size(), std::size_t{1});
    QCOMPARE(key.weaknesses.front().weakness, crypto::Weakness::UnusualExponent);
}

void TestEkLens::showsWhatTheProfileSaysOfEachKey()
{
    LensRules rules{{}, {}, utcNow()};
    rules.policy.onMissingCertificate = attestation::OnFinding::Fail;
    const auto key = must(lensKeyOf(readingOf(makeEndorsementKey(KeyKind::Rsa2048), {}), {}, {}, rules));
    QCOMPARE(key.findings.size(), std::size_t{1});
    QCOMPARE(key.findings.front().id, std::string{"ek-certificate-missing"});
    QCOMPARE(key.findings.front().severity, attestation::Severity::Fail);
}

void TestEkLens::keepsNoKeyButTheEnrolledOne()
{
    const auto keys = makeDeviceKeys(KeyKind::Rsa2048, KeyKind::Rsa2048);
    const auto other = makeEndorsementKey(KeyKind::EccP256);
    const EkAuthority maker;
    FakeDeviceTpm tpm{keys};
    tpm.setCertificateNv(maker.issue(keys.endorsementKey.pem));
    tpm.changeReading([](attestation::EndorsementKeyReading& reading) { reading.source = {}; });
    auto besides = readingOf(other, maker.issue(other.pem));
    besides.source = {};
    tpm.surveyBesides(std::move(besides));
    LensRules rules{{}, maker.anchors(), utcNow()};
    rules.policy.persistAfterPass.endorsementKey = attestation::Persistence::PersistIfAbsent;
    const auto lens = lookAtEndorsementKeys(tpm, rules, {});
    QVERIFY(lens.ok());
    QCOMPARE(lens->keys.size(), std::size_t{2});
    const auto isHeldBack = [](const LensKey& key) {
        return std::ranges::find(key.findings, "ek-not-persistent", &attestation::Finding::id) != key.findings.end();
    };
    QVERIFY(!isHeldBack(lens->keys.front()) && isHeldBack(lens->keys.back()));
}

void TestEkLens::showsTheCertificatesPath()
{
    const auto key = makeEndorsementKey(KeyKind::Rsa2048);
    const EkAuthority maker;
    const auto lens = lensOf(key, maker.issue(key.pem), maker.anchors());
    QVERIFY(!lens.certificatePath.empty());
    QCOMPARE(lens.certificatePath.front(), lens.evidence.certificate->issuer);
}

void TestEkLens::saysWhichIssuersTheTpmDoesNotGiveOut()
{
    const auto keys = makeDeviceKeys(KeyKind::Rsa2048, KeyKind::Rsa2048);
    const EkAuthority maker;
    const auto certificate = maker.issue(keys.endorsementKey.pem);
    for (const bool known : {true, false}) {
        FakeDeviceTpm tpm{keys};
        tpm.setCertificateNv(certificate);
        tpm.setChainUnreadable("NV index 0x01c00100 is not given out");
        LensRules rules;
        rules.now = utcNow();
        if (known) {
            rules.anchors = maker.anchors();
        }
        const auto lens = lookAtEndorsementKeys(tpm, rules, {});
        QVERIFY(lens.ok());
        const auto& found = lens->enrolled()->findings;
        QCOMPARE(std::ranges::find(found, "nv-index-not-readable", &attestation::Finding::id) == found.end(), known);
    }
}

void TestEkLens::releasesTheTpmWhenReadingFails()
{
    FakeDeviceTpm tpm{makeDeviceKeys(KeyKind::Rsa2048, KeyKind::Rsa2048)};
    tpm.failOn(TpmCall::ReadAll, makeError(DeviceCode::TpmTimedOut, "no answer"));
    const auto lens = lookAtEndorsementKeys(tpm, {}, {});
    QVERIFY(!lens.ok());
    QCOMPARE(lens.error().code, DeviceCode::TpmTimedOut);
    QCOMPARE(tpm.count(TpmCall::Release), 1);
    QCOMPARE(tpm.loaded(), 0);
}

void TestEkLens::asksForTheKeyThatIsEnrolled()
{
    FakeDeviceTpm tpm{makeDeviceKeys(KeyKind::Rsa2048, KeyKind::Rsa2048)};
    const attestation::EkChoice choice{attestation::EkTemplate::TcgL2, attestation::EkChoice::Rule::OfTemplate};
    LensRules rules;
    rules.policy.endorsementKey = choice;
    QVERIFY(lookAtEndorsementKeys(tpm, rules, {}).ok());
    QCOMPARE(tpm.chosen(), std::optional{choice});
}

void TestEkLens::opensNothingAfterAStopWasAsked()
{
    FakeDeviceTpm tpm{makeDeviceKeys(KeyKind::Rsa2048, KeyKind::Rsa2048)};
    std::stop_source stop;
    stop.request_stop();
    const auto lens = lookAtEndorsementKeys(tpm, {}, stop.get_token());
    QVERIFY(!lens.ok());
    QCOMPARE(lens.error().code, DeviceCode::Cancelled);
    QCOMPARE(tpm.count(TpmCall::Connect), 0);
}

QTEST_GUILESS_MAIN(TestEkLens)
#include "tst_ek_lens.moc"
