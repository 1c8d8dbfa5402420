#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/oaep.h"
#include "tests/support/activation_vectors.h"
#include "tests/support/certificate_maker.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;

class TstOaep : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void opensTheCredentialSeedOfTheWorkedExample();
    void opensTheDuplicationSeedOfTheWorkedExample();
    void refusesTheOtherLabel();
    void refusesTheOtherKey();
    void refusesAnAlteredSecret();
    void rsaSeedTravelsToTheOwner_data();
    void rsaSeedTravelsToTheOwner();
    void everySeedIsFresh();
    void refusesAnUnusableModulus_data();
    void refusesAnUnusableModulus();
    void refusesASeedTooLongForTheKey();
    void eccSeedTravelsToTheOwner_data();
    void eccSeedTravelsToTheOwner();
    void eccSecretIsAMarshalledPoint();
    void refusesAPointOffTheCurve();
    void refusesAnEphemeralPointOffTheCurve();
    void refusesATruncatedEphemeralPoint();
    void refusesTextThatIsNoKey();

private:
    [[nodiscard]] Bytes secretOf(const char* part) const
    {
        const auto sized = m_vectors.bytes(part); // TPM2B: two bytes of size first
        return {sized.begin() + 2, sized.end()};
    }
    test::ActivationVectors m_vectors;
    std::string m_ekPem = m_vectors.text("ekPrivatePem");
    std::string m_srkPem = m_vectors.text("srkPrivatePem");
};

void TstOaep::opensTheCredentialSeedOfTheWorkedExample()
{
    const auto seed = recoverSeed(m_ekPem, HashAlgorithm::Sha256, "IDENTITY", secretOf("parts.encryptedSecret"));
    QCOMPARE(toHex(seed.value().view()), m_vectors.text("credential.seed"));
}

void TstOaep::opensTheDuplicationSeedOfTheWorkedExample()
{
    const auto seed = recoverSeed(m_srkPem, HashAlgorithm::Sha256, "DUPLICATE", secretOf("parts.inSymSeed"));
    QCOMPARE(toHex(seed.value().view()), m_vectors.text("duplication.seed"));
}

void TstOaep::refusesTheOtherLabel()
{
    const auto refused = recoverSeed(m_ekPem, HashAlgorithm::Sha256, "DUPLICATE", secretOf("parts.encryptedSecret"));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::CryptoFailed);
}

void TstOaep::refusesTheOtherKey()
{
    const auto refused = recoverSeed(m_srkPem, HashAlgorithm::Sha256, "IDENTITY", secretOf("parts.encryptedSecret"));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::CryptoFailed);
}

void TstOaep::refusesAnAlteredSecret()
{
    auto secret = secretOf("parts.encryptedSecret");
    secret[100] ^= std::byte{1};
    const auto refused = recoverSeed(m_ekPem, HashAlgorithm::Sha256, "IDENTITY", secret);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::CryptoFailed);
}

void TstOaep::rsaSeedTravelsToTheOwner_data()
{
    QTest::addColumn<HashAlgorithm>("algorithm");
    QTest::newRow("SHA-1") << HashAlgorithm::Sha1;
    QTest::newRow("SHA-256") << HashAlgorithm::Sha256;
    QTest::newRow("SHA-384") << HashAlgorithm::Sha384;
    QTest::newRow("SHA-512") << HashAlgorithm::Sha512;
}

void TstOaep::rsaSeedTravelsToTheOwner()
{
    QFETCH(HashAlgorithm, algorithm);
    const auto key = test::TestKey::fromPem(m_ekPem);
    const auto shared = shareSeed(key.publicKey(), algorithm, "IDENTITY").value();
    QCOMPARE(shared.seed.size(), digestSize(algorithm));
    QCOMPARE(shared.encryptedSecret.size(), std::size_t{256});
    const auto recovered = recoverSeed(m_ekPem, algorithm, "IDENTITY", shared.encryptedSecret);
    QVERIFY(equalBytes(recovered.value().view(), shared.seed.view()));
}

void TstOaep::everySeedIsFresh()
{
    const auto key = test::TestKey::fromPem(m_ekPem).publicKey();
    const auto first = shareSeed(key, HashAlgorithm::Sha256, "IDENTITY").value();
    const auto second = shareSeed(key, HashAlgorithm::Sha256, "IDENTITY").value();
    QVERIFY(!equalBytes(first.seed.view(), second.seed.view()));
}

void TstOaep::refusesAnUnusableModulus_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("last");
    QTest::newRow("empty") << 0 << 0;
    QTest::newRow("even") << 256 << 0xFE;
}

