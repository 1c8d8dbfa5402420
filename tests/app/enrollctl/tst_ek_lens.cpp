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

#include <algorithm>

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
    void showsAKeyThatItCannotRead();
    void showsAKeyWithAnEvenModulus();
    void showsWhyAKeyIsWeak();
    void showsWhatTheProfileSaysOfEachKey();
    void showsTheCertificatesPath();
    void tellsWhoTakesTheKeyAtTheSdksHandle();
    void tellsWhoMakesAnotherKeyWhereTheHandleIsFree();
    void tellsWhoNeedsEmptyPasswords();
    void tellsThatIotEdgeNeedsItsCapability();
    void nobodyTakesAKeyThatCannotBeUsed();
    void tellsWhatACertificateIsFor();
    void releasesTheTpmWhenReadingFails();
    void asksForTheKeyThatIsEnrolled();
    void opensNothingAfterAStopWasAsked();
    void documentShowsTheEnrolledKeyFirst();
    void saysWhyNoKeyIsTheEnrolledOne();
    void textSaysTheSameToPeople();
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
    return must(lensKeyOf(readingOf(key, std::move(certificate)), {}, {}, {{}, anchors, utcNow()}));
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

void TestEkLens::showsTheCertificatesPath()
{
    const auto key = makeEndorsementKey(KeyKind::Rsa2048);
    const EkAuthority maker;
    const auto lens = lensOf(key, maker.issue(key.pem), maker.anchors());
    QVERIFY(!lens.certificatePath.empty());
    QCOMPARE(lens.certificatePath.front(), lens.evidence.certificate->issuer);
}

namespace {

/// A chip with the enrolled key at \p handle, and the keys that L-1 and Azure's template make.
EkLens chip(std::optional<std::uint32_t> handle, attestation::EkTemplate enrolledKind)
{
    using attestation::EkTemplate;
    EkLens lens;
    auto reading = readingOf(makeEndorsementKey(KeyKind::Rsa2048), {});
    reading.source = {handle};
    reading.templateKind = enrolledKind;
    lens.keys.push_back(must(lensKeyOf(reading, {}, {}, {})));
    for (const auto kind : {EkTemplate::TcgL1, EkTemplate::AzureEmptyUnique}) {
        if (kind != enrolledKind) {
            auto other = readingOf(makeEndorsementKey(KeyKind::Rsa2048), {});
            other.source = {};
            other.templateKind = kind;
            lens.keys.push_back(must(lensKeyOf(other, {}, {}, {})));
        }
    }
    return lens;
}

Acceptor answerOf(std::string_view who, const EkLens& lens, const enrollment::ProductProfile& profile = {})
{
    const auto acceptors = acceptorsOf(lens, profile);
    const auto found = std::ranges::find(acceptors, who, &Acceptor::who);
    return found == acceptors.end() ? Acceptor{} : *found;
}

enrollment::ProductProfile edgeProfile()
{
    enrollment::ProductProfile profile;
    profile.enrollment.settings.iotEdge = true;
    return profile;
}

} // namespace

void TestEkLens::tellsWhoTakesTheKeyAtTheSdksHandle()
{
    const auto lens = chip(0x81010001, attestation::EkTemplate::Unknown);
    for (const auto* who : {"dps-c-sdk", "dps-node-sdk", "dps-csharp-sdk", "dps-java-sdk", "iot-edge"}) {
        const auto acceptor = answerOf(who, lens, edgeProfile());
        QVERIFY2(acceptor.answer == Acceptance::Yes, acceptor.why.c_str());
    }
}

void TestEkLens::tellsWhoMakesAnotherKeyWhereTheHandleIsFree()
{
    const auto tcg = chip({}, attestation::EkTemplate::TcgL1);
    QCOMPARE(answerOf("dps-csharp-sdk", tcg).answer, Acceptance::Yes);
    QCOMPARE(answerOf("iot-edge", tcg, edgeProfile()).answer, Acceptance::Yes);
    QCOMPARE(answerOf("dps-c-sdk", tcg).answer, Acceptance::No);
    QVERIFY(answerOf("dps-c-sdk", tcg).why.find(tcg.keys.back().registrationId.text()) != std::string::npos);
    QCOMPARE(answerOf("dps-java-sdk", tcg).answer, Acceptance::No);

    const auto azure = chip({}, attestation::EkTemplate::AzureEmptyUnique);
    QCOMPARE(answerOf("dps-c-sdk", azure).answer, Acceptance::Yes);
    QCOMPARE(answerOf("dps-node-sdk", azure).answer, Acceptance::Yes);
    QCOMPARE(answerOf("dps-csharp-sdk", azure).answer, Acceptance::No);

    auto unseen = azure;
    unseen.keys.resize(1);
    QCOMPARE(answerOf("dps-csharp-sdk", unseen).answer, Acceptance::Unknown);
}

