#include "core/tpm/command_table.h"
#include "tests/app/chain/station_directory.h"
#include "tests/support/bound_process.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

#include <atomic>

namespace enroll::test {
namespace {

/// The TPM makes its key with the number \p key, from 1, and nobody hears of it.
RelayBehaviour keepsTheKeyBack(std::atomic<bool>& made, int key)
{
    return {.instead = {}, .reply = [&made, left = key](std::uint32_t code, Bytes response) mutable {
                if (code != tpm::command_code::kCreatePrimary || --left != 0) {
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

    void killWithinTheMakingOf(int key) const
    {
        std::atomic<bool> made{false};
        const TpmRelay relay{m_tpm.address(), keepsTheKeyBack(made, key)};
        BoundProcess process;
        process.start(StationDirectory::program(), m_station.arguments(attestAt(relay.address())));
        QTRY_VERIFY_WITH_TIMEOUT(made, 30'000);
        process.kill();
        QVERIFY(process.waitForFinished());
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_station.trust(m_tpm.caCertificates());
        m_tpm.evict("0x81010001"); // both keys are made
    }

    void leavesNoMoreThanItsLastKeys_data()
    {
        QTest::addColumn<int>("key");
        QTest::newRow("first key") << 1;
        QTest::newRow("second key") << 2;
    }
    void leavesNoMoreThanItsLastKeys()
    {
        QFETCH(const int, key);
        for (int i = 0; i < 3; ++i) {
            killWithinTheMakingOf(key);
            if (QTest::currentTestFailed()) {
                return;
            }
            const auto left = QString::fromStdString(m_tpm.loadedHandles());
            QCOMPARE(left.count(QLatin1String("0x8000000")), key);
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
