#include "core/tpm/command_table.h"
#include "tests/app/chain/lie_table.h"
#include "tests/app/chain/lies.h"

#include <QTest>

#include <algorithm>

// Every lie about every response of a run, one at a time: what the station calls it, and what it leaves behind. The
// states that a device may come in have a table of their own, tst_device_states.

namespace enroll::test {
namespace {

using attestation::Verdict;

/// What a warm device does not show: no key where one is looked for, and a key that is made.
bool onlyOfAColdDevice(const Exchange& exchange)
{
    return failed(exchange) || exchange.code == tpm::command_code::kCreatePrimary;
}

} // namespace

class tst_attack_table : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_rows.size() >= 40);
        QVERIFY(m_warm.bench.honest().size() >= 20);
    }

    void aLieAboutAnyResponseIsNamed_data()
    {
        QTest::addColumn<int>("row");
        for (int row = 0; row < std::ssize(m_rows); ++row) {
            QTest::newRow(m_rows[static_cast<std::size_t>(row)].name) << row;
        }
    }
    void aLieAboutAnyResponseIsNamed()
    {
        QFETCH(const int, row);
        const auto& lie = m_rows[static_cast<std::size_t>(row)];
        int tried = 0;
        m_wrong = 0;
        for (const auto* device : {&m_warm, &m_cold, &m_keeping}) {
            for (std::size_t at = 0; at < device->bench.honest().size(); ++at) {
                const auto& honest = device->bench.honest()[at];
                const auto stage = device->stages[at];
                const bool meant = (!lie.only || lie.only == stage) && (!lie.applies || lie.applies(honest));
                if (meant && device->isNew(stage, honest)) {
                    tried += tryOne(lie, *device, at) ? 1 : 0;
                }
            }
            // The TPM is as it was.
            QCOMPARE(device->bench.attest(device->bench.address()).verdict.outcome, Outcome::Pass);
        }
        QCOMPARE(m_wrong, 0);
        QVERIFY(tried > 0);
    }

private:
    struct Device {
        AttackBench bench;
        bool (*isNew)(Stage stage, const Exchange& honest); ///< what the devices before it do not show
        std::vector<Stage> stages = stagesOf(bench.honest());
    };

    /// One run with the lie about response \p at; false if it was none. Prints what does not end as it must.
    bool tryOne(const LieRow& lie, const Device& device, std::size_t at)
    {
        const auto& bench = device.bench;
        const TwistedLine line{bench.address(), at, lie.twist, lie.command, lie.meddling};
        const auto run = timedRun(bench, line.address());
        flushEverything(m_other.address());
        const auto& honest = bench.honest()[at];
        if (const auto why = whyNot(lie, bench, {device.stages.at(at), honest}, run); why && line.lied()) {
            ++m_wrong;
            qWarning("%zu %s: %s (%s)", at, std::string{tpm::traitsOf(honest.code).name}.c_str(), why->c_str(),
                     textOf(run.report).c_str());
        }
        return line.lied();
    }

    /// What is wrong with how the run ended; nothing if all is right.
    static std::optional<std::string> whyNot(const LieRow& lie, const AttackBench& bench,
                                             const std::pair<Stage, const Exchange&>& place, const TimedRun& run)
    {
        if (auto broken = bench.broken(run.report, run.took)) {
            return broken;
        }
        const auto stage = place.first;
        const auto& honest = place.second;
        const bool passed = run.report.verdict == Verdict{Outcome::Pass, {}};
        if (stage == Stage::Releasing) {
            return passed ? std::nullopt : std::optional{"does not pass"};
        }
        if (isFlush(honest) && passed) {
            return std::nullopt; // makes room alone
        }
        const auto rule = std::ranges::find_if(lie.rules, [&](const Rule& each) { return each.fits(stage, honest); });
        if (rule == lie.rules.end()) {
            return "has no rule";
        }
        const auto is = [&run](const Ending& ending) {
            return run.report.verdict ==
                   (ending ? Verdict{*describe(*ending).verdict, ErrorCode{*ending}} : Verdict{Outcome::Pass, {}});
        };
        return std::ranges::none_of(rule->endings, is) ? std::optional{"is not what was expected"} : std::nullopt;
    }

    const Device m_warm{AttackBench{AttackBench::Device::Warm}, [](auto, const auto&) { return true; }};
    const Device m_cold{AttackBench{AttackBench::Device::Cold},
                        [](auto, const auto& honest) { return onlyOfAColdDevice(honest); }};
    const Device m_keeping{AttackBench{AttackBench::Device::Keeping},
                           [](auto stage, const auto&) { return stage == Stage::Keeping; }};
    const OtherTpm m_other{};
    const std::vector<LieRow> m_rows = lieTable(m_other);
    int m_wrong = 0;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_attack_table)
#include "tst_attack_table.moc"
