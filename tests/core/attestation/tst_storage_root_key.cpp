#include "core/attestation/storage_root_key.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "tests/support/must.h"
#include "tests/support/worked_challenge.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;
using enroll::test::must;

namespace {

ErrorCode refusalOf(const PublicArea& area)
{
    const auto evidence = storageRootKeyEvidence(marshalPublic(area));
    return evidence.ok() ? StationCode::InternalFault : evidence.error().code;
}

PublicArea goodArea()
{
    return test::WorkedChallenge{}.keys().storageRootKey.area;
}

} // namespace

class tst_storage_root_key : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void evidenceHoldsBytesAndName()
    {
        const test::WorkedChallenge vectors;
        const auto evidence = must(storageRootKeyEvidence(vectors.bytes("srkTpm2bPublic")));
        QCOMPARE(evidence.publicArea, vectors.bytes("srkTpm2bPublic"));
        QCOMPARE(evidence.name, vectors.bytes("srkName"));
    }

    void acceptsEccParents()
    {
        QVERIFY(requireStorageParentShape(test::makeStorageRootKey(test::KeyKind::EccP256).area).ok());
    }

    void refusesBytesThatAreNoKey()
    {
        QCOMPARE(storageRootKeyEvidence(Bytes(8)).error().code, DeviceCode::StorageRootKeyUnusable);
    }

    void refusesKeyThatCanLeaveItsTpm()
    {
        auto area = goodArea();
        area.attributes &= ~object_attribute::kFixedTpm;
        QCOMPARE(refusalOf(area), DeviceCode::StorageRootKeyUnusable);
    }

    /// The fault of the key itself is reported as the storage root key's, not the endorsement key's.
    void refusesKeyWithEvenModulus()
    {
        auto area = goodArea();
        std::get<Bytes>(area.unique).back() &= std::byte{0xFE};
        QCOMPARE(refusalOf(area), DeviceCode::StorageRootKeyUnusable);
    }

    void refusesKeyWithASchemeOfItsOwn()
    {
        auto area = goodArea();
        std::get<RsaParameters>(area.parameters).scheme = 0x0015; // RSAES
        QCOMPARE(refusalOf(area), DeviceCode::StorageRootKeyUnusable);
    }
};

QTEST_GUILESS_MAIN(tst_storage_root_key)
#include "tst_storage_root_key.moc"
