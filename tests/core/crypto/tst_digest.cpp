#include "core/crypto/digest.h"
#include "tests/support/test_data.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;
using test::hex;

class TstDigest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void matchesPublishedDigests_data();
    void matchesPublishedDigests();
    void partsAreHashedOneAfterAnother();
    void emptyInputHasTheKnownDigest();
    void sizeAgreesWithTheDigest_data() { matchesPublishedDigests_data(); }
    void sizeAgreesWithTheDigest();
};

void TstDigest::matchesPublishedDigests_data()
{
    // FIPS 180-4 examples for "abc".
    QTest::addColumn<HashAlgorithm>("algorithm");
    QTest::addColumn<std::string>("expected");
    QTest::newRow("SHA-1") << HashAlgorithm::Sha1 << std::string{"a9993e364706816aba3e25717850c26c9cd0d89d"};
    QTest::newRow("SHA-256") << HashAlgorithm::Sha256
                             << std::string{"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"};
    QTest::newRow("SHA-384") << HashAlgorithm::Sha384
                             << std::string{"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                                            "8086072ba1e7cc2358baeca134c825a7"};
    QTest::newRow("SHA-512") << HashAlgorithm::Sha512
                             << std::string{"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                                            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"};
}

void TstDigest::matchesPublishedDigests()
{
    QFETCH(HashAlgorithm, algorithm);
    QFETCH(std::string, expected);
    QCOMPARE(toHex(digest(algorithm, {asBytes("abc")}).value()), expected);
}

void TstDigest::partsAreHashedOneAfterAnother()
{
    QCOMPARE(sha256({asBytes("a"), ByteView{}, asBytes("bc")}).value(), sha256({asBytes("abc")}).value());
}

void TstDigest::emptyInputHasTheKnownDigest()
{
    QCOMPARE(sha256({}).value(), hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

void TstDigest::sizeAgreesWithTheDigest()
{
    QFETCH(HashAlgorithm, algorithm);
    QFETCH(std::string, expected);
    QCOMPARE(digestSize(algorithm), expected.size() / 2);
}

QTEST_APPLESS_MAIN(TstDigest)
#include "tst_digest.moc"
