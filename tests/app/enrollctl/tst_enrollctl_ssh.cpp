#include "tests/app/enrollctl/demo_profile.h"
#include "tests/app/enrollctl/run_facts.h"
#include "tests/support/agent_process.h"
#include "tests/support/ssh_server.h"
#include "tests/support/swtpm_fixture.h"

#include <QTest>

#include <csignal>

namespace enroll::test {

/// `attest` as a process, where a login by SSH starts the relay of the device.
class TestEnrollctlSsh : public QObject {
    Q_OBJECT

    EnrollctlProcess m_ctl;
    SwtpmFixture m_tpm;
    SshServer m_server;

    [[nodiscard]] std::string device() const
    {
        return m_server.address("exec " + AgentProcess::program().toStdString() + " --tpm " + m_tpm.address() +
                                " --stdio");
    }
    /// A configuration with the key and the known hosts of these names.
    [[nodiscard]] QString configured(const char* key, const char* hosts) const
    {
        const auto files = m_server.filesWith(key, hosts);
        return m_ctl.write(QStringLiteral("%1-%2.toml").arg(QLatin1String{key}, QLatin1String{hosts}),
                           "schema = 1\n[station]\nprofile = \"ssh.profile.toml\"\n[agent]\nkey_file = \"" +
                               QByteArray::fromStdString(files.keyFile.string()) + "\"\nknown_hosts_file = \"" +
                               QByteArray::fromStdString(files.knownHostsFile.string()) + "\"\n");
    }
    [[nodiscard]] static QStringList attesting(const std::string& device, const QString& configuration)
    {
        return {QStringLiteral("--config"), configuration,
                QStringLiteral("attest"),   QStringLiteral("--json"),
                QStringLiteral("--device"), QString::fromStdString(device)};
    }
    [[nodiscard]] CtlRun attest(const std::string& device, const char* key = "station",
                                const char* hosts = "hosts") const
    {
        return m_ctl.run(attesting(device, configured(key, hosts)));
    }

private Q_SLOTS:
    void initTestCase()
    {
        writeDemoProfileFor("ssh", m_ctl);
        m_ctl.trust(m_tpm.caCertificates());
        m_server.makeKey("stranger");
        m_server.write("nobody", {});
        m_server.write("other-key", m_server.hostName() + " " + m_server.makeKey("other") + "\n");
    }

    void theVerdictIsTheOneOverTcp()
    {
        const auto overTcp = attest(m_tpm.address());
        QVERIFY2(overTcp.exitCode == 0, (overTcp.output + overTcp.errors).constData());
        const auto run = attest(device());
        QVERIFY2(run.exitCode == 0, (run.output + run.errors).constData());
        QCOMPARE(run.text("outcome"), QStringLiteral("pass"));
        QCOMPARE(run.text("device"), QString::fromStdString(device()));
        QCOMPARE(factsOf(run), factsOf(overTcp));
        QVERIFY(sshClientsAt(m_server.port()).empty());
        QVERIFY(m_server.isQuiet());
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    void whatIsWrongWithALoginIsNoFaultOfTheDevice_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("hosts");
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("code");
        const auto row = [](const char* name, const char* key, const char* hosts, const char* command,
                            const char* code) {
            QTest::newRow(name) << QByteArray{key} << QByteArray{hosts} << QString::fromLatin1(command)
                                << QString::fromLatin1(code);
        };
        row("an unknown host", "station", "nobody", "exec cat", "S-349");
        row("another host key", "station", "other-key", "exec cat", "S-350");
        row("an unknown station", "stranger", "hosts", "exec cat", "S-351");
        row("no relay", "station", "hosts", "exec no-such-relay", "S-352");
        row("text", "station", "hosts", "echo Welcome; exec cat", "S-354");
        row("no key", "absent", "hosts", "exec cat", "S-333");
    }
    void whatIsWrongWithALoginIsNoFaultOfTheDevice()
    {
        QFETCH(const QByteArray, key);
        QFETCH(const QByteArray, hosts);
        QFETCH(const QString, command);
        QFETCH(const QString, code);
        const auto run = attest(m_server.address(command.toStdString()), key.constData(), hosts.constData());
        QVERIFY2(run.exitCode == 12, (run.output + run.errors).constData());
        QVERIFY(run.isOneDocument());
        QCOMPARE(run.text("code"), code);
        QCOMPARE(run.text("outcome"), QStringLiteral("station-fault"));
        QVERIFY2(!run.output.contains("RED bin"), run.output.constData());
    }

    void aDeviceThatIsNotThereIsToldAsOverTcp()
    {
        SshServer gone;
        const auto address = gone.address("exec cat");
        gone.stop();
        const auto run = attest(address);
        QVERIFY2(run.exitCode == 10, (run.output + run.errors).constData());
        QCOMPARE(run.text("code"), QStringLiteral("D-101"));
    }

    void aStationThatIsKilledLeavesNoClient()
    {
        const auto ctl =
            m_ctl.start(attesting(m_server.address("exec cat > /dev/null"), configured("station", "hosts")));
        QTRY_VERIFY_WITH_TIMEOUT(!sshClientsAt(m_server.port()).empty(), 30'000);
        ::kill(static_cast<pid_t>(ctl->processId()), SIGKILL);
        QVERIFY(ctl->waitForFinished(30'000));
        QTRY_VERIFY_WITH_TIMEOUT(sshClientsAt(m_server.port()).empty(), 30'000);
        QVERIFY(m_server.isQuiet());
    }

    void aSignalEndsALoginThatIsUnderWay()
    {
        const auto ctl =
            m_ctl.start(attesting(m_server.address("exec cat > /dev/null"), configured("station", "hosts")));
        QTRY_VERIFY_WITH_TIMEOUT(!sshClientsAt(m_server.port()).empty(), 30'000);
        ctl->terminate();
        QVERIFY(ctl->waitForFinished(30'000));
        QCOMPARE(ctl->exitCode(), 130);
        QVERIFY(sshClientsAt(m_server.port()).empty());
    }

    void aProfileMayForbidLogins()
    {
        auto words = attesting(device(), configured("station", "hosts"));
        words += {QStringLiteral("--profile"), QStringLiteral("demo")};
        const auto run = m_ctl.run(words);
        QVERIFY2(run.exitCode == 2, (run.output + run.errors).constData());
        QVERIFY2((run.output + run.errors).contains("does not allow ssh"), (run.output + run.errors).constData());
    }

    void aStationWithoutHostKeysOpensNothing()
    {
        const auto configuration =
            m_ctl.write(QStringLiteral("bare.toml"), "schema = 1\n[station]\nprofile = \"ssh.profile.toml\"\n");
        const auto run = m_ctl.run(attesting(device(), configuration));
        QVERIFY2(run.exitCode == 2, (run.output + run.errors).constData());
        QVERIFY2((run.output + run.errors).contains("known_hosts_file"), (run.output + run.errors).constData());
    }

    void aHostThatWouldBeAnOptionIsRefused()
    {
        const auto run = attest("ssh://-oProxyCommand=touch%20reached");
        QVERIFY2(run.exitCode == 2, (run.output + run.errors).constData());
        QVERIFY2((run.output + run.errors).contains("-oProxyCommand"), (run.output + run.errors).constData());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestEnrollctlSsh)
#include "tst_enrollctl_ssh.moc"