void TestEkLens::tellsWhoNeedsEmptyPasswords()
{
    auto lens = chip(0x81010001, attestation::EkTemplate::TcgL1);
    lens.state.ownerPassword = true;
    QCOMPARE(answerOf("dps-csharp-sdk", lens).answer, Acceptance::No);
    QVERIFY(answerOf("dps-csharp-sdk", lens).why.find("the owner") != std::string::npos);
    QCOMPARE(answerOf("iot-edge", lens, edgeProfile()).answer, Acceptance::Yes); // its configuration takes them
}

void TestEkLens::tellsThatIotEdgeNeedsItsCapability()
{
    const auto lens = chip(0x81010001, attestation::EkTemplate::TcgL1);
    const auto acceptor = answerOf("iot-edge", lens);
    QCOMPARE(acceptor.answer, Acceptance::No);
    QVERIFY(acceptor.why.find("enrollment.iot_edge") != std::string::npos);
}

void TestEkLens::nobodyTakesAKeyThatCannotBeUsed()
{
    auto lens = chip(0x81010001, attestation::EkTemplate::TcgL1);
    lens.keys.front().keyFault = "its modulus is even";
    for (const auto& acceptor : acceptorsOf(lens, edgeProfile())) {
        QCOMPARE(acceptor.answer, Acceptance::No);
    }
}

void TestEkLens::tellsWhatACertificateIsFor()
{
    auto lens = chip({}, attestation::EkTemplate::AzureEmptyUnique);
    QCOMPARE(answerOf("ek-certificate", lens).answer, Acceptance::No);
    const auto key = makeEndorsementKey(KeyKind::Rsa2048);
    const EkAuthority maker;
    lens.keys.push_back(lensOf(key, maker.issue(key.pem), EkAuthority{}.anchors()));
    QCOMPARE(answerOf("ek-certificate", lens).answer, Acceptance::No);
    lens.keys.push_back(lensOf(key, maker.issue(key.pem), maker.anchors()));
    QCOMPARE(answerOf("ek-certificate", lens).answer, Acceptance::Yes);
    QVERIFY(answerOf("ek-certificate", lens).why.find("another key than the enrolled one") != std::string::npos);
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

void TestEkLens::documentShowsTheEnrolledKeyFirst()
{
    const auto enrolled = makeEndorsementKey(KeyKind::Rsa2048);
    const auto other = makeEndorsementKey(KeyKind::EccP256);
    EkLens lens;
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

void TestEkLens::saysWhyNoKeyIsTheEnrolledOne()
{
    EkLens lens;
    lens.keys = {lensOf(makeEndorsementKey(KeyKind::Rsa2048), std::nullopt, {})};
    lens.enrolledFault = "a signing key is there";
    const auto document = ekLensDocument(lens, "tcp://127.0.0.1:1", {});
    for (const char* member : {"enrolled", "public", "registrationId"}) {
        QVERIFY2(document.value(QLatin1String(member)).isNull(), member);
    }
    QCOMPARE(document.value(QStringLiteral("enrolledFault")).toString(), QStringLiteral("a signing key is there"));
    QVERIFY(ekLensText(lens, {}).find("None is the key that the profile enrolls: a signing key") != std::string::npos);
    for (const auto& acceptor : acceptorsOf(lens, edgeProfile())) {
        QCOMPARE(acceptor.answer, Acceptance::No);
    }
}

void TestEkLens::textSaysTheSameToPeople()
{
    EkLens lens;
    lens.keys = {lensOf(makeEndorsementKey(KeyKind::Rsa2048), std::nullopt, {})};
    lens.keys.front().weaknesses = {{crypto::Weakness::Roca, "has the shape of ROCA"}};
    lens.keys.front().keyFault = "it is\nweak";
    const auto text = ekLensText(lens, {});
    QVERIFY2(text.find("\n  WEAK             roca: has the shape of ROCA\n") != std::string::npos, text.c_str());
    QVERIFY2(text.find("\n  hold             ek-certificate-missing: ") != std::string::npos, text.c_str());
    QVERIFY2(text.find("\n  dps-c-sdk        no: ") != std::string::npos, text.c_str());
    QVERIFY2(text.find("\nweak") == std::string::npos, text.c_str());
}

QTEST_GUILESS_MAIN(TestEkLens)
#include "tst_ek_lens.moc"
