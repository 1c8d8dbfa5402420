#include "tests/app/enrollctl/demo_profile.h"
#include "tests/app/enrollctl/run_facts.h"
#include "tests/support/agent_process.h"
#include "tests/support/played_usb.h"
#include "tests/support/serial_cable.h"
#include "tests/support/swtpm_fixture.h"

#include <QTest>

namespace enroll::test {

/// `attest` and `slots learn` as processes, on USB ports that umockdev plays.
class TestEnrollctlUsb : public QObject {
    Q_OBJECT

    EnrollctlProcess m_ctl;
    SwtpmFixture m_tpm;

    [[nodiscard]] CtlRun attest(const std::string& device) const
    {
        return m_ctl.run({QStringLiteral("attest"), QStringLiteral("--json"), QStringLiteral("--device"),
                          QString::fromStdString(device), QStringLiteral("--profile"),
                          m_ctl.path(QStringLiteral("usb.profile.toml"))});
    }

    static QStringList ofSlot(const char* number) { return {QStringLiteral("--slot"), QString::fromLatin1(number)}; }

    /// `slots learn` while it waits.
    class Lesson {
    public:
        Lesson(const EnrollctlProcess& ctl, const QStringList& options)
            : m_process(ctl.start(QStringList{QStringLiteral("slots"), QStringLiteral("learn")} + options))
        {}
        /// Whether it says so from here on, within half a minute.
        bool says(const QByteArray& words)
        {
            return QTest::qWaitFor(
                [this, &words] {
                    m_said += m_process->readAllStandardError();
                    const auto at = m_said.indexOf(words, m_read);
                    m_read = at < 0 ? m_read : at + words.size();
                    return at >= 0;
                },
                30'000);
        }
        int end()
        {
            const bool ended = m_process->state() == QProcess::NotRunning || m_process->waitForFinished(30'000);
            return ended ? m_process->exitCode() : -1;
        }
        void stop() { m_process->terminate(); }
        QByteArray output() { return m_process->readAllStandardOutput(); }
        [[nodiscard]] const QByteArray& said() const { return m_said; }

    private:
        std::unique_ptr<QProcess> m_process;
        QByteArray m_said;
        qsizetype m_read = 0;
    };

private Q_SLOTS:
    void initTestCase()
    {
        writeDemoProfileFor("usb", m_ctl);
        m_ctl.trust(m_tpm.caCertificates());
    }

    void theVerdictIsTheOneOverTcp()
    {
        const auto overTcp = attest(m_tpm.address());
        QVERIFY2(overTcp.exitCode == 0, (overTcp.output + overTcp.errors).constData());
        const SerialCable cable;
        auto agent = AgentProcess{m_tpm.address(), {}, cable.agentPath()};
        PlayedUsb usb;
        usb.plug("1-1.4", {cable.stationPath().string()});
        const auto run = attest("usb://1-1.4");
        QVERIFY2(run.exitCode == 0, (run.output + run.errors).constData());
        QCOMPARE(run.text("outcome"), QStringLiteral("pass"));
        QCOMPARE(run.text("device"), QStringLiteral("usb://1-1.4"));
        QCOMPARE(factsOf(run), factsOf(overTcp));
        usb.unplug("1-1.4");
        usb.plug("1-1.3", {cable.stationPath().string()});
        QCOMPARE(attest("usb://1-1.4").text("code"), QStringLiteral("D-101"));
        QCOMPARE(attest("usb://1-1.3").exitCode, 0);
        QCOMPARE(agent.terminate(), std::optional{0});
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    void aPortThatTheMachineDoesNotHaveIsTheStationsFault()
    {
        const PlayedUsb usb;
        const auto run = attest("usb://1-1.4");
        QVERIFY2(run.exitCode == 12, (run.output + run.errors).constData());
        QCOMPARE(run.text("code"), QStringLiteral("S-321"));
        QVERIFY2(
            run.output.contains("the USB port 1-1.4 does not exist, because nothing is plugged into the USB port 1-1:"),
            run.output.constData());
    }

    void aDeviceWithoutALineIsNamed()
    {
        PlayedUsb usb;
        usb.plug("1-2", {});
        const auto run = attest("usb://1-2");
        QVERIFY2(run.exitCode == 10, (run.output + run.errors).constData());
        QCOMPARE(run.text("code"), QStringLiteral("D-101"));
        QVERIFY2(run.output.contains("what is plugged into the USB port 1-2 offers no serial line and no TPM"),
                 run.output.constData());
    }

    void aProfileMayForbidUsbPorts()
    {
        const auto run = m_ctl.run({QStringLiteral("attest"), QStringLiteral("--device"), QStringLiteral("usb://1-1"),
                                    QStringLiteral("--profile"), QStringLiteral("demo")});
        QVERIFY2(run.exitCode == 2, (run.output + run.errors).constData());
        QVERIFY2(run.errors.contains("usb"), run.errors.constData());
    }

    void anOddPortIsRefused()
    {
        const auto run = attest("usb://usb1");
        QVERIFY2(run.exitCode == 2, (run.output + run.errors).constData());
        QVERIFY2(run.errors.contains("USB port 'usb1' is none"), run.errors.constData());
    }

    void aSlotNamesItsPort()
    {
        const auto station = m_ctl.write(QStringLiteral("station.toml"),
                                         "schema = 1\n[[slot]]\nnumber = 3\nusb_port = \"1-1.4?baud=921600\"\n");
        const auto run =
            m_ctl.run({QStringLiteral("config"), QStringLiteral("show"), QStringLiteral("--config"), station});
        QVERIFY2(run.output.contains("usb://1-1.4?baud=921600"), (run.output + run.errors).constData());
    }

    void slotsAreLearntOneAfterTheOther()
    {
        PlayedUsb usb;
        usb.plug("1-9", {"/dev/ttyUSB0"}); // was in before
        Lesson lesson{m_ctl, ofSlot("2") + ofSlot("1")};
        QVERIFY2(lesson.says("Plug a device into slot 1 now."), lesson.said().constData());
        usb.plug("1-1.4", {"/dev/ttyACM0"});
        QVERIFY2(lesson.says("Slot 1 is USB port 1-1.4."), lesson.said().constData());
        QVERIFY2(lesson.says("Plug a device into slot 2 now."), lesson.said().constData());
        usb.unplug("1-1.4");
        usb.plug("1-1.4", {"/dev/ttyACM0"}); // the same again
        QVERIFY2(lesson.says("USB port 1-1.4 is that of slot 1."), lesson.said().constData());
        usb.plug("1-1.3", {"/dev/ttyACM1"});
        QVERIFY2(lesson.says("Slot 2 is USB port 1-1.3."), lesson.said().constData());
        QCOMPARE(lesson.end(), 0);
        QCOMPARE(lesson.output(), QByteArray{"[[slot]]\nnumber = 1\nusb_port = \"1-1.4\"\n"
                                             "[[slot]]\nnumber = 2\nusb_port = \"1-1.3\"\n"});
    }

    void twoAtOnceAreAskedAgain()
    {
        PlayedUsb usb;
        Lesson lesson{m_ctl, ofSlot("1")};
        QVERIFY2(lesson.says("Plug a device"), lesson.said().constData());
        usb.plug("1-1", {"/dev/ttyACM0"});
        usb.plug("1-2", {"/dev/ttyACM1"});
        QVERIFY2(lesson.says("Devices came to the USB ports 1-1, 1-2 at once."), lesson.said().constData());
        usb.unplug("1-1");
        usb.unplug("1-2");
        usb.plug("1-2", {"/dev/ttyACM0"});
        QVERIFY2(lesson.says("Slot 1 is USB port 1-2."), lesson.said().constData());
        QCOMPARE(lesson.end(), 0);
    }

    void nobodyWhoPlugsEndsIt()
    {
        const PlayedUsb usb;
        Lesson lesson{m_ctl, ofSlot("1") + QStringList{QStringLiteral("--seconds"), QStringLiteral("1")}};
        QVERIFY(lesson.says("S-339"));
        QVERIFY(lesson.end() > 0);
        QVERIFY(lesson.output().isEmpty());
    }

    void aSignalEndsIt()
    {
        const PlayedUsb usb;
        Lesson lesson{m_ctl, ofSlot("1")};
        QVERIFY(lesson.says("Plug a device"));
        lesson.stop();
        QCOMPARE(lesson.end(), 130);
    }

    void anOddSlotIsRefused()
    {
        for (const auto* slot : {"0", "33", "one", "01", "-1"}) {
            const auto run = m_ctl.run(QStringList{QStringLiteral("slots"), QStringLiteral("learn")} + ofSlot(slot));
            QVERIFY2(run.exitCode == 2, (run.output + run.errors).constData());
        }
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestEnrollctlUsb)
#include "tst_enrollctl_usb.moc"
