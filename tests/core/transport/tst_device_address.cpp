#include "core/base/station_code.h"
#include "core/transport/device_address.h"

#include <QTest>

namespace enroll::test {

using namespace transport;

class TestDeviceAddress : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsATcpAddress()
    {
        const auto address = parseDeviceAddress("tcp://device-7.local:2321");
        QVERIFY(address.ok());
        QVERIFY((*address == DeviceAddress{TcpAddress{"device-7.local", 2321}}));
        QCOMPARE(std::string{transportWord(*address)}, std::string{"tcp"});
    }

    void whereAnAgentMayBe()
    {
        QVERIFY(mayHaveAgent(parseDeviceAddress("tcp://127.0.0.1:2321").value()));
        QVERIFY(mayHaveAgent(parseDeviceAddress("tls://gw-7.plant:2322").value()));
        QVERIFY(mayHaveAgent(parseDeviceAddress("serial:///dev/ttyACM0").value()));
        QVERIFY(mayHaveAgent(parseDeviceAddress("ssh://tss@gw-7.plant").value()));
        QVERIFY(!mayHaveAgent(parseDeviceAddress("dev:///dev/tpmrm0").value()));
    }

    void readsAnIpv6AddressInBrackets()
    {
        const auto address = parseDeviceAddress("tcp://[fe80::1%eth0]:65535");
        QVERIFY(address.ok());
        QVERIFY((*address == DeviceAddress{TcpAddress{"fe80::1%eth0", 65535}}));
    }

