#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "tests/app/chain/attack_bench.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <random>

// Runs of which one response is mutated at random. ENROLL_MUTATED_RUNS says how many, ENROLL_MUTATED_SEED repeats one
// of them: the seed of a run that breaks a rule is in the message.

namespace enroll::test {
namespace {

using Random = std::mt19937;

quint32 number(const char* variable, quint32 otherwise)
{
    bool given = false;
    const auto value = qEnvironmentVariable(variable).toUInt(&given);
    return given ? value : otherwise;
}

std::size_t below(Random& random, std::size_t limit)
{
    return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random);
}

std::byte anyByte(Random& random)
{
    return static_cast<std::byte>(below(random, 256));
}

void flipBits(Random& random, Bytes& frame)
{
    for (auto flips = 1 + below(random, 4); flips > 0; --flips) {
        frame[below(random, frame.size())] ^= static_cast<std::byte>(1U << below(random, 8));
    }
}

void setBytes(Random& random, Bytes& frame)
{
    constexpr std::array kTelling{0x00, 0x01, 0x7F, 0x80, 0xFF};
    const auto begin = below(random, frame.size());
    const auto count = std::min(1 + below(random, 4), frame.size() - begin);
    const auto value = static_cast<std::byte>(kTelling.at(below(random, kTelling.size())));
    std::fill_n(frame.begin() + static_cast<std::ptrdiff_t>(begin), count, value);
}

void cut(Random& random, Bytes& frame)
{
    frame.resize(std::max<std::size_t>(tpm::kHeaderSize, below(random, frame.size())));
}

void insert(Random& random, Bytes& frame)
{
    const auto where = below(random, frame.size() + 1);
    for (auto count = 1 + below(random, 64); count > 0; --count) {
        frame.insert(frame.begin() + static_cast<std::ptrdiff_t>(where), anyByte(random));
    }
}

void remove(Random& random, Bytes& frame)
{
    const auto where = below(random, frame.size());
    const auto count = std::min(1 + below(random, 16), frame.size() - where);
    const auto begin = frame.begin() + static_cast<std::ptrdiff_t>(where);
    frame.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
    frame.resize(std::max(frame.size(), tpm::kHeaderSize));
}

void scramble(Random& random, Bytes& frame)
{
    std::generate(frame.begin() + tpm::kHeaderSize, frame.end(), [&random] { return anyByte(random); });
}

/// Puts a piece of an earlier response over a piece of this one.
void splice(Random& random, Bytes& frame, const std::vector<Exchange>& before)
{
    if (before.empty()) {
        return;
    }
    const auto& other = before[below(random, before.size())].response;
    const auto from = below(random, other.size());
    const auto to = below(random, frame.size());
    const auto count = std::min({1 + below(random, 64), other.size() - from, frame.size() - to});
    std::copy_n(other.begin() + static_cast<std::ptrdiff_t>(from), count,
                frame.begin() + static_cast<std::ptrdiff_t>(to));
}

/// One to three mutations; the size in the header is made to fit in most, so that more than the size is tried.
Bytes mutated(Random& random, const Exchange& now, const std::vector<Exchange>& before)
{
    auto frame = now.response;
    for (auto count = 1 + below(random, 3); count > 0; --count) {
        switch (below(random, 7)) {
        case 0:
        case 1:
            flipBits(random, frame);
            break;
        case 2:
            setBytes(random, frame);
            break;
        case 3:
            cut(random, frame);
            break;
        case 4:
            insert(random, frame);
            break;
        case 5:
            below(random, 2) == 0 ? remove(random, frame) : scramble(random, frame);
            break;
        default:
            splice(random, frame, before);
            break;
        }
    }
    return below(random, 8) == 0 ? frame : withOwnSize(std::move(frame));
}

} // namespace

class tst_mutated_runs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void noMutationBreaksARule()
    {
        constexpr quint32 kUsual = 60;
        const bool repeated = qEnvironmentVariableIsSet("ENROLL_MUTATED_SEED");
        const auto runs = repeated ? 1 : number("ENROLL_MUTATED_RUNS", kUsual);
        // The usual few are the same each time, so that a fault is found by the change that brings it.
        const auto many = qEnvironmentVariableIsSet("ENROLL_MUTATED_RUNS");
        const auto firstSeed = number("ENROLL_MUTATED_SEED", many ? QRandomGenerator::global()->generate() : 1);
        qInfo("%u runs from seed %u", runs, firstSeed);
        for (quint32 i = 0; i < runs; ++i) {
            const auto seed = firstSeed + i;
            const auto wrong = mutatedRun(seed);
            QVERIFY2(
                wrong.empty(),
                qPrintable(QStringLiteral("ENROLL_MUTATED_SEED=%1: %2").arg(seed).arg(QString::fromStdString(wrong))));
        }
        qInfo("%d of them passed all the same", m_passed);
        QCOMPARE(m_bench.attest(m_bench.address()).verdict.outcome, Outcome::Pass); // the TPM is as it was
    }

private:
    /// One run; what it broke, empty if nothing.
    std::string mutatedRun(quint32 seed)
    {
        Random random{seed};
        const auto at = below(random, m_bench.honest().size());
        const TwistedLine line{m_bench.address(), at,
                               [&random](const Exchange& now, const std::vector<Exchange>& before) {
                                   return RelayReply{now.response.empty() ? Bytes{} : mutated(random, now, before)};
                               }};
        const auto run = timedRun(m_bench, line.address());
        m_passed += run.report.verdict.outcome == Outcome::Pass ? 1 : 0;
        const auto broken = m_bench.broken(run.report, run.took);
        return broken ? "response " + std::to_string(at) + " " +
                            std::string{tpm::traitsOf(m_bench.honest()[at].code).name} + ": " + *broken + " (" +
                            textOf(run.report) + ")"
                      : std::string{};
    }

    const AttackBench m_bench{AttackBench::Device::Warm};
    int m_passed = 0;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_mutated_runs)
#include "tst_mutated_runs.moc"