void TstOaep::refusesAnUnusableModulus()
{
    QFETCH(int, size);
    QFETCH(int, last);
    RsaPublicKey key{Bytes(static_cast<std::size_t>(size), std::byte{0xFF}), 65537};
    if (!key.modulus.empty()) {
        key.modulus.back() = static_cast<std::byte>(last);
    }
    const auto refused = oaepEncrypt(key, HashAlgorithm::Sha256, "IDENTITY", Bytes(32));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, DeviceCode::EndorsementKeyUnusable);
}

void TstOaep::refusesASeedTooLongForTheKey()
{
    const auto key = std::get<RsaPublicKey>(test::TestKey::fromPem(m_ekPem).publicKey());
    QVERIFY(oaepEncrypt(key, HashAlgorithm::Sha256, "IDENTITY", Bytes(190)).ok()); // 256 - 2 * 32 - 2
    const auto refused = oaepEncrypt(key, HashAlgorithm::Sha256, "IDENTITY", Bytes(191));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::CryptoFailed);
}

void TstOaep::eccSeedTravelsToTheOwner_data()
{
    QTest::addColumn<EccCurve>("curve");
    QTest::addColumn<HashAlgorithm>("algorithm");
    QTest::newRow("P-256") << EccCurve::NistP256 << HashAlgorithm::Sha256;
    QTest::newRow("P-384") << EccCurve::NistP384 << HashAlgorithm::Sha384;
    QTest::newRow("P-521") << EccCurve::NistP521 << HashAlgorithm::Sha512;
}

void TstOaep::eccSeedTravelsToTheOwner()
{
    QFETCH(EccCurve, curve);
    QFETCH(HashAlgorithm, algorithm);
    const auto key = test::TestKey::ecc(curve);
    const auto shared = shareSeed(key.publicKey(), algorithm, "IDENTITY").value();
    QCOMPARE(shared.seed.size(), digestSize(algorithm));
    const auto recovered = recoverSeed(key.pem(), algorithm, "IDENTITY", shared.encryptedSecret);
    QVERIFY(equalBytes(recovered.value().view(), shared.seed.view()));
    const auto other = recoverSeed(key.pem(), algorithm, "DUPLICATE", shared.encryptedSecret);
    QVERIFY(!equalBytes(other.value().view(), shared.seed.view())); // the label is part of the seed
}

void TstOaep::eccSecretIsAMarshalledPoint()
{
    const auto key = test::TestKey::ecc(EccCurve::NistP384);
    const auto shared = shareSeed(key.publicKey(), HashAlgorithm::Sha384, "IDENTITY").value();
    ByteReader reader{shared.encryptedSecret};
    EccPublicKey point{EccCurve::NistP384, toBytes(reader.sized(48, "x").value()),
                       toBytes(reader.sized(48, "y").value())};
    QVERIFY(reader.requireEnd("point").ok());
    QVERIFY(requireUsableKey(point).ok());
}

void TstOaep::refusesAPointOffTheCurve()
{
    auto key = std::get<EccPublicKey>(test::TestKey::ecc().publicKey());
    key.y.back() ^= std::byte{1};
    const auto refused = shareSeed(key, HashAlgorithm::Sha256, "IDENTITY");
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, DeviceCode::EndorsementKeyUnusable);
}

void TstOaep::refusesAnEphemeralPointOffTheCurve()
{
    const auto key = test::TestKey::ecc();
    auto secret = shareSeed(key.publicKey(), HashAlgorithm::Sha256, "IDENTITY").value().encryptedSecret;
    secret.back() ^= std::byte{1};
    const auto refused = recoverSeed(key.pem(), HashAlgorithm::Sha256, "IDENTITY", secret);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::CryptoFailed);
}

void TstOaep::refusesATruncatedEphemeralPoint()
{
    const auto key = test::TestKey::ecc();
    auto secret = shareSeed(key.publicKey(), HashAlgorithm::Sha256, "IDENTITY").value().encryptedSecret;
    secret.pop_back();
    const auto refused = recoverSeed(key.pem(), HashAlgorithm::Sha256, "IDENTITY", secret);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::CryptoFailed);
}

void TstOaep::refusesTextThatIsNoKey()
{
    const auto refused = recoverSeed("-----BEGIN NONSENSE-----", HashAlgorithm::Sha256, "IDENTITY", {});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
}

QTEST_APPLESS_MAIN(TstOaep)
#include "tst_oaep.moc"
