#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "tests/app/chain/attack_bench.h"

#include <QTest>

// A device whose TPM is ready when a run begins, or until some command of it, and not from then on: no software TPM can be
// brought into these states, so that the line says it in the TPM's place.

namespace enroll::test {
namespace {

using attestation::Verdict;
using C = DeviceCode;

/// The TPM answers the command with the number \p at, from 0, and all behind it with \p said alone.
RelayBehaviour saying(std::uint32_t said, int at)
{
    return {.instead = [said, left = at](std::uint32_t) mutable -> std::optional<RelayReply> {
                return --left < 0 ? std::optional{RelayReply{bareResponse(tpm::kTagNoSessions, said)}} : std::nullopt;
            },
            .reply = {}};
}

} // namespace

class tst_state_changes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Each of the commands of a run is the first that the TPM answers so, as it does all behind it.
    void isOnlyReadyUntil_data()
    {
        QTest::addColumn<unsigned>("said");
        QTest::addColumn<int>("at");
        QTest::addColumn<int>("code");
        const TwistedLine line{m_warm.address()};
        QCOMPARE(m_warm.attest(line.address()).verdict.outcome, Outcome::Pass);
        const auto honest = line.exchanges();
        for (const auto& [said, code] : {std::pair{0x12DU, C::FirmwareUpdateUnfinished}, {0x153U, C::TpmNotTested}}) {
            for (int at = 0; honest.at(static_cast<std::size_t>(at)).code != tpm::command_code::kFlushContext; ++at) {
                const auto name = tpm::traitsOf(honest[static_cast<std::size_t>(at)].code).name;
                QTest::addRow("0x%X from command %d on, %s", said, at, std::string{name}.c_str())
                    << said << at << static_cast<int>(code);
            }
        }
    }
    void isOnlyReadyUntil()
    {
        QFETCH(const unsigned, said);
        QFETCH(const int, at);
        QFETCH(const int, code);
        const TpmRelay relay{m_warm.address(), saying(said, at)};
        const auto report = m_warm.attest(relay.address());
        const auto wanted = static_cast<C>(code);
        QVERIFY2(report.verdict == (Verdict{*describe(wanted).verdict, ErrorCode{wanted}}), textOf(report).c_str());
        QVERIFY(*describe(wanted).verdict == Outcome::Hold);
        QVERIFY(report.error.has_value());
        flushEverything(m_warm.address());                                        // whom it refuses to flush, it keeps
        QCOMPARE(m_warm.attest(m_warm.address()).verdict.outcome, Outcome::Pass); // once it is ready again
    }

private:
    const AttackBench m_warm{AttackBench::Device::Warm};
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_state_changes)
#include "tst_state_changes.moc"