    void oneHostIsOneAddress_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("host");
        const auto row = [](const char* text, const char* host) {
            QTest::newRow(text) << std::string{text} << std::string{host};
        };
        row("tcp://LocalHost:1", "localhost");
        row("tcp://device_7.Plant.example.:1", "device_7.plant.example.");
        row("tcp://3com:1", "3com");
        row("tcp://10.7.3.18:1", "10.7.3.18");
        row("tcp://[0:0::1]:1", "::1");
        row("tcp://[FE80::00A1%eth0.7]:1", "fe80::a1%eth0.7");
    }
    void oneHostIsOneAddress()
    {
        QFETCH(const std::string, text);
        QFETCH(const std::string, host);
        const auto address = parseDeviceAddress(text);
        QVERIFY(address.ok());
        QCOMPARE(std::get<TcpAddress>(*address).host, host);
    }

    void readsATlsAddress()
    {
        const auto address = parseDeviceAddress("tls://GW-7.plant:2322");
        QVERIFY(address.ok());
        QVERIFY((*address == DeviceAddress{TlsAddress{{"gw-7.plant", 2322}, {}}}));
        QCOMPARE(std::string{transportWord(*address)}, std::string{"tls"});
    }

    void readsTheNameThatAnAgentsCertificateIsFor()
    {
        const auto address = parseDeviceAddress("tls://10.7.3.18:2322?name=Gateway-X");
        QVERIFY(address.ok());
        QVERIFY((*address == DeviceAddress{TlsAddress{{"10.7.3.18", 2322}, "gateway-x"}}));
    }

    void aNameThatSaysNoMoreThanTheHostIsNoSecondAddress()
    {
        const auto address = parseDeviceAddress("tls://gw-7.plant.:2322?name=gw-7.plant");
        QVERIFY(address.ok());
        QVERIFY((*address == DeviceAddress{TlsAddress{{"gw-7.plant.", 2322}, {}}}));
    }

    void readsADeviceNode()
    {
        const auto address = parseDeviceAddress("dev:///dev/tpmrm0");
        QVERIFY(address.ok());
        QVERIFY((*address == DeviceAddress{DeviceNodeAddress{"/dev/tpmrm0"}}));
        QCOMPARE(std::string{transportWord(*address)}, std::string{"dev"});
    }

    void readsASerialLine()
    {
        const auto address = parseDeviceAddress("serial:///dev/ttyACM0?baud=921600");
        QVERIFY(address.ok());
        QVERIFY((*address == DeviceAddress{SerialAddress{"/dev/ttyACM0", 921'600}}));
        QCOMPARE(std::string{transportWord(*address)}, std::string{"serial"});
    }

    void aSerialLineWithoutARateHasTheUsualOne()
    {
        QVERIFY(parseDeviceAddress("serial:///dev/ttyACM0").value() ==
                parseDeviceAddress("serial:///dev/ttyACM0?baud=115200").value());
    }

    void readsAnSshAddress()
    {
        const auto address = parseDeviceAddress("ssh://tss@GW-7.plant:2222?command=relay%20it");
        QVERIFY(address.ok());
        QVERIFY((*address == DeviceAddress{SshAddress{{"gw-7.plant", 2222}, "tss", "relay it"}}));
        QCOMPARE(std::string{transportWord(*address)}, std::string{"ssh"});
    }

    void oneDeviceIsOneWhoeverAsksIt()
    {
        const auto one = [](const char* left, const char* right) {
            return leadToOneDevice(parseDeviceAddress(left).value(), parseDeviceAddress(right).value());
        };
        QVERIFY(one("serial:///dev/ttyS0?baud=9600", "serial:///dev/ttyS0"));
        QVERIFY(!one("serial:///dev/ttyS0", "serial:///dev/ttyS1"));
        QVERIFY(one("usb://1-1.4?baud=9600", "usb://1-1.4"));
        QVERIFY(!one("usb://1-1.4", "usb://1-1"));
        QVERIFY(one("ssh://tss@gw?jump=hop@jump", "ssh://gw?jump=jump")); // whoever logs in, there and at the jump host
        QVERIFY(!one("ssh://gw?jump=jump", "ssh://gw"));
        QVERIFY(!one("ssh://gw?jump=jump", "ssh://gw?jump=jump:2222"));
        QVERIFY(one("ssh://gw-7", "ssh://tss@gw-7:22"));
        QVERIFY(!one("ssh://gw-7", "ssh://gw-7?jump=gw-1")); // on another network
        QVERIFY(!one("ssh://gw-7", "ssh://gw-8"));
        QVERIFY(!one("ssh://gw-7", "ssh://gw-7:2222"));
        QVERIFY(!one("ssh://gw-7?command=one", "ssh://gw-7?command=other")); // as of a board with two TPMs
        QVERIFY(one("tcp://gw-7:1", "tcp://GW-7:1"));
        QVERIFY(!one("tcp://gw-7:22", "ssh://gw-7"));
    }

    void everyRateOfASerialLineIsReadBack()
    {
        for (const auto rate : kSerialRates) {
            const DeviceAddress address{SerialAddress{"/dev/ttyS0", rate}};
            QVERIFY(parseDeviceAddress(toText(address)).value() == address);
        }
    }

    void writesWhatItReads_data()
    {
        QTest::addColumn<std::string>("text");
        for (const char* text : {"tcp://127.0.0.1:1", "tcp://[::1]:2321", "tcp://host:65535", "tls://gw-7.plant:2322",
                                 "tls://[::1]:1", "tls://10.7.3.18:2322?name=gateway-x", "dev:///dev/tpm0",
                                 "dev:///dev/by-slot/3", "serial:///dev/ttyACM0?baud=115200",
                                 "serial:///dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0?baud=3000000",
                                 "ssh://gw-7.plant", "ssh://tss@[::1]:2222?command=relay%20it"}) {
            QTest::newRow(text) << std::string{text};
        }
    }
    void writesWhatItReads()
    {
        QFETCH(const std::string, text);
        const auto address = parseDeviceAddress(text);
        QVERIFY(address.ok());
        QCOMPARE(toText(*address), text);
    }

    void refusesAndNamesThePartThatIsWrong_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("named");
        const auto row = [](const char* name, const std::string& text, const char* named) {
            QTest::newRow(name) << text << std::string{named};
        };
        row("empty", "",
            "'' names no transport; write tcp://HOST:PORT or tls://HOST:PORT or "
            "serial:///dev/ttyACM0?baud=115200 or usb://1-1.4 or ssh://USER@HOST or dev:///dev/tpmrm0");
        row("no transport", "127.0.0.1:2321", "names no transport");
        row("unknown transport", "udp://host:1",
            "no transport 'udp'; write tcp://HOST:PORT or tls://HOST:PORT or serial:///dev/ttyACM0?baud=115200 or "
            "usb://1-1.4 or "
            "ssh://USER@HOST or dev:///dev/tpmrm0");
        row("upper-case transport", "TCP://host:1", "no transport 'TCP'");
        row("no host", "tcp://:2321", "host ''");
        row("no port", "tcp://host", "port is missing");
        row("empty port", "tcp://host:", "port ''");
        row("port 0", "tcp://host:0", "port '0'");
        row("port 65536", "tcp://host:65536", "port '65536'");
        row("negative port", "tcp://host:-1", "port '-1'");
        row("port with more", "tcp://host:2321/x", "port '2321/x'");
        row("IPv6 without brackets", "tcp://::1:2321", "brackets");
        row("open bracket", "tcp://[::1", "[ADDRESS]:PORT");
        row("bracket without port", "tcp://[::1]", "[ADDRESS]:PORT");
        row("name in brackets", "tcp://[host]:1", "IPv6");
        row("nothing in brackets", "tcp://[]:1", "IPv6");
        row("colon in brackets", "tcp://[:]:1", "IPv6");
        row("groups too many", "tcp://[1:2:3:4:5:6:7:8:9]:1", "IPv6");
        row("any address of IPv6", "tcp://[::]:1", "IPv6");
        row("group of IPv6", "tcp://[ff02::1]:1", "IPv6");
        row("any address of IPv4", "tcp://[::ffff:0.0.0.0]:1", "IPv6");
        row("IPv4 in IPv6", "tcp://[::ffff:127.0.0.1]:1", "IPv6");
        row("IPv4 in old IPv6", "tcp://[::10.7.3.18]:1", "IPv6");
        row("no zone", "tcp://[fe80::1%]:1", "IPv6");
        row("zone too long", "tcp://[fe80::1%sixteenletters16]:1", "IPv6");
        row("number", "tcp://1:1", "IPv4");
        row("zero", "tcp://0:1", "IPv4");
        row("two numbers", "tcp://127.1:1", "IPv4");
        row("hexadecimal", "tcp://0x7f000001:1", "IPv4");
        row("leading zeros", "tcp://010.0.0.1:1", "IPv4");
        row("number too large", "tcp://256.256.256.256:1", "IPv4");
        row("name that ends in a number", "tcp://device.7:1", "IPv4");
        row("dot after the address", "tcp://10.7.3.18.:1", "IPv4");
        row("any address", "tcp://0.0.0.0:1", "IPv4");
        row("group", "tcp://224.0.0.1:1", "IPv4");
        row("everyone", "tcp://255.255.255.255:1", "IPv4");
        row("dot alone", "tcp://.:1", "host '.'");
        row("dots alone", "tcp://..:1", "host '..'");
        row("dot before", "tcp://.a:1", "host '.a'");
        row("two dots", "tcp://a..b:1", "host 'a..b'");
        row("hyphen alone", "tcp://-:1", "host '-'");
        row("hyphen before", "tcp://-a:1", "host '-a'");
        row("hyphen behind", "tcp://a-.b:1", "host 'a-.b'");
        row("label too long", "tcp://" + std::string(64, 'a') + ".b:1", "neither a name nor an address");
        row("user name", "tcp://user@host:1", "host 'user@host'");
        row("TLS without a port", "tls://host", "port is missing");
        row("TLS to any address", "tls://0.0.0.0:1", "IPv4");
        row("TLS with an empty question", "tls://host:1?", "?name=NAME");
        row("TLS with another question", "tls://host:1?verify=no", "?name=NAME");
        row("TLS with two questions", "tls://host:1?name=a?name=b", "no host name");
        row("TLS with no name", "tls://host:1?name=", "no host name");
        row("TLS with every name", "tls://host:1?name=*", "no host name");
        row("TLS with a question for TCP", "tcp://host:1?name=a", "port '1?name=a'");
        row("space", "tcp://ho st:1", "space");
        row("line feed", "tcp://host:1\n", "control character");
        row("NUL", std::string{"tcp://host:1\0", 13}, "control character");
        row("not ASCII", "tcp://h\xc3\xb6st:1", "not ASCII");
        row("too long", "tcp://" + std::string(600, 'a') + ":1", "512");
        row("too long with its rate", "serial:///dev/" + std::string(490, 'a'), "written in full");
        row("host too long", "tcp://" + std::string(254, 'a') + ":1", "253");
        row("outside /dev", "dev:///etc/passwd", "/etc/passwd");
        row("the directory", "dev:///dev/", "/dev/");
        row("leaves /dev", "dev:///dev/../etc/passwd", "not a device below /dev");
        row("ends with dots", "dev:///dev/..", "not a device below /dev");
        row("relative", "dev://tpm0", "not a device below /dev");
        row("line outside /dev", "serial:///etc/passwd?baud=9600", "/etc/passwd");
        row("line that leaves /dev", "serial:///dev/../etc/passwd", "not a device below /dev");
        row("line with a host", "serial://ttyACM0", "not a device below /dev");
        row("line without a path", "serial://?baud=9600", "path ''");
        row("odd rate", "serial:///dev/ttyS0?baud=12345", "baud rate '12345' is none of 9600, 19200");
        row("no rate", "serial:///dev/ttyS0?baud=", "baud rate ''");
        row("rate with a zero before", "serial:///dev/ttyS0?baud=09600", "baud rate '09600'");
        row("rate with more", "serial:///dev/ttyS0?baud=9600n1", "baud rate '9600n1'");
        row("negative rate", "serial:///dev/ttyS0?baud=-9600", "baud rate '-9600'");
        row("line with an empty question", "serial:///dev/ttyS0?", "behind the path stands ''");
        row("line with another question", "serial:///dev/ttyS0?parity=even", "behind the path stands 'parity=even'");
        row("line with a capital", "serial:///dev/ttyS0?Baud=9600", "behind the path stands 'Baud=9600'");
        row("line with two parameters", "serial:///dev/ttyS0?baud=9600&parity=even",
            "behind the baud rate stands '&parity=even'");
        row("line with two rates", "serial:///dev/ttyS0?baud=9600&baud=9600", "behind the baud rate");
        row("line with two questions", "serial:///dev/ttyS0?baud=9600?baud=9600", "baud rate '9600?baud=9600'");
        row("double slash", "dev:///dev//tpm0", "not a device below /dev");
    }
    void refusesAndNamesThePartThatIsWrong()
    {
        QFETCH(const std::string, text);
        QFETCH(const std::string, named);
        const auto address = parseDeviceAddress(text);
        QVERIFY(!address.ok());
        QCOMPARE(address.error().code, StationCode::UsageInvalid);
        QVERIFY2(address.error().what.find(named) != std::string::npos, address.error().what.c_str());
    }

    void eachTransportReadsItsOwnWord()
    {
        const auto words = transportWords();
        QCOMPARE(words.size(), std::variant_size_v<DeviceAddress>);
        for (const DeviceAddress& address :
             {DeviceAddress{TcpAddress{"host", 1}}, DeviceAddress{TlsAddress{{"host", 1}, {}}},
              DeviceAddress{SerialAddress{"/dev/a"}}, DeviceAddress{UsbAddress{"1-1"}},
              DeviceAddress{SshAddress{{"host", 22}}}, DeviceAddress{DeviceNodeAddress{"/dev/a"}}}) {
            QCOMPARE(transportWord(address), words[address.index()]);
            QVERIFY(toText(address).starts_with(std::string{words[address.index()]} + "://"));
        }
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestDeviceAddress)
#include "tst_device_address.moc"
