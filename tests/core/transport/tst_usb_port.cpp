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
        for (const auto* port : {"1-1", "1-1.40", "1-1.4.1", "1-4", "2-1.4"}) {
            const auto offer = offerIn(port);
            QVERIFY2(!offer.ok() && offer.error().code == DeviceCode::NoTpmAnswers, port);
            QVERIFY(offer.error().what.find("nothing is plugged into") != std::string::npos);
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
