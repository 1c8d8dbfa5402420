#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/openssl_key.h"
#include "tests/support/activation_vectors.h"
#include "tests/support/certificate_maker.h"

#include <QtTest>

#include <thread>

using namespace enroll;
using namespace enroll::crypto;

class TstPublicKey : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void takesAGoodRsaKey();
    void refusesRsaKeyWithOneFault_data();
    void refusesRsaKeyWithOneFault();
    void takesAPointOfEachCurve_data();
    void takesAPointOfEachCurve();
    void refusesAPointOffTheCurve();
    void refusesAPointOfAnotherCurvesSize();
    void refusesCoordinatesBeyondTheField();
    void refusesAllZeroCoordinates();
    void cryptographyThatIsNotThereIsNoFaultOfTheKey();
};

namespace {

RsaPublicKey goodRsaKey()
{
    const test::ActivationVectors vectors;
    return std::get<RsaPublicKey>(test::TestKey::fromPem(vectors.text("ekPrivatePem")).publicKey());
}

} // namespace

void TstPublicKey::takesAGoodRsaKey()
{
    const auto key = goodRsaKey();
    QCOMPARE(key.modulus.size(), std::size_t{256});
    QVERIFY(requireUsableKey(key).ok());
}

void TstPublicKey::refusesRsaKeyWithOneFault_data()
{
    QTest::addColumn<RsaPublicKey>("key");
    const auto good = goodRsaKey();
    auto key = good;
    key.modulus.back() ^= std::byte{1};
    QTest::newRow("even modulus") << key;
    key = good;
    key.modulus.front() &= std::byte{0x7F};
    QTest::newRow("top bit clear") << key;
    key = good;
    key.modulus.erase(key.modulus.begin() + 1);
    QTest::newRow("2040 bits") << key;
    key = good;
    key.modulus.insert(key.modulus.begin() + 1, 257, std::byte{0x11});
    QTest::newRow("4104 bits") << key;
    for (const std::uint32_t exponent : {0U, 1U, 3U, 17U, 65536U, 65538U}) {
        key = good;
        key.exponent = exponent;
        QTest::addRow("exponent %u", exponent) << key;
    }
}

void TstPublicKey::refusesRsaKeyWithOneFault()
{
    QFETCH(RsaPublicKey, key);
    const auto refused = requireUsableKey(key);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, DeviceCode::EndorsementKeyUnusable);
}

void TstPublicKey::takesAPointOfEachCurve_data()
{
    QTest::addColumn<EccCurve>("curve");
    QTest::newRow("P-256") << EccCurve::NistP256;
    QTest::newRow("P-384") << EccCurve::NistP384;
    QTest::newRow("P-521") << EccCurve::NistP521;
}

void TstPublicKey::takesAPointOfEachCurve()
{
    QFETCH(EccCurve, curve);
    const auto key = std::get<EccPublicKey>(test::TestKey::ecc(curve).publicKey());
    QCOMPARE(key.curve, curve);
    QCOMPARE(key.x.size(), coordinateSize(curve));
    QVERIFY(requireUsableKey(key).ok());
}

void TstPublicKey::refusesAPointOffTheCurve()
{
    auto key = std::get<EccPublicKey>(test::TestKey::ecc().publicKey());
    key.x.back() ^= std::byte{1};
    QCOMPARE(requireUsableKey(key).error().code, DeviceCode::EndorsementKeyUnusable);
}

void TstPublicKey::refusesAPointOfAnotherCurvesSize()
{
    auto key = std::get<EccPublicKey>(test::TestKey::ecc(EccCurve::NistP256).publicKey());
    key.curve = EccCurve::NistP384;
    QCOMPARE(requireUsableKey(key).error().code, DeviceCode::EndorsementKeyUnusable);
}

void TstPublicKey::refusesCoordinatesBeyondTheField()
{
    const EccPublicKey key{EccCurve::NistP256, Bytes(32, std::byte{0xFF}), Bytes(32, std::byte{0xFF})};
    QCOMPARE(requireUsableKey(key).error().code, DeviceCode::EndorsementKeyUnusable);
}

void TstPublicKey::refusesAllZeroCoordinates()
{
    const EccPublicKey key{EccCurve::NistP256, Bytes(32), Bytes(32)};
    QCOMPARE(requireUsableKey(key).error().code, DeviceCode::EndorsementKeyUnusable);
}

/// Without a provider OpenSSL has no context to offer; afterwards the same thread works as before.
void TstPublicKey::cryptographyThatIsNotThereIsNoFaultOfTheKey()
{
    const PublicKey rsa = goodRsaKey();
    const auto ecc = test::TestKey::ecc().publicKey();
    std::vector<ErrorCode> codes;
    bool recovered = false;
    std::jthread{[&] { // a thread that has no context from before
        EVP_set_default_properties(nullptr, "provider=none");
        for (const auto& key : {rsa, ecc}) {
            const auto made = opensslKey(key);
            codes.push_back(made.ok() ? StationCode::InternalFault : made.error().code);
        }
        EVP_set_default_properties(nullptr, "");
        recovered = opensslKey(rsa).ok() && opensslKey(ecc).ok();
    }}
        .join();
    QCOMPARE(codes, (std::vector<ErrorCode>{StationCode::CryptoFailed, StationCode::CryptoFailed}));
    QVERIFY(recovered);
}

QTEST_APPLESS_MAIN(TstPublicKey)
#include "tst_public_key.moc"
