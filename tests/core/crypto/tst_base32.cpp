#include "core/crypto/base32.h"
#include "core/crypto/digest.h"
#include "tests/support/activation_vectors.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;

class TstBase32 : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void matchesRfc4648WithoutPadding_data();
    void matchesRfc4648WithoutPadding();
    void aDigestBecomesFiftyTwoCharacters();
    void registrationIdOfTheWorkedExampleMatches();
};

void TstBase32::matchesRfc4648WithoutPadding_data()
{
    QTest::addColumn<std::string>("plain");
    QTest::addColumn<std::string>("encoded");
    QTest::newRow("0") << std::string{} << std::string{};
    QTest::newRow("1") << std::string{"f"} << std::string{"my"};
    QTest::newRow("2") << std::string{"fo"} << std::string{"mzxq"};
    QTest::newRow("3") << std::string{"foo"} << std::string{"mzxw6"};
    QTest::newRow("4") << std::string{"foob"} << std::string{"mzxw6yq"};
    QTest::newRow("5") << std::string{"fooba"} << std::string{"mzxw6ytb"};
    QTest::newRow("6") << std::string{"foobar"} << std::string{"mzxw6ytboi"};
}

void TstBase32::matchesRfc4648WithoutPadding()
{
    QFETCH(std::string, plain);
    QFETCH(std::string, encoded);
    QCOMPARE(toBase32Lower(asBytes(plain)), encoded);
}

void TstBase32::aDigestBecomesFiftyTwoCharacters()
{
    QCOMPARE(toBase32Lower(Bytes(32)), std::string(52, 'a'));
    QCOMPARE(toBase32Lower(Bytes(5, std::byte{0xFF})), std::string(8, '7'));
}

void TstBase32::registrationIdOfTheWorkedExampleMatches()
{
    const test::ActivationVectors vectors;
    const auto fingerprint = sha256({vectors.bytes("ekTpm2bPublic")}).value();
    // The document holds the TPM2B with its size field, and the id is over all of it.
    QCOMPARE(toBase32Lower(fingerprint), vectors.text("registrationIdFromEk"));
}

QTEST_APPLESS_MAIN(TstBase32)
#include "tst_base32.moc"
