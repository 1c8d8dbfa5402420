#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "tests/app/chain/attack_bench.h"
#include "tests/support/must.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <map>

// One bit of one answer about the endorsement key is turned over: by noise, or by a part on the line that makes the name
// fit the altered area. ENROLL_EVERY_BIT=1 tries every bit; else those of the attributes and each 37th of the others.

namespace enroll::test {
namespace {

using namespace tpm::command_code;

constexpr std::size_t kArea = tpm::kHeaderSize + 2; ///< of TPM2_ReadPublic without sessions, behind the TPM2B's size
constexpr std::size_t kAttributes = kArea + 4;      ///< behind type and nameAlg

bool isSession(const Exchange& exchange)
{
    return must(ByteReader{exchange.command}.u16("tag")) == tpm::kTagSessions;
}

/// The number of the exchange in which the endorsement key is read: in the clear, or in the salted session.
std::size_t readingOf(const std::vector<Exchange>& exchanges, bool inSession)
{
    const auto found = std::ranges::find_if(exchanges, [inSession](const Exchange& exchange) {
        return exchange.code == kReadPublic && isSession(exchange) == inSession &&
               must(ByteReader{ByteView{exchange.command}.subspan(tpm::kHeaderSize)}.u32("handle")) ==
                   attestation::kDeviceSdkHandle;
    });
    if (found == exchanges.end()) {
        qFatal("the endorsement key is not read");
    }
    return static_cast<std::size_t>(found - exchanges.begin());
}

Bytes turnedOver(Bytes response, std::size_t bit)
{
    response[bit / 8] ^= static_cast<std::byte>(0x80U >> (bit % 8));
    return response;
}

ByteView areaIn(ByteView response)
{
    return must(ByteReader{response.subspan(tpm::kHeaderSize)}.sized(response.size(), "area"));
}

/// The name that the altered area has; nothing where its hash algorithm is none.
std::optional<Bytes> nameIn(ByteView response)
{
    auto name = tpm::nameOfArea(areaIn(response), tpm::kBeforeObjectNameAlgorithm);
    return name.ok() ? std::optional{std::move(name).value()} : std::nullopt;
}

/// Where the sizes of the area, of its name and of its qualified name stand: bits of a broken frame, as those of the header.
bool breaksTheFrame(ByteView response, std::size_t bit)
{
    const auto nameSize = kArea + areaIn(response).size();
    const auto name = must(ByteReader{response.subspan(nameSize)}.sized(response.size(), "name"));
    const auto byte = bit / 8;
    const auto isAt = [byte](std::size_t size) { return byte == size || byte == size + 1; };
    return byte < kArea || isAt(nameSize) || isAt(nameSize + 2 + name.size());
}

} // namespace

class tst_flipped_bits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Noise in the one answer that is read in the clear: a PASS is one of the TPM's own key, as it was read again.
    void noiseInTheClear()
    {
        const auto at = readingOf(m_warm.honest(), false);
        tryBits({0, bitsOf(m_warm, at)}, m_warm, at, turnedOver);
        QVERIFY(m_endings["PASS"] > 0);
        for (const auto bit : m_refused) {
            QVERIFY2(breaksTheFrame(m_warm.honest()[at].response, bit), std::to_string(bit).c_str());
        }
        QVERIFY(m_wrong.isEmpty());
    }

    /// Who can make the name fit gets no PASS for an altered area. Where no name fits, it is noise.
    void anInterposerInTheClear()
    {
        const auto at = readingOf(m_warm.honest(), false);
        const auto area = areaIn(m_warm.honest()[at].response).size();
        int nameless = 0;
        tryBits({8 * kArea, 8 * (kArea + area)}, m_warm, at, [&](Bytes response, std::size_t bit) {
            response = turnedOver(std::move(response), bit);
            const auto name = nameIn(response);
            nameless += name ? 0 : 1;
            std::ranges::copy(name.value_or(Bytes{}), response.begin() + static_cast<std::ptrdiff_t>(kArea + area + 2));
            return response;
        });
        QCOMPARE(m_endings["PASS"], nameless);
        QVERIFY(m_wrong.isEmpty());
    }

