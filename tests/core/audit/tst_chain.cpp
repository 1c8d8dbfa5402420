#include "core/audit/chain.h"

#include <QTest>

using namespace enroll;
using namespace enroll::audit;

namespace {

ChainEntry entry()
{
    return nextEntry({4, genesisHash("journal").value()}, "run", "2026-11-23T20:14:03.120Z", asBytes("body")).value();
}

Bytes hashOf(const ChainEntry& value)
{
    return entryHash(value).value();
}

} // namespace

class TestChain : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hashesTheWrittenInputLayout()
    {
        // Given the layout of chain.h, put together by hand for a chain named "j" and an entry with every part short
        // When the expected values come from another SHA-256 over these bytes
        const auto genesis = genesisHash("j").value();
        const ChainEntry first{1, "k", "t", toBytes(asBytes("b")), genesis, {}};

        // Then both agree
        QCOMPARE(toHex(genesis), std::string{"9f802f730143ed4dbb8d9322f1b2d08290a72ed7504a687636e4d4fa178e9054"});
        QCOMPARE(toHex(hashOf(first)), std::string{"afcbf9036ea20c61f8cc5cd35bc260ff4c69ab31a148bc00e675ac2092e089b1"});
    }

    void nextEntryCountsOnAndCarriesItsHash()
    {
        const auto value = entry();

        QCOMPARE(value.seq, 5);
        QVERIFY(equalBytes(value.previousHash, genesisHash("journal").value()));
        QVERIFY(equalBytes(value.hash, hashOf(value)));
    }

    void everyMemberChangesTheHash()
    {
        const auto good = hashOf(entry());
        auto other = entry();

        other.seq += 1;
        QVERIFY(!equalBytes(good, hashOf(other)));
        other = entry();
        other.kind = "rum";
        QVERIFY(!equalBytes(good, hashOf(other)));
        other = entry();
        other.at.back() = 'z';
        QVERIFY(!equalBytes(good, hashOf(other)));
        other = entry();
        other.body.push_back(std::byte{0});
        QVERIFY(!equalBytes(good, hashOf(other)));
        other = entry();
        other.previousHash.front() ^= std::byte{1};
        QVERIFY(!equalBytes(good, hashOf(other)));
    }

    void bytesMovedBetweenMembersChangeTheHash()
    {
        auto left = entry();
        auto right = entry();
        left.kind = "ab";
        left.at = "c";
        right.kind = "a";
        right.at = "bc";

        QVERIFY(!equalBytes(hashOf(left), hashOf(right)));
    }

    void chainsOfDifferentNamesShareNoGenesis()
    {
        QVERIFY(!equalBytes(genesisHash("a").value(), genesisHash("b").value()));
    }
};

QTEST_APPLESS_MAIN(TestChain)
#include "tst_chain.moc"
