#include "core/attestation/other_keys.h"
#include "tests/support/device_keys.h"
#include "tests/support/ek_authority.h"
#include "tests/support/must.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;
using namespace enroll::test;

namespace {

crypto::PublicKey keyOf(const DeviceKey& key)
{
    return must(publicKeyOf(key.area));
}

} // namespace

class tst_other_keys : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void areThoseAtOtherHandlesAndOfCertificates()
    {
        const auto atHandle = makeEndorsementKey(KeyKind::EccP384);
        const auto certified = makeEndorsementKey(KeyKind::EccP256);
        EndorsementKeyReading reading;
        reading.publicArea = marshalPublic(m_own.area);
        QVERIFY(must(otherKeysOf(reading)).empty());
        reading.otherKeys = {marshalPublic(atHandle.area)};
        reading.certificateNv = concat({m_maker.issue(m_own.pem), m_maker.issue(certified.pem)});
        const auto keys = must(otherKeysOf(reading));
        QVERIFY((keys == std::vector{keyOf(atHandle), keyOf(certified)}));
    }

    /// As the same key is told by its numbers, whatever else its public area says.
    void areNeverTheKeyItselfNorOneTwice()
    {
        const auto other = makeEndorsementKey(KeyKind::EccP256);
        auto otherwise = m_own;
        otherwise.area.attributes ^= object_attribute::kNoDa;
        EndorsementKeyReading reading;
        reading.publicArea = marshalPublic(m_own.area);
        reading.otherKeys = {marshalPublic(otherwise.area), marshalPublic(other.area), marshalPublic(other.area)};
        reading.certificateNv = m_maker.issue(other.pem);
        QVERIFY(must(otherKeysOf(reading)) == std::vector{keyOf(other)});
    }

    void whatIsNoKeyIsLeftOut()
    {
        const auto other = makeEndorsementKey(KeyKind::EccP256);
        EndorsementKeyReading reading;
        reading.publicArea = Bytes(4); // nor does the key itself have to be one
        reading.otherKeys = {Bytes{}, Bytes(316, std::byte{0x77}), marshalPublic(other.area)};
        reading.certificateNv = Bytes(40, std::byte{0x30});
        QVERIFY(must(otherKeysOf(reading)) == std::vector{keyOf(other)});
    }

private:
    DeviceKey m_own = makeEndorsementKey(KeyKind::Rsa2048);
    EkAuthority m_maker;
};

QTEST_GUILESS_MAIN(tst_other_keys)
#include "tst_other_keys.moc"
