#include "core/base/station_code.h"
#include "core/transport/usb_address.h"

#include <QTest>

namespace enroll::test {

using namespace transport;

class TestUsbAddress : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsItsParts()
    {
        QVERIFY((parseUsbAddress("1-1.4?baud=921600").value() == UsbAddress{"1-1.4", 921'600}));
        QVERIFY((parseUsbAddress("2-3").value() == UsbAddress{"2-3", 115'200}));
    }

    void writesWhatItReads()
    {
        for (const auto* text : {"1-1?baud=115200", "12-10.255.3.4.5.6?baud=9600"}) {
            QCOMPARE(usbAddressText(parseUsbAddress(text).value()), std::string{text});
        }
    }

    void refusesAndNamesThePartThatIsWrong_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("named");
        const auto row = [](const char* name, const std::string& text, const char* named) {
            QTest::newRow(name) << text << std::string{named};
        };
        row("nothing", "", "USB port ''");
        row("a bus alone", "1", "USB port '1'");
        row("a root hub", "usb1", "USB port 'usb1'");
        row("no port", "1-", "USB port '1-'");
        row("no bus", "-1", "USB port '-1'");
        row("a dot at the end", "1-1.", "USB port '1-1.'");
        row("two dots", "1-1..2", "USB port '1-1..2'");
        row("a zero", "1-0", "USB port '1-0'");
        row("a zero before it", "1-01", "USB port '1-01'"); // a second way to write one port
        row("too high", "1-256", "USB port '1-256'");
        row("much too high", "1-99999999999999999999", "USB port");
        row("an interface", "1-1.4:1.0", "USB port '1-1.4:1.0'");
        row("a path", "../1-1", "USB port '../1-1'");
        row("too many hubs", "1-1.2.3.4.5.6.7", "USB port");
        row("a rate that is none", "1-1?baud=7", "baud rate '7'");
        row("another question", "1-1?path=x", "stands 'path=x'");
    }
    void refusesAndNamesThePartThatIsWrong()
    {
        QFETCH(const std::string, text);
        QFETCH(const std::string, named);
        const auto address = parseUsbAddress(text);
        QVERIFY(!address.ok());
        QCOMPARE(address.error().code, StationCode::UsageInvalid);
        QVERIFY2(address.error().what.find(named) != std::string::npos, address.error().what.c_str());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestUsbAddress)
#include "tst_usb_address.moc"
