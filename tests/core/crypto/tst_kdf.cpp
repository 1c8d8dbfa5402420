#include "core/base/station_code.h"
#include "core/crypto/kdf.h"
#include "tests/support/activation_vectors.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;

class TstKdf : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void storageKeyOfTheCredentialMatches();
    void integrityKeyOfTheCredentialMatches();
    void storageKeyOfTheDuplicateMatches();
    void integrityKeyOfTheDuplicateMatches();
    void contextsAreNotInterchangeable();
    void longerKeyIsNotAnExtensionOfAShorterOne();
    void clearsBitsBeyondTheOnesAskedFor_data();
    void clearsBitsBeyondTheOnesAskedFor();
    void severalBlocksFillALongKey();
    void refusesNoBitsAndTooMany();
    void oneStepDerivationHashesCounterFirst();
    void oneStepDerivationCountsBlocks();

private:
    test::ActivationVectors m_vectors;
};

void TstKdf::storageKeyOfTheCredentialMatches()
{
    const auto key =
        kdfa(HashAlgorithm::Sha256, m_vectors.bytes("credential.seed"), "STORAGE", m_vectors.bytes("srkName"), {}, 128);
    QCOMPARE(toHex(key.value().view()), m_vectors.text("credential.kdfa_STORAGE_ctxU_srkName_128"));
}

void TstKdf::integrityKeyOfTheCredentialMatches()
{
    const auto key = kdfa(HashAlgorithm::Sha256, m_vectors.bytes("credential.seed"), "INTEGRITY", {}, {}, 256);
    QCOMPARE(toHex(key.value().view()), m_vectors.text("credential.kdfa_INTEGRITY_256"));
}

void TstKdf::storageKeyOfTheDuplicateMatches()
{
    const auto key = kdfa(HashAlgorithm::Sha256, m_vectors.bytes("duplication.seed"), "STORAGE",
                          m_vectors.bytes("object.name"), {}, 128);
    QCOMPARE(toHex(key.value().view()), m_vectors.text("duplication.kdfa_STORAGE_ctxU_objectName_128"));
}

void TstKdf::integrityKeyOfTheDuplicateMatches()
{
    const auto key = kdfa(HashAlgorithm::Sha256, m_vectors.bytes("duplication.seed"), "INTEGRITY", {}, {}, 256);
    QCOMPARE(toHex(key.value().view()), m_vectors.text("duplication.kdfa_INTEGRITY_256"));
}

void TstKdf::contextsAreNotInterchangeable()
{
    // U and V stand one after another without a border: "a","b" equals "ab","" and differs from "b","a".
    const auto derive = [](ByteView u, ByteView v) {
        return toHex(kdfa(HashAlgorithm::Sha256, asBytes("key"), "LABEL", u, v, 256).value().view());
    };
    QCOMPARE(derive(asBytes("a"), asBytes("b")), derive(asBytes("ab"), {}));
    QVERIFY(derive(asBytes("a"), asBytes("b")) != derive(asBytes("b"), asBytes("a")));
}

void TstKdf::longerKeyIsNotAnExtensionOfAShorterOne()
{
    const auto shorter = kdfa(HashAlgorithm::Sha256, asBytes("key"), "LABEL", {}, {}, 128).value();
    const auto longer = kdfa(HashAlgorithm::Sha256, asBytes("key"), "LABEL", {}, {}, 256).value();
    QVERIFY(!equalBytes(shorter.view(), longer.view().first(16))); // the number of bits is hashed too
}

void TstKdf::clearsBitsBeyondTheOnesAskedFor_data()
{
    QTest::addColumn<unsigned>("bits");
    QTest::addColumn<int>("most");
    QTest::newRow("one bit") << 1U << 0x01;
    QTest::newRow("521 bits, as a P-521 scalar") << 521U << 0x01;
    QTest::newRow("260 bits") << 260U << 0x0F;
    QTest::newRow("255 bits") << 255U << 0x7F;
}

void TstKdf::clearsBitsBeyondTheOnesAskedFor()
{
    QFETCH(unsigned, bits);
    QFETCH(int, most);
    int seen = 0;
    for (std::uint8_t i = 0; i < 64; ++i) { // so many keys that every allowed bit shows up
        const std::array key{std::byte{i}};
        const auto derived = kdfa(HashAlgorithm::Sha256, key, "LABEL", {}, {}, bits).value();
        QCOMPARE(derived.size(), (std::size_t{bits} + 7) / 8);
        seen |= std::to_integer<int>(derived.view().front());
    }
    QCOMPARE(seen, most);
}

void TstKdf::severalBlocksFillALongKey()
{
    const auto key = kdfa(HashAlgorithm::Sha1, asBytes("key"), "LABEL", {}, {}, 8192).value();
    QCOMPARE(key.size(), std::size_t{1024});
    QVERIFY(!equalBytes(key.view().first(20), key.view().subspan(20, 20)));
}

void TstKdf::refusesNoBitsAndTooMany()
{
    for (const unsigned bits : {0U, 8193U}) {
        const auto refused = kdfa(HashAlgorithm::Sha256, asBytes("key"), "LABEL", {}, {}, bits);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, StationCode::CryptoFailed);
    }
}

void TstKdf::oneStepDerivationHashesCounterFirst()
{
    const auto expected = sha256({test::hex("00000001"), asBytes("shared"), asBytes("IDENTITY"), test::hex("00"),
                                  asBytes("ephemeral"), asBytes("static")});
    const auto key =
        kdfe(HashAlgorithm::Sha256, asBytes("shared"), "IDENTITY", asBytes("ephemeral"), asBytes("static"), 256);
    QVERIFY(equalBytes(key.value().view(), expected.value()));
}

void TstKdf::oneStepDerivationCountsBlocks()
{
    const auto second = sha256({test::hex("00000002"), asBytes("shared"), asBytes("LABEL"), test::hex("00")});
    const auto key = kdfe(HashAlgorithm::Sha256, asBytes("shared"), "LABEL", {}, {}, 512);
    QVERIFY(equalBytes(key.value().view().subspan(32), second.value()));
}

QTEST_APPLESS_MAIN(TstKdf)
#include "tst_kdf.moc"
