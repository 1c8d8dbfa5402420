#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/openssl_key.h"
#include "core/crypto/weak_keys.h"
#include "tests/support/activation_vectors.h"
#include "tests/support/certificate_maker.h"
#include "tests/support/weak_moduli.h"

#include <QtTest>

#include <openssl/rsa.h>

using namespace enroll;
using namespace enroll::crypto;
using namespace enroll::test;

namespace {

RsaPublicKey freshKey(unsigned bits)
{
    const EvpPkeyPtr key{EVP_RSA_gen(bits)};
    return std::get<RsaPublicKey>(publicKeyFrom(key.get()).value());
}

ErrorCode codeOf(const PublicKey& key)
{
    const auto strong = requireStrongKey(key);
    return strong.ok() ? StationCode::InternalFault : strong.error().code;
}

} // namespace

class TstWeakKeys : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void takesFreshKeys();
    void takesAPointOfACurve();
    void refusesTheRocaShape_data();
    void refusesTheRocaShape();
    void takesWhatIsBesideTheRocaShape();
    void refusesASmallFactor_data();
    void refusesASmallFactor();
};

void TstWeakKeys::takesFreshKeys()
{
    for (int i = 0; i < 60; ++i) {
        QVERIFY(requireStrongKey(freshKey(1024)).ok());
    }
    QVERIFY(requireStrongKey(freshKey(2048)).ok());
    QVERIFY(requireStrongKey(TestKey::fromPem(ActivationVectors{}.text("ekPrivatePem")).publicKey()).ok());
}

void TstWeakKeys::takesAPointOfACurve()
{
    QVERIFY(requireStrongKey(TestKey::ecc().publicKey()).ok());
}

void TstWeakKeys::refusesTheRocaShape_data()
{
    QTest::addColumn<int>("exponent");
    for (const int exponent : {0, 1, 2, 83, 123456789}) {
        QTest::addRow("65537^%d", exponent) << exponent;
    }
}

void TstWeakKeys::refusesTheRocaShape()
{
    QFETCH(int, exponent);
    const auto modulus = rocaShapedModulus(static_cast<BN_ULONG>(exponent));
    QCOMPARE(codeOf(keyOf(modulus.get())), DeviceCode::WeakKey);
}

void TstWeakKeys::takesWhatIsBesideTheRocaShape()
{
    const auto modulus = rocaShapedModulus(123456789);
    do {
        BN_add_word(modulus.get(), 2);
    } while (hasSmallFactor(modulus.get()));
    QVERIFY(requireStrongKey(keyOf(modulus.get())).ok());
}

void TstWeakKeys::refusesASmallFactor_data()
{
    QTest::addColumn<int>("prime");
    for (const int prime : {2, 3, 67, 997, 1009, 65537, 1048573}) {
        QTest::addRow("%d", prime) << prime;
    }
}

void TstWeakKeys::refusesASmallFactor()
{
    QFETCH(int, prime);
    const auto good = freshKey(2048);
    const BignumPtr modulus{BN_bin2bn(u8(ByteView{good.modulus}), static_cast<int>(good.modulus.size()), nullptr)};
    BN_sub_word(modulus.get(), BN_mod_word(modulus.get(), static_cast<BN_ULONG>(prime)));
    QCOMPARE(codeOf(keyOf(modulus.get())), DeviceCode::WeakKey);
}

QTEST_APPLESS_MAIN(TstWeakKeys)
#include "tst_weak_keys.moc"
