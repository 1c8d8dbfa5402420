#include "core/enrollment/chip_acceptance.h"
#include "tests/core/enrollment/ek_lens_samples.h"
#include "tests/support/ek_authority.h"

#include <QTest>

#include <algorithm>

using namespace enroll;
using namespace enroll::enrollment;
using namespace enroll::test;

class TestChipAcceptance : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsWhoTakesTheKeyAtTheSdksHandle();
    void tellsWhoMakesAnotherKeyWhereTheHandleIsFree();
    void tellsWhoNeedsEmptyPasswords();
    void tellsThatIotEdgeNeedsItsCapability();
    void nobodyTakesAKeyThatCannotBeUsed();
    void tellsWhatACertificateIsFor();
    void nobodyTakesAChipWithoutTheEnrolledKey();
};

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

Acceptor answerOf(std::string_view who, const EkLens& lens, const ProductProfile& profile = {})
{
    const auto acceptors = acceptorsOf(lens, profile);
    const auto found = std::ranges::find(acceptors, who, &Acceptor::who);
    return found == acceptors.end() ? Acceptor{} : *found;
}

ProductProfile edgeProfile()
{
    ProductProfile profile;
    profile.enrollment.settings.iotEdge = true;
    return profile;
}

} // namespace

void TestChipAcceptance::tellsWhoTakesTheKeyAtTheSdksHandle()
{
    const auto lens = chip(0x81010001, attestation::EkTemplate::Unknown);
    for (const auto* who : {"dps-c-sdk", "dps-node-sdk", "dps-csharp-sdk", "dps-java-sdk", "iot-edge"}) {
        const auto acceptor = answerOf(who, lens, edgeProfile());
        QVERIFY2(acceptor.answer == Acceptance::Yes, acceptor.why.c_str());
    }
}

void TestChipAcceptance::tellsWhoMakesAnotherKeyWhereTheHandleIsFree()
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

void TestChipAcceptance::tellsWhoNeedsEmptyPasswords()
{
    auto lens = chip(0x81010001, attestation::EkTemplate::TcgL1);
    lens.state.ownerPassword = true;
    QCOMPARE(answerOf("dps-csharp-sdk", lens).answer, Acceptance::No);
    QVERIFY(answerOf("dps-csharp-sdk", lens).why.find("the owner") != std::string::npos);
    QCOMPARE(answerOf("iot-edge", lens, edgeProfile()).answer, Acceptance::Yes); // its configuration takes them
}

void TestChipAcceptance::tellsThatIotEdgeNeedsItsCapability()
{
    const auto lens = chip(0x81010001, attestation::EkTemplate::TcgL1);
    const auto acceptor = answerOf("iot-edge", lens);
    QCOMPARE(acceptor.answer, Acceptance::No);
    QVERIFY(acceptor.why.find("enrollment.iot_edge") != std::string::npos);
}

void TestChipAcceptance::nobodyTakesAKeyThatCannotBeUsed()
{
    auto lens = chip(0x81010001, attestation::EkTemplate::TcgL1);
    lens.keys.front().keyFault = "its modulus is even";
    for (const auto& acceptor : acceptorsOf(lens, edgeProfile())) {
        QCOMPARE(acceptor.answer, Acceptance::No);
    }
}

void TestChipAcceptance::tellsWhatACertificateIsFor()
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

void TestChipAcceptance::nobodyTakesAChipWithoutTheEnrolledKey()
{
    auto lens = chip(0x81010001, attestation::EkTemplate::Unknown);
    lens.enrolledFault = "a signing key is there";
    for (const auto& acceptor : acceptorsOf(lens, edgeProfile())) {
        QCOMPARE(acceptor.answer, Acceptance::No);
    }
}

QTEST_GUILESS_MAIN(TestChipAcceptance)
#include "tst_chip_acceptance.moc"
