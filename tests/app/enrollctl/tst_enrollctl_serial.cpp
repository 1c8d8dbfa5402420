#include "tests/app/enrollctl/demo_profile.h"
#include "tests/app/enrollctl/run_facts.h"
#include "tests/support/agent_process.h"
#include "tests/support/serial_cable.h"
#include "tests/support/swtpm_fixture.h"

#include <QFile>
#include <QTest>

namespace enroll::test {

/// `attest` as a process, where the device is at the other end of a serial line.
class TestEnrollctlSerial : public QObject {
    Q_OBJECT

    EnrollctlProcess m_ctl;
    SwtpmFixture m_tpm;

    [[nodiscard]] CtlRun attest(const std::string& device, const QString& profile) const
    {
        return m_ctl.run({QStringLiteral("attest"), QStringLiteral("--json"), QStringLiteral("--device"),
                          QString::fromStdString(device), QStringLiteral("--profile"), profile});
    }
    [[nodiscard]] CtlRun attest(const std::string& device) const
    {
        return attest(device, m_ctl.path(QStringLiteral("serial.profile.toml")));
    }

private Q_SLOTS:
    void initTestCase()
    {
        writeDemoProfileFor("serial", m_ctl);
        m_ctl.trust(m_tpm.caCertificates());
    }

    void theVerdictIsTheOneOverTcp_data()
    {
        QTest::addColumn<LineFaults>("faults");
        QTest::newRow("a good line") << LineFaults{};
        QTest::newRow("a bad line") << LineFaults{.lostBytes = 100,
                                                  .doubledBytes = 50,
                                                  .turnedBytes = 100,
                                                  .addedBytes = 50,
                                                  .lostFrames = 20'000,
                                                  .doubledFrames = 20'000,
                                                  .textBefore = 20'000};
    }
    void theVerdictIsTheOneOverTcp()
    {
        QFETCH(const LineFaults, faults);
        const auto overTcp = attest(m_tpm.address());
        QVERIFY2(overTcp.exitCode == 0, (overTcp.output + overTcp.errors).constData());
        const SerialCable cable{faults, 7};
        auto agent = AgentProcess{m_tpm.address(), {}, cable.agentPath()};
        const auto run = attest(cable.address());
        QVERIFY2(run.exitCode == 0, (run.output + run.errors).constData());
        QCOMPARE(run.text("outcome"), QStringLiteral("pass"));
        QCOMPARE(run.text("device"), QString::fromStdString(cable.address()));
        QCOMPARE(factsOf(run), factsOf(overTcp));
        QCOMPARE(agent.terminate(), std::optional{0});
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    void aLoginPromptIsNamed()
    {
        const QTemporaryDir directory{QStringLiteral("/dev/shm/enroll-XXXXXX")};
        const SerialPlug plug{directory.filePath(QStringLiteral("line")).toStdString()};
        plug.write(asBytes("\r\nDebian GNU/Linux 12 gw-7 ttyS0\r\n\r\ngw-7 login: "));
        const auto run = attest("serial://" + plug.path().string());
        QVERIFY2(run.exitCode == 10, (run.output + run.errors).constData());
        QCOMPARE(run.text("code"), QStringLiteral("D-101"));
        QVERIFY2(run.output.contains("the line carries a login prompt"), run.output.constData());
    }

    void aFileIsTheStationsFault()
    {
        const QTemporaryDir directory{QStringLiteral("/dev/shm/enroll-XXXXXX")};
        QFile file{directory.filePath(QStringLiteral("line"))};
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("garbage\n") > 0 && file.flush());
        const auto run = attest("serial://" + file.fileName().toStdString());
        QVERIFY2(run.exitCode == 12, (run.output + run.errors).constData());
        QCOMPARE(run.text("code"), QStringLiteral("S-321"));
        QVERIFY2(run.output.contains("is no serial line"), run.output.constData());
        QCOMPARE(file.size(), qint64{8});
    }

    void aProfileMayForbidSerialLines()
    {
        const auto run = attest("serial:///dev/ttyACM0", QStringLiteral("demo"));
        QVERIFY2(run.exitCode == 2, (run.output + run.errors).constData());
        QVERIFY2((run.output + run.errors).contains("serial"), (run.output + run.errors).constData());
    }

    void anOddRateIsRefused()
    {
        const auto run = attest("serial:///dev/ttyACM0?baud=7");
        QVERIFY2(run.exitCode == 2, (run.output + run.errors).constData());
        QVERIFY2((run.output + run.errors).contains("baud rate '7'"), (run.output + run.errors).constData());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestEnrollctlSerial)
#include "tst_enrollctl_serial.moc"
