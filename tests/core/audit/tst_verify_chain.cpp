#include "core/audit/verify_chain.h"

#include <QTest>

using namespace enroll;
using namespace enroll::audit;

namespace {

constexpr std::string_view kChainId = "0190a1b2-0000-7000-8000-000000000001";

Bytes genesis()
{
    return genesisHash(kChainId).value();
}

std::vector<ChainEntry> smallChain()
{
    std::vector<ChainEntry> chain;
    ChainHead head{0, genesis()};
    for (const auto* body : {"first", "second", "third"}) {
        chain.push_back(nextEntry(head, "run", "2026-11-23T20:14:03.120Z", asBytes(body)).value());
        head = {chain.back().seq, chain.back().hash};
    }
    return chain;
}

/// The index of the first entry that does not fit; the chain's size if all do.
std::size_t firstBad(const std::vector<ChainEntry>& chain)
{
    ChainVerifier verifier{genesis()};
    for (std::size_t i = 0; i < chain.size(); ++i) {
        if (verifier.check(chain[i]).value()) {
            return i;
        }
    }
    return chain.size();
}

template <class Text>
void requireEveryFlipFound(std::vector<ChainEntry>& chain, std::size_t at, Text& member)
{
    for (auto& place : member) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            const auto good = place;
            place = static_cast<typename Text::value_type>(static_cast<unsigned>(place) ^ (1U << bit));
            QCOMPARE(firstBad(chain), at);
            place = good;
        }
    }
}

} // namespace

class TestVerifyChain : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void acceptsAnUntouchedChainAndSaysItsHead()
    {
        const auto chain = smallChain();
        ChainVerifier verifier{genesis()};
        for (const auto& entry : chain) {
            QVERIFY(!verifier.check(entry).value());
        }

        QCOMPARE(verifier.head().entries, 3);
        QVERIFY(equalBytes(verifier.head().hash, chain.back().hash));
    }

    void findsEveryFlippedBit()
    {
        auto chain = smallChain();
        for (std::size_t at = 0; at < chain.size(); ++at) {
            requireEveryFlipFound(chain, at, chain[at].kind);
            requireEveryFlipFound(chain, at, chain[at].at);
            requireEveryFlipFound(chain, at, chain[at].body);
            requireEveryFlipFound(chain, at, chain[at].previousHash);
            requireEveryFlipFound(chain, at, chain[at].hash);
        }
    }

    void findsAChangedNumber()
    {
        auto chain = smallChain();
        chain[1].seq = 7;
        QCOMPARE(firstBad(chain), 1U);
    }

    void findsAnEntryTakenOut()
    {
        auto chain = smallChain();
        chain.erase(chain.begin() + 1);
        QCOMPARE(firstBad(chain), 1U);
    }

    void findsEntriesInTheWrongOrder()
    {
        auto chain = smallChain();
        std::swap(chain[1], chain[2]);
        QCOMPARE(firstBad(chain), 1U);
    }

    void findsAnEntryMadeAnewWithItsOwnHashRight()
    {
        // Given somebody who changes a body and computes that entry's hash again
        auto chain = smallChain();
        chain[1].body = toBytes(asBytes("forged"));
        chain[1].hash = entryHash(chain[1]).value();

        // Then the entry after it gives them away
        QCOMPARE(firstBad(chain), 2U);
    }

    void refusesTheChainOfAnotherJournal()
    {
        ChainVerifier verifier{genesisHash("another").value()};
        QVERIFY(verifier.check(smallChain().front()).value());
    }

    void staysWhereItWasAfterAFault()
    {
        const auto chain = smallChain();
        ChainVerifier verifier{genesis()};
        QVERIFY(verifier.check(chain[1]).value());
        QCOMPARE(verifier.head().entries, 0);
        QVERIFY(!verifier.check(chain[0]).value());
    }
};

QTEST_APPLESS_MAIN(TestVerifyChain)
#include "tst_verify_chain.moc"
