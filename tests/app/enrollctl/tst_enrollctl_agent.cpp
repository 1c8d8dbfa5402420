#include "tests/app/enrollctl/demo_profile.h"
#include "tests/support/agent_process.h"
#include "tests/support/swtpm_fixture.h"

#include <QTcpSocket>
#include <QTest>

namespace enroll::test {

/// `attest` as a process, where the address says TLS, before an `enroll-agent` that speaks it or none.
class TestEnrollctlAgent : public QObject {
    Q_OBJECT

    EnrollctlProcess m_ctl;
    SwtpmFixture m_tpm;

    void makeKeys()
    {
        const auto plant = m_ctl.path(QStringLiteral("plant"));
        const auto keys = [&](const QStringList& words) {
            return m_ctl.run(QStringList{QStringLiteral("agent-keys")} + words).exitCode;
        };
        QCOMPARE(keys({QStringLiteral("init"), plant}), 0);
        QCOMPARE(keys({QStringLiteral("station"), QStringLiteral("st-07"), QStringLiteral("--directory"), plant}), 0);
        QCOMPARE(keys({QStringLiteral("agent"), QStringLiteral("127.0.0.1"), QStringLiteral("--directory"), plant}), 0);
        writeDemoProfileFor("tls", m_ctl);
        m_ctl.trust(m_tpm.caCertificates());
        m_ctl.write(QStringLiteral("station.toml"), "schema = 1\n[station]\nprofile = \"tls.profile.toml\"\n[agent]\n"
                                                    "ca_file = \"plant/station-st-07/ca.pem\"\n"
                                                    "certificate_file = \"plant/station-st-07/certificate.pem\"\n"
                                                    "key_file = \"plant/station-st-07/key.pem\"\n");
    }

    [[nodiscard]] CtlRun attest(quint16 port) const
    {
        return m_ctl.run({QStringLiteral("attest"), QStringLiteral("--json"), QStringLiteral("--device"),
                          QStringLiteral("tls://127.0.0.1:%1").arg(port)});
    }

private Q_SLOTS:
    void initTestCase() { makeKeys(); }

    void aDeviceBehindTlsPasses()
    {
        auto agent = AgentProcess{m_tpm.address(),
                                  {QStringLiteral("--keys"), m_ctl.path(QStringLiteral("plant/agent-127.0.0.1"))},
                                  QStringLiteral("tls://127.0.0.1:0")};
        const auto run = attest(agent.port());
        QVERIFY2(run.exitCode == 0, (run.output + run.errors).constData());
        QCOMPARE(run.text("outcome"), QStringLiteral("pass"));
        QCOMPARE(run.text("device"), QString::fromStdString(agent.address()));
        QCOMPARE(agent.terminate(), std::optional{0});
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    void anAgentWithoutTlsIsNoFaultOfItsDevice_data()
    {
        QTest::addColumn<bool>("busy");
        QTest::newRow("it waits for a station") << false;
        QTest::newRow("it serves another one") << true;
    }
    void anAgentWithoutTlsIsNoFaultOfItsDevice()
    {
        QFETCH(const bool, busy);
        const AgentProcess agent{m_tpm.address()};
        QTcpSocket other;
        if (busy) {
            other.connectToHost(QHostAddress::LocalHost, agent.port());
            QVERIFY(other.waitForConnected(30'000));
        }
        const auto run = attest(agent.port());
        QVERIFY2(run.exitCode == 12, (run.output + run.errors).constData());
        QVERIFY(run.isOneDocument());
        QCOMPARE(run.text("code"), QStringLiteral("S-346"));
        QVERIFY2(run.output.contains("speaks no TLS"), run.output.constData());
        QVERIFY2(!run.output.contains("RED bin"), run.output.constData());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestEnrollctlAgent)
#include "tst_enrollctl_agent.moc"
