#include "core/attestation/key_fingerprint.h"
#include "core/attestation/public_area.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "tests/support/must.h"
#include "tests/support/worked_challenge.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;
using enroll::test::must;
using enroll::test::WorkedChallenge;

namespace {

PublicArea genuine()
{
    static const auto area = must(parsePublic(WorkedChallenge{}.bytes("ekTpm2bPublic")));
    return area;
}

} // namespace

class TestKeyFingerprint : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theDevicesOwnWordsMakeNoOtherKey_data();
    void theDevicesOwnWordsMakeNoOtherKey();
    void anotherModulusIsAnotherKey();
    void isTheSameWhereverTheKeyWasRead();
    void whatIsNoKeyHasNone();
};

void TestKeyFingerprint::theDevicesOwnWordsMakeNoOtherKey_data()
{
    QTest::addColumn<PublicArea>("area");
    auto area = genuine();
    area.attributes ^= object_attribute::kNoDa;
    QTest::newRow("attributes") << area;
    area = genuine();
    area.authPolicy.back() ^= std::byte{1};
    QTest::newRow("policy") << area;
    area = genuine();
    std::get<RsaParameters>(area.parameters).exponent = 65537;
    QTest::newRow("exponent spelled out") << area;
    area = genuine();
    std::get<RsaParameters>(area.parameters).symmetric->keyBits = 256;
    QTest::newRow("symmetric algorithm") << area;
}

void TestKeyFingerprint::theDevicesOwnWordsMakeNoOtherKey()
{
    QFETCH(PublicArea, area);
    QVERIFY(marshalPublic(area) != marshalPublic(genuine()));
    QVERIFY(must(keyFingerprint(marshalPublic(area))) == must(keyFingerprint(marshalPublic(genuine()))));
}

void TestKeyFingerprint::anotherModulusIsAnotherKey()
{
    auto area = genuine();
    std::get<Bytes>(area.unique).at(100) ^= std::byte{1};
    QVERIFY(must(keyFingerprint(marshalPublic(area))) != must(keyFingerprint(marshalPublic(genuine()))));
}

void TestKeyFingerprint::isTheSameWhereverTheKeyWasRead()
{
    QVERIFY(must(fingerprintOf(must(publicKeyOf(genuine())))) == must(keyFingerprint(marshalPublic(genuine()))));
}

void TestKeyFingerprint::whatIsNoKeyHasNone()
{
    QCOMPARE(keyFingerprint(Bytes(316, std::byte{0x77})).error().code, StationCode::KeyMaterialUnusable);
    QCOMPARE(keyFingerprint({}).error().code, StationCode::KeyMaterialUnusable);
    auto area = genuine();
    std::get<Bytes>(area.unique).back() &= std::byte{0xFE};
    QCOMPARE(keyFingerprint(marshalPublic(area)).error().code, DeviceCode::EndorsementKeyUnusable);
}

QTEST_GUILESS_MAIN(TestKeyFingerprint)
#include "tst_key_fingerprint.moc"
