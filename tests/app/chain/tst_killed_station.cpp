#include "core/tpm/command_table.h"
#include "tests/app/chain/station_directory.h"
#include "tests/support/bound_process.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

#include <atomic>

namespace enroll::test {
namespace {

/// The TPM makes its key, and nobody hears of it.
RelayBehaviour keepsTheKeyBack(std::atomic<bool>& made)
{
    return {.instead = {}, .reply = [&made](std::uint32_t code, Bytes response) {
                if (code != tpm::command_code::kCreatePrimary) {
                    return RelayReply{std::move(response)};
                }
                made = true;
                return RelayReply{{}, {}, RelayReply::Then::Stall};
            }};
}

} // namespace

/// kill -9 of enrollctl while the TPM makes a key: the key is loaded, and whoever could flush it is gone. A chip has room
/// for three.
class tst_killed_station : public QObject {
    Q_OBJECT

    StationDirectory m_station;
    SwtpmFixture m_tpm;

    static QStringList attestAt(const std::string& address)
    {
        return {QStringLiteral("attest"), QStringLiteral("--device"), QString::fromStdString(address)};
    }

    void killWithinTheMakingOfAKey() const
    {
        std::atomic<bool> made{false};
        const TpmRelay relay{m_tpm.address(), keepsTheKeyBack(made)};
        BoundProcess process;
        process.start(StationDirectory::program(), m_station.arguments(attestAt(relay.address())));
        QTRY_VERIFY_WITH_TIMEOUT(made, 30'000);
        process.kill();
        QVERIFY(process.waitForFinished());
    }

private Q_SLOTS:
    void initTestCase() { m_station.trust(m_tpm.caCertificates()); }

    void leavesNoMoreThanItsLastKey()
    {
        for (int i = 0; i < 3; ++i) {
            killWithinTheMakingOfAKey();
            if (QTest::currentTestFailed()) {
                return;
            }
            const auto left = QString::fromStdString(m_tpm.loadedHandles());
            QCOMPARE(left.count(QLatin1String("0x8000000")), 1);
        }
    }

    void theNextRunPassesAndLeavesNothing()
    {
        const auto run = m_station.run(attestAt(m_tpm.address()));
        QVERIFY2(run.exitCode == 0, run.output.constData());
        QCOMPARE(run.document().value(QLatin1String("outcome")).toString(), QStringLiteral("pass"));
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_killed_station)
#include "tst_killed_station.moc"
