#include "core/base/secret_bytes.h"

#include <QtTest>

#include <type_traits>

using namespace enroll;

class TstSecretBytes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cannotBeCopied();
    void takesOverTheCallersBytes();
    void movingEmptiesTheSource();
    void selfMoveKeepsTheSecret();
    void wipingOverwritesTheMemory();
    void comparesByContentAndLength();
};

void TstSecretBytes::cannotBeCopied()
{
    QVERIFY(!std::is_copy_constructible_v<SecretBytes>);
    QVERIFY(!std::is_copy_assignable_v<SecretBytes>);
}

void TstSecretBytes::takesOverTheCallersBytes()
{
    Bytes plain(8, std::byte{9});
    const auto* address = plain.data();
    const SecretBytes secret{std::move(plain)};
    QCOMPARE(secret.view().data(), address); // no second copy stays behind
    QCOMPARE(secret.size(), std::size_t{8});
}

void TstSecretBytes::movingEmptiesTheSource()
{
    auto first = SecretBytes::copyOf(asBytes("secret"));
    SecretBytes second{std::move(first)};
    QVERIFY(first.empty()); // NOLINT(bugprone-use-after-move)
    SecretBytes third;
    third = std::move(second);
    QVERIFY(second.empty()); // NOLINT(bugprone-use-after-move)
    QVERIFY(equalBytes(third.view(), asBytes("secret")));
}

void TstSecretBytes::selfMoveKeepsTheSecret()
{
    auto secret = SecretBytes::copyOf(asBytes("secret"));
    auto& alias = secret;
    secret = std::move(alias);
    QVERIFY(equalBytes(secret.view(), asBytes("secret")));
}

void TstSecretBytes::wipingOverwritesTheMemory()
{
    Bytes memory(32, std::byte{0x5A});
    wipeMemory(memory);
    QCOMPARE(memory, Bytes(32));
    wipeMemory({});
    auto secret = SecretBytes::copyOf(asBytes("secret"));
    secret.wipe();
    QVERIFY(secret.empty());
}

void TstSecretBytes::comparesByContentAndLength()
{
    QVERIFY(equalInConstantTime(asBytes("abc"), asBytes("abc")));
    QVERIFY(equalInConstantTime({}, {}));
    QVERIFY(!equalInConstantTime(asBytes("abc"), asBytes("abd")));
    QVERIFY(!equalInConstantTime(asBytes("abc"), asBytes("bbc")));
    QVERIFY(!equalInConstantTime(asBytes("abc"), asBytes("ab")));
    QVERIFY(!equalInConstantTime({}, asBytes("a")));
}

QTEST_APPLESS_MAIN(TstSecretBytes)
#include "tst_secret_bytes.moc"
