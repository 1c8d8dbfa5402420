#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/transport/open_channel.h"
#include "core/transport/plug_watch.h"
#include "core/transport/usb_port.h"
#include "tests/core/transport/waiting.h"
#include "tests/support/must.h"
#include "tests/support/played_usb.h"

#include <QTest>

namespace enroll::test {

using namespace transport;

namespace {

constexpr std::chrono::seconds kPatience{20};

using Ports = std::vector<std::string>;

Ports portsInUse()
{
    Ports ports;
    for (const auto& [port, device] : must(usbPortsInUse())) {
        ports.push_back(port);
    }
    return ports;
}

UsbOffer line(const std::string& path)
{
    return SerialAddress{path};
}

Result<UsbOffer> offerIn(const char* port)
{
    return offerAt({port});
}

} // namespace

/// What is plugged into the USB ports of a machine, by libudev, on ports that umockdev plays.
class TestUsbPort : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aDeviceIsFoundByItsPort()
    {
        PlayedUsb usb;
        usb.plug("1-1.4", {"/dev/ttyACM0"});
        usb.plug("1-1.3", {"/dev/ttyUSB0"});
        QVERIFY(must(offerIn("1-1.4")) == line("/dev/ttyACM0"));
        QVERIFY(must(offerIn("1-1.3")) == line("/dev/ttyUSB0"));
        QVERIFY(portsInUse() == (Ports{"1-1.3", "1-1.4"}));
        const UsbAddress fast{"1-1.4", 921'600};
        QVERIFY((must(offerAt(fast)) == UsbOffer{SerialAddress{"/dev/ttyACM0", 921'600}}));
    }

    void anEmptyPortHasNobody()
    {
        PlayedUsb usb;
        usb.plug("1-1.4", {"/dev/ttyACM0"});
        for (const auto* port : {"1-1.3", "1-4", "1-9"}) {
            const auto offer = offerIn(port);
            QVERIFY2(!offer.ok() && offer.error().code == DeviceCode::NoTpmAnswers, port);
            QVERIFY(offer.error().what.find("nothing is plugged into") != std::string::npos);
            QVERIFY(isUnplugged({port}));
        }
        QVERIFY(!isUnplugged({"1-1.4"}));
    }

    void aPortThatTheMachineDoesNotHaveIsTheStationsFault_data()
    {
        QTest::addColumn<std::string>("port");
        QTest::addColumn<std::string>("because");
        const auto row = [](const char* port, const char* because) {
            QTest::newRow(port) << std::string{port} << std::string{because};
        };
        row("2-1", "there is no USB bus 2");
        row("2-1.4", "nothing is plugged into the USB port 2-1");
        row("1-10", "USB bus 1 has the ports 1 to 9");
        row("1-2.1", "nothing is plugged into the USB port 1-2");
        row("1-1.5", "what is plugged into the USB port 1-1 has the ports 1 to 4");
        row("1-1.4.1", "what is plugged into the USB port 1-1.4 is no hub");
    }
    void aPortThatTheMachineDoesNotHaveIsTheStationsFault()
    {
        QFETCH(const std::string, port);
        QFETCH(const std::string, because);
        PlayedUsb usb;
        usb.plug("1-1.4", {"/dev/ttyACM0"});
        const auto channel = openChannel(UsbAddress{port}, Deadline::in(kPatience), {});
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::StationCannotReachPort);
        const auto& what = channel.error().what;
        QVERIFY2(what.starts_with("the USB port " + port + " does not exist, because " + because + ": "), what.c_str());
        QVERIFY(isUnplugged({port}));
    }

    void aHubThatIsTakenOutTakesItsPorts()
    {
        PlayedUsb usb;
        usb.plug("1-1.3", {"/dev/ttyACM0"});
        usb.plug("1-1.4", {"/dev/ttyACM1"});
        usb.unplug("1-1");
        QVERIFY(portsInUse().empty());
        QCOMPARE(offerIn("1-1.4").error().code, StationCode::StationCannotReachPort);
        QVERIFY(isUnplugged({"1-1.4"}));
        usb.plugHub("1-1", 4);
        QCOMPARE(offerIn("1-1.4").error().code, DeviceCode::NoTpmAnswers);
        usb.plug("1-1.4", {"/dev/ttyACM0"});
        QVERIFY(must(offerIn("1-1.4")) == line("/dev/ttyACM0"));
    }

    /// What no kernel says: the station asks it for the port all the same.
    void aHubThatDoesNotSayItsPortsHasAll()
    {
        PlayedUsb usb;
        usb.plug("1-2", {}, "A: maxchild=many\\n\n");
        usb.plug("1-3", {}, "A: maxchild=99999999999999999999\\n\n");
        for (const auto* port : {"1-2.200", "1-3.200"}) {
            QCOMPARE(offerIn(port).error().code, DeviceCode::NoTpmAnswers);
        }
    }

    void whatOffersNothingSaysSo()
    {
        PlayedUsb usb;
        usb.plug("1-2", {}); // a device that starts, or a hub
        usb.plug("1-2.1", {"/dev/ttyACM0"});
        const auto offer = offerIn("1-2");
        QVERIFY(!offer.ok());
        QCOMPARE(offer.error().code, DeviceCode::NoTpmAnswers);
        QVERIFY2(offer.error().what.find("offers no serial line") != std::string::npos, offer.error().what.c_str());
        QVERIFY(portsInUse() == Ports{"1-2.1"});
    }

    void theFirstInterfaceCounts()
    {
        PlayedUsb usb;
        usb.plug("1-2", {"/dev/ttyACM7", "/dev/ttyACM0"}); // a device may number its lines as it likes
        QVERIFY(must(offerIn("1-2")) == line("/dev/ttyACM7"));
    }

    /// Two lines of one interface, whose nodes are in any order.
    void theFirstLineOfAnInterfaceCounts()
    {
        PlayedUsb usb;
        usb.plugAdapter("1-2", {"/dev/ttyUSB9", "/dev/ttyUSB10"});
        usb.plugAdapter("1-3", {"/dev/ttyUSB12", "/dev/ttyUSB11"});
        QVERIFY(must(offerIn("1-2")) == line("/dev/ttyUSB9"));
        QVERIFY(must(offerIn("1-3")) == line("/dev/ttyUSB12"));
        QVERIFY(portsInUse() == (Ports{"1-2", "1-3"}));
    }

    void whatADeviceSaysOfItselfIsNotRead()
    {
        PlayedUsb usb;
        usb.plug("1-2", {"/dev/ttyACM0"},
                 "A: product=\\033[2J" + std::string(4'000, 'x') +
                     "\\n\nE: ID_SERIAL=usb_port = 1-3\nE: ID_PATH=1-3\n");
        QVERIFY(must(offerIn("1-2")) == line("/dev/ttyACM0"));
        QVERIFY(portsInUse() == Ports{"1-2"});
    }

    /// As a rule of udev's may name it.
    void aNodeThatNoAddressMayNameIsNone_data()
    {
        QTest::addColumn<std::string>("node");
        QTest::newRow("a control character") << std::string{"/dev/tty\x1b[2J"};
        QTest::newRow("a space") << std::string{"/dev/tty ACM0"};
        QTest::newRow("another directory") << std::string{"/dev/../etc/passwd"};
        QTest::newRow("a rate") << std::string{"/dev/ttyACM0?baud=9600"};
        QTest::newRow("no ASCII") << std::string{"/dev/tty\xc3\xa4"};
        const std::string part(200, 'x'); // of a longer one libudev itself makes an abort
        QTest::newRow("very long") << "/dev/" + part + "/" + part + "/" + part;
    }
    void aNodeThatNoAddressMayNameIsNone()
    {
        QFETCH(const std::string, node);
        PlayedUsb usb;
        usb.plugNamed("1-2", node);
        const auto offer = offerIn("1-2");
        QVERIFY(!offer.ok());
        QCOMPARE(offer.error().code, DeviceCode::NoTpmAnswers);
        QVERIFY(offer.error().what.ends_with("offers no serial line and no TPM"));
        QVERIFY(portsInUse().empty());
        usb.plug("1-3", {"/dev/ttyACM1"});
        QVERIFY(must(offerIn("1-3")) == line("/dev/ttyACM1"));
    }

    void anAdaptersTpmIsFound()
    {
        PlayedUsb usb;
        usb.plugTpm("1-3", "/dev/tpmrm1");
        QVERIFY((must(offerIn("1-3")) == UsbOffer{DeviceNodeAddress{"/dev/tpmrm1"}}));
    }

    void aNumberThatChangesLeavesThePort()
    {
        PlayedUsb usb;
        usb.plug("1-1", {"/dev/ttyACM0"});
        const auto before = must(usbPortsInUse());
        usb.unplug("1-1");
        QVERIFY(!offerIn("1-1").ok());
        usb.plug("1-1", {"/dev/ttyACM5"});
        QVERIFY(must(offerIn("1-1")) == line("/dev/ttyACM5"));
        QVERIFY(must(usbPortsInUse()) != before);
    }

    void twoThatAreSwappedAreSwapped()
    {
        PlayedUsb usb;
        usb.plug("1-1", {"/dev/ttyACM0"});
        usb.plug("1-2", {"/dev/ttyACM1"});
        usb.unplug("1-1");
        usb.unplug("1-2");
        usb.plug("1-2", {"/dev/ttyACM0"}); // the one from port 1, first
        usb.plug("1-1", {"/dev/ttyACM1"});
        QVERIFY(must(offerIn("1-1")) == line("/dev/ttyACM1"));
        QVERIFY(must(offerIn("1-2")) == line("/dev/ttyACM0"));
    }

    void aHubThatResetsBringsEachBackToItsPort()
    {
        PlayedUsb usb;
        const std::vector<std::string> ports{"1-1.1", "1-1.2", "1-1.3", "1-1.4"};
        for (std::size_t i = 0; i < ports.size(); ++i) {
            usb.plug(ports[i], {"/dev/ttyACM" + std::to_string(i)});
        }
        for (const auto& port : ports) {
            usb.unplug(port);
        }
        QVERIFY(portsInUse().empty());
        for (std::size_t i = 0; i < ports.size(); ++i) { // from the last, with other numbers
            usb.plug(ports[ports.size() - 1 - i], {"/dev/ttyACM" + std::to_string(i)});
        }
        for (std::size_t i = 0; i < ports.size(); ++i) {
            QVERIFY(must(offerAt({ports[i]})) == line("/dev/ttyACM" + std::to_string(ports.size() - 1 - i)));
        }
    }

    void whatIsPluggedIsTold()
    {
        PlayedUsb usb;
        const auto watch = must(PlugWatch::open());
        const auto interrupt = must(system::WakeUp::create());
        QVERIFY(!watch->take());
        usb.plug("1-1", {"/dev/ttyACM0"});
        QVERIFY(watch->wait(Deadline::in(kPatience), interrupt).ok());
        while (watch->take()) {
        }
        usb.unplug("1-1");
        QVERIFY(watch->wait(Deadline::in(kPatience), interrupt).ok());
    }

    void aWaitForNewsEnds()
    {
        const PlayedUsb usb;
        const auto watch = must(PlugWatch::open());
        const auto interrupt = must(system::WakeUp::create());
        QCOMPARE(watch->wait(Deadline::in(std::chrono::milliseconds{1}), interrupt).error().code,
                 DeviceCode::TpmTimedOut);
        interrupt.raise();
        QCOMPARE(watch->wait(Deadline::in(kPatience), interrupt).error().code, DeviceCode::Cancelled);
    }

    void aDeviceThatIsOutAnswersNobody()
    {
        const PlayedUsb usb;
        const auto channel = openChannel(UsbAddress{"1-1"}, Deadline::in(kPatience), {});
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, DeviceCode::NoTpmAnswers);
    }

    /// udev knows it still, and its node is gone.
    void aDeviceThatGoesMeanwhileIsTheStationsFaultOnlyWhileItIsThere()
    {
        PlayedUsb usb;
        usb.plug("1-1", {"/dev/ttyNobody"});
        const auto there = openChannel(UsbAddress{"1-1"}, Deadline::in(kPatience), {});
        QVERIFY(!there.ok());
        QCOMPARE(codeOf(there), std::optional<ErrorCode>{StationCode::StationCannotReachPort});
        usb.unplug("1-1");
        QCOMPARE(openChannel(UsbAddress{"1-1"}, Deadline::in(kPatience), {}).error().code, DeviceCode::NoTpmAnswers);
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestUsbPort)
#include "tst_usb_port.moc"
