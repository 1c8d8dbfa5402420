#include "core/crypto/hmac.h"
#include "tests/support/test_data.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;
using test::hex;

class TstHmac : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void matchesPublishedCodes_data();
    void matchesPublishedCodes();
    void keyLongerThanABlockIsHashedFirst();
    void emptyKeyIsAKey();
    void partsAreOneMessage();
};

void TstHmac::matchesPublishedCodes_data()
{
    // RFC 2202 and RFC 4231, test case 2.
    QTest::addColumn<HashAlgorithm>("algorithm");
    QTest::addColumn<std::string>("expected");
    QTest::newRow("SHA-1") << HashAlgorithm::Sha1 << std::string{"effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"};
    QTest::newRow("SHA-256") << HashAlgorithm::Sha256
                             << std::string{"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"};
    QTest::newRow("SHA-384") << HashAlgorithm::Sha384
                             << std::string{"af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
                                            "8e2240ca5e69e2c78b3239ecfab21649"};
    QTest::newRow("SHA-512") << HashAlgorithm::Sha512
                             << std::string{"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                                            "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"};
}

void TstHmac::matchesPublishedCodes()
{
    QFETCH(HashAlgorithm, algorithm);
    QFETCH(std::string, expected);
    const auto code = hmac(algorithm, asBytes("Jefe"), {asBytes("what do ya want for nothing?")});
    QCOMPARE(toHex(code.value()), expected);
}

void TstHmac::keyLongerThanABlockIsHashedFirst()
{
    const Bytes key(131, std::byte{0xAA}); // RFC 4231, test case 6
    const auto code =
        hmac(HashAlgorithm::Sha256, key, {asBytes("Test Using Larger Than Block-Size Key - Hash Key First")});
    QCOMPARE(code.value(), hex("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
}

void TstHmac::emptyKeyIsAKey()
{
    QCOMPARE(hmac(HashAlgorithm::Sha256, {}, {}).value(),
             hex("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"));
}

void TstHmac::partsAreOneMessage()
{
    const auto key = asBytes("key");
    QCOMPARE(hmac(HashAlgorithm::Sha256, key, {asBytes("on"), asBytes("e")}).value(),
             hmac(HashAlgorithm::Sha256, key, {asBytes("one")}).value());
}

QTEST_APPLESS_MAIN(TstHmac)
#include "tst_hmac.moc"
