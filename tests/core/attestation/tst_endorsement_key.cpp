#include "core/attestation/endorsement_key.h"
#include "core/base/device_code.h"
#include "tests/support/must.h"
#include "tests/support/worked_challenge.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;
using enroll::test::must;

namespace {

PublicArea goodArea()
{
    return test::WorkedChallenge{}.keys().endorsementKey.area;
}

bool refusesAttributes(std::uint32_t attributes)
{
    auto area = goodArea();
    area.attributes = attributes;
    const auto shape = requireEndorsementKeyShape(area);
    return !shape.ok() && shape.error().code == DeviceCode::EndorsementKeyUnusable;
}

} // namespace

class tst_endorsement_key : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void evidenceHoldsDigestNameAndAlgorithm()
    {
        const test::WorkedChallenge vectors;
        EndorsementKeyReading reading;
        reading.publicArea = vectors.bytes("ekTpm2bPublic");
        reading.source.persistentHandle = 0x81010001;
        reading.templateKind = EkTemplate::TcgL1;

        const auto evidence = must(endorsementKeyEvidence(reading));

        QCOMPARE(evidence.publicArea, reading.publicArea);
        QCOMPARE(evidence.sha256, must(crypto::sha256({reading.publicArea})));
        QCOMPARE(evidence.name, vectors.bytes("ekName"));
        QCOMPARE(evidence.algorithm, std::string{"rsa2048"});
        QCOMPARE(evidence.source, reading.source);
        QVERIFY(!evidence.certificate);
    }

    void bytesThatAreNoKeyAreTheDevicesFault()
    {
        EndorsementKeyReading reading;
        reading.publicArea = Bytes(20);
        QCOMPARE(endorsementKeyEvidence(reading).error().code, DeviceCode::EndorsementKeyUnusable);
    }

    void sourcesReadAsInTheRunDocument()
    {
        QCOMPARE(ekSourceText({0x81010001U}), std::string{"handle:0x81010001"});
        QCOMPARE(ekSourceText({std::nullopt}), std::string{"created"});
    }

    void acceptsTheTcgTemplates()
    {
        QVERIFY(requireEndorsementKeyShape(goodArea()).ok());
        QVERIFY(requireEndorsementKeyShape(test::makeEndorsementKey(test::KeyKind::EccP384).area).ok());
        QVERIFY(!refusesAttributes(0x000300F2)); // the high range has userWithAuth as well
    }

    void refusesKeyThatIsNotFixedToItsTpm() { QVERIFY(refusesAttributes(0x000300B0)); }
    void refusesKeyThatIsNotFixedToItsParent() { QVERIFY(refusesAttributes(0x000300A2)); }
    void refusesKeyThatIsNotRestricted() { QVERIFY(refusesAttributes(0x000200B2)); }
    void refusesKeyThatCannotDecrypt() { QVERIFY(refusesAttributes(0x000100B2)); }
    void refusesKeyThatCanSign() { QVERIFY(refusesAttributes(0x000700B2)); }

    void refusesKeyWithoutSymmetricProtection()
    {
        auto area = goodArea();
        std::get<RsaParameters>(area.parameters).symmetric.reset();
        QCOMPARE(requireEndorsementKeyShape(area).error().code, DeviceCode::EndorsementKeyUnusable);
    }

    void refusesKeyOf1024Bits()
    {
        auto area = goodArea();
        std::get<RsaParameters>(area.parameters).keyBits = 1024;
        std::get<Bytes>(area.unique).resize(128);
        QCOMPARE(requireEndorsementKeyShape(area).error().code, DeviceCode::EndorsementKeyUnusable);
    }

    void refusesEvenModulus()
    {
        auto area = goodArea();
        std::get<Bytes>(area.unique).back() &= std::byte{0xFE};
        QCOMPARE(requireEndorsementKeyShape(area).error().code, DeviceCode::EndorsementKeyUnusable);
    }
};

QTEST_GUILESS_MAIN(tst_endorsement_key)
#include "tst_endorsement_key.moc"