    /// What the salted session covers is not read again, and not believed.
    void noiseUnderTheSession()
    {
        const auto at = readingOf(m_warm.honest(), true);
        tryBits({0, bitsOf(m_warm, at)}, m_warm, at, turnedOver);
        QCOMPARE(m_endings["PASS"], 0);
        QVERIFY(m_wrong.isEmpty());
    }

    /// Nor where the key was just made persistent, and is read back.
    void noiseInTheReadingBack()
    {
        const AttackBench keeping{AttackBench::Device::Keeping};
        const auto at = readingOf(keeping.honest(), true);
        tryBits({0, bitsOf(keeping, at)}, keeping, at, turnedOver);
        QCOMPARE(m_endings["PASS"], 0);
        QVERIFY(m_wrong.isEmpty());
        QCOMPARE(keeping.attest(keeping.address()).verdict.outcome, Outcome::Pass);
    }

    void cleanup()
    {
        QCOMPARE(m_warm.attest(m_warm.address()).verdict.outcome, Outcome::Pass); // the TPM is as it was
    }

private:
    struct Bits {
        std::size_t first = 0;
        std::size_t end = 0;
    };

    static std::size_t bitsOf(const AttackBench& bench, std::size_t at)
    {
        return 8 * bench.honest()[at].response.size();
    }

    static std::size_t after(std::size_t bit)
    {
        static const bool every = qEnvironmentVariableIntValue("ENROLL_EVERY_BIT") != 0;
        constexpr std::size_t kStep = 37;
        constexpr auto kFirst = 8 * kAttributes;
        constexpr auto kLast = kFirst + 32;
        if (every || (bit >= kFirst && bit < kLast)) {
            return bit + 1;
        }
        return bit < kFirst ? std::min(bit + kStep, kFirst) : bit + kStep;
    }

    /// One run for each of the \p bits; counts how they end, and notes those that break a rule of AttackBench::broken().
    void tryBits(const Bits& bits, const AttackBench& bench, std::size_t at,
                 const std::function<Bytes(Bytes response, std::size_t bit)>& alter)
    {
        m_endings.clear();
        m_refused.clear();
        m_wrong.clear();
        QElapsedTimer time;
        time.start();
        int runs = 0;
        for (auto bit = bits.first; bit < bits.end; bit = after(bit), ++runs) {
            const TwistedLine line{bench.address(), at, [&](const Exchange& now, const std::vector<Exchange>&) {
                                       return RelayReply{alter(now.response, bit)};
                                   }};
            const auto run = timedRun(bench, line.address());
            QVERIFY(line.lied());
            const auto& verdict = run.report.verdict;
            ++m_endings[verdict.code ? std::string{describe(*verdict.code).text} : "PASS"];
            if (verdict.outcome != Outcome::Pass) {
                m_refused.push_back(bit);
            }
            if (const auto broken = bench.broken(run.report, run.took)) {
                m_wrong << QStringLiteral("bit %1 %2").arg(bit).arg(QString::fromStdString(*broken));
                qWarning("%s (%s)", qPrintable(m_wrong.last()), textOf(run.report).c_str());
            }
        }
        QString text;
        for (const auto& [ending, count] : m_endings) {
            text += QStringLiteral(", %1 %2").arg(count).arg(QString::fromStdString(ending));
        }
        qInfo("%d of %zu bits in %lld s%s", runs, bits.end - bits.first, time.elapsed() / 1000, qPrintable(text));
    }

    const AttackBench m_warm{AttackBench::Device::Warm};
    std::map<std::string, int> m_endings; ///< by code
    std::vector<std::size_t> m_refused;
    QStringList m_wrong;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_flipped_bits)
#include "tst_flipped_bits.moc"
