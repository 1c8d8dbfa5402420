#include "core/base/station_code.h"
#include "core/crypto/aes_cfb.h"
#include "tests/support/activation_vectors.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;
using test::hex;

class TstAesCfb : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void matchesVariableKeyAnswers_data();
    void matchesVariableKeyAnswers();
    void chainsBlocksAsPublished();
    void decryptsWhatItEncrypts_data();
    void decryptsWhatItEncrypts();
    void refusesKeyOfOtherSizes_data();
    void refusesKeyOfOtherSizes();
    void wrapsTheCredentialOfTheWorkedExample();
};

void TstAesCfb::matchesVariableKeyAnswers_data()
{
    // NIST AESAVS, CFB128VarKey: zero IV, zero plain text, key with the top bit alone.
    QTest::addColumn<int>("keySize");
    QTest::addColumn<std::string>("cipher");
    QTest::newRow("AES-128") << 16 << std::string{"0edd33d3c621e546455bd8ba1418bec8"};
    QTest::newRow("AES-192") << 24 << std::string{"de885dc87f5a92594082d02cc1e1b42c"};
    QTest::newRow("AES-256") << 32 << std::string{"e35a6dcb19b201a01ebcfa8aa22b5759"};
}

void TstAesCfb::matchesVariableKeyAnswers()
{
    QFETCH(int, keySize);
    QFETCH(std::string, cipher);
    Bytes key(static_cast<std::size_t>(keySize));
    key[0] = std::byte{0x80};
    QCOMPARE(toHex(aesCfbEncrypt(key, Bytes(16)).value()), cipher);
}

void TstAesCfb::chainsBlocksAsPublished()
{
    // SP 800-38A, F.3.13 starts from an IV of its own. A first block that encrypts to that IV brings the chain there.
    const auto key = hex("2b7e151628aed2a6abf7158809cf4f3c");
    const auto iv = hex("000102030405060708090a0b0c0d0e0f");
    const auto plain = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
    const auto start = aesCfbEncrypt(key, iv).value();
    const auto cipher = aesCfbEncrypt(key, concat({start, plain})).value();
    QCOMPARE(toHex(cipher), toHex(iv) + "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b");
}

void TstAesCfb::decryptsWhatItEncrypts_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {0, 1, 15, 16, 17, 108}) {
        QTest::addRow("%d bytes", size) << size;
    }
}

void TstAesCfb::decryptsWhatItEncrypts()
{
    QFETCH(int, size);
    const Bytes key(32, std::byte{7});
    const Bytes plain(static_cast<std::size_t>(size), std::byte{0x5A});
    const auto cipher = aesCfbEncrypt(key, plain).value();
    QCOMPARE(cipher.size(), plain.size());
    QVERIFY(plain.empty() || cipher != plain);
    QVERIFY(equalBytes(aesCfbDecrypt(key, cipher).value().view(), plain));
}

void TstAesCfb::refusesKeyOfOtherSizes_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {0, 8, 15, 17, 31, 33}) {
        QTest::addRow("%d bytes", size) << size;
    }
}

void TstAesCfb::refusesKeyOfOtherSizes()
{
    QFETCH(int, size);
    const auto refused = aesCfbEncrypt(Bytes(static_cast<std::size_t>(size)), asBytes("text"));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::CryptoFailed);
}

void TstAesCfb::wrapsTheCredentialOfTheWorkedExample()
{
    const test::ActivationVectors vectors;
    const auto key = vectors.bytes("credential.kdfa_STORAGE_ctxU_srkName_128");
    ByteWriter credential;
    credential.sized(vectors.bytes("credential.secret_innerKey"));
    QCOMPARE(aesCfbEncrypt(key, credential.view()).value(), vectors.bytes("credential.encIdentity"));
}

QTEST_APPLESS_MAIN(TstAesCfb)
#include "tst_aes_cfb.moc"
