#include "core/tpm/presence_probe.h"
#include "tests/app/agent/agent_talk.h"
#include "tests/support/played_usb.h"
#include "tests/support/serial_cable.h"

#include <QTest>

namespace enroll::test {

using namespace std::chrono_literals;

namespace {

constexpr auto kPort = "usb://1-1.4";
constexpr auto kOtherPort = "usb://1-1.3";

transport::DeviceAddress at(const char* address)
{
    return must(transport::parseDeviceAddress(address));
}

std::optional<tpm::DeviceAnswer> asked(const char* address)
{
    return tpm::askDevice(at(address), 20s, {});
}

bool nobodyIsAt(const char* address)
{
    return asked(address) == tpm::DeviceAnswer{} && tpm::nobodyIsAt(at(address), 20s, {});
}

bool saysItIs(const char* serial, const char* address)
{
    return asked(address) == tpm::DeviceAnswer{true, serial};
}

/// A device with an agent that says its serial number, and the cable by which it is plugged in.
struct UsbDevice {
    UsbDevice(const SwtpmFixture& tpm, const char* serial)
        : file((tpm.directory() / serial).string()),
          agent(tpm.address(),
                {QStringLiteral("--serial-number-file"), QString::fromStdString(writtenTo(file, serial))},
                cable.agentPath())
    {}

    static const std::string& writtenTo(const std::string& file, const char* serial)
    {
        std::ofstream{file} << serial << '\n';
        return file;
    }
    [[nodiscard]] std::vector<std::string> lines() const { return {cable.stationPath().string()}; }

    SerialCable cable;
    std::string file;
    AgentProcess agent;
};

} // namespace

/// Devices with an `enroll-agent` on USB ports that umockdev plays: what the station finds at a port's address. An agent starts before
/// the ports are played, because it is no program of this machine.
class TestAgentUsb : public QObject {
    Q_OBJECT

    SwtpmFixture m_tpm;
    SwtpmFixture m_otherTpm;

private Q_SLOTS:
    void theDeviceInThePortIsAsked()
    {
        const UsbDevice device{m_tpm, "GX-000183"};
        PlayedUsb usb;
        QVERIFY(nobodyIsAt(kPort)); // no hub yet
        usb.plugHub("1-1", 4);
        QVERIFY(nobodyIsAt(kPort));
        usb.plug("1-1.4", {});
        QVERIFY(nobodyIsAt(kPort)); // it starts
        usb.unplug("1-1.4");
        usb.plug("1-1.4", device.lines());
        QVERIFY(saysItIs("GX-000183", kPort));
        QVERIFY(!tpm::nobodyIsAt(at(kPort), 20s, {}));
        usb.unplug("1-1.4");
        QVERIFY(nobodyIsAt(kPort));
    }

    /// The kernel gave its number to another device meanwhile.
    void aDeviceThatComesAgainHasAnotherNode()
    {
        const UsbDevice device{m_tpm, "GX-000183"};
        const UsbDevice again{m_otherTpm, "GX-000184"};
        PlayedUsb usb;
        usb.plug("1-1.4", device.lines());
        QVERIFY(saysItIs("GX-000183", kPort));
        usb.unplug("1-1.4");
        usb.plug("1-1.2", device.lines());
        QVERIFY(nobodyIsAt(kPort));
        usb.plug("1-1.4", again.lines());
        QVERIFY(saysItIs("GX-000184", kPort));
        QVERIFY(saysItIs("GX-000183", "usb://1-1.2"));
    }

    void twoDevicesOfOneHubAreNotMistaken()
    {
        const UsbDevice one{m_tpm, "GX-000183"};
        const UsbDevice other{m_otherTpm, "GX-000184"};
        PlayedUsb usb;
        usb.plug("1-1.4", one.lines());
        usb.plug("1-1.3", other.lines());
        QVERIFY(saysItIs("GX-000183", kPort));
        QVERIFY(saysItIs("GX-000184", kOtherPort));
        usb.unplug("1-1.4");
        QVERIFY(nobodyIsAt(kPort));
        usb.unplug("1-1.3");
        usb.plug("1-1.4", other.lines()); // swapped
        usb.plug("1-1.3", one.lines());
        QVERIFY(saysItIs("GX-000184", kPort));
        QVERIFY(saysItIs("GX-000183", kOtherPort));
    }

    void theFirstOfTwoLinesHasTheAgent()
    {
        const UsbDevice device{m_tpm, "GX-000183"};
        const SerialCable console; // nobody is at its other end
        PlayedUsb usb;
        usb.plug("1-1.4", {device.lines().front(), console.stationPath().string()});
        QVERIFY(saysItIs("GX-000183", kPort));
    }

    void aDeviceThatIsTakenOutIsCalledSo_data()
    {
        QTest::addColumn<std::string>("out");
        QTest::newRow("the device") << std::string{"1-1.4"};
        QTest::newRow("its hub") << std::string{"1-1"};
    }
    void aDeviceThatIsTakenOutIsCalledSo()
    {
        QFETCH(const std::string, out);
        UsbDevice device{m_tpm, "GX-000183"};
        PlayedUsb usb;
        usb.plug("1-1.4", device.lines());
        const auto tested = tpmAt(kPort);
        must(tested->connect());
        device.cable.unplugStation();
        usb.unplug(out);
        const auto read = tested->readEndorsementKey({});
        QVERIFY(!read.ok());
        QCOMPARE(read.error().code, ErrorCode{DeviceCode::DeviceRemoved});
    }

    /// A hub that resets may bring another device into the port within a moment: that one does not answer for the one before.
    void aDeviceThatIsSwappedInATestDoesNotGoOn()
    {
        UsbDevice device{m_tpm, "GX-000183"};
        const UsbDevice other{m_otherTpm, "GX-000184"};
        PlayedUsb usb;
        usb.plug("1-1.4", device.lines());
        const auto tested = tpmAt(kPort);
        must(tested->connect());
        device.cable.unplugStation();
        usb.unplug("1-1.4");
        usb.plug("1-1.4", other.lines());
        QVERIFY(!tested->readEndorsementKey({}).ok());
        QVERIFY(saysItIs("GX-000184", kPort));
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestAgentUsb)
#include "tst_agent_usb.moc"
