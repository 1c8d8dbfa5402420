#include "app/arguments/listen_address.h"
#include "core/base/station_code.h"

#include <QTest>

using namespace enroll;
using namespace enroll::app::arguments;

class TestListenAddress : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAnAddressToListenOn_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<ListenAddress>("address");
        QTest::newRow("IPv4") << std::string{"127.0.0.1:8443"} << ListenAddress{"127.0.0.1", 8443};
        QTest::newRow("everywhere") << std::string{"0.0.0.0:443"} << ListenAddress{"0.0.0.0", 443};
        QTest::newRow("any port") << std::string{"localhost:0"} << ListenAddress{"127.0.0.1", 0};
        QTest::newRow("highest port") << std::string{"10.0.0.7:65535"} << ListenAddress{"10.0.0.7", 65535};
        QTest::newRow("IPv6") << std::string{"[::1]:8443"} << ListenAddress{"::1", 8443};
        QTest::newRow("IPv6 everywhere") << std::string{"[::]:8443"} << ListenAddress{"::", 8443};
    }
    void readsAnAddressToListenOn()
    {
        QFETCH(std::string, text);
        QFETCH(ListenAddress, address);
        const auto parsed = parseListenAddress(text);
        QVERIFY2(parsed.ok(), parsed.ok() ? "" : parsed.error().what.c_str());
        QCOMPARE(*parsed, address);
    }

    void refusesWhatIsNoAddress_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::newRow("nothing") << std::string{};
        QTest::newRow("no port") << std::string{"127.0.0.1"};
        QTest::newRow("empty port") << std::string{"127.0.0.1:"};
        QTest::newRow("no host") << std::string{":8443"};
        QTest::newRow("empty brackets") << std::string{"[]:8443"};
        QTest::newRow("port of letters") << std::string{"127.0.0.1:https"};
        QTest::newRow("port too large") << std::string{"127.0.0.1:65536"};
        QTest::newRow("negative port") << std::string{"127.0.0.1:-1"};
        QTest::newRow("port with a sign") << std::string{"127.0.0.1:+1"};
        QTest::newRow("space behind the port") << std::string{"127.0.0.1:1 "};
        QTest::newRow("IPv6 without a port") << std::string{"[::1]"};
        QTest::newRow("IPv6 without brackets") << std::string{"::1:8443x"};
        QTest::newRow("half a bracket") << std::string{"[::1:8443"};
        QTest::newRow("host name") << std::string{"station.plant.test:8443"};
        QTest::newRow("three numbers") << std::string{"127.0.1:8443"};
        QTest::newRow("URL") << std::string{"https://127.0.0.1:8443"};
        QTest::newRow("two addresses") << std::string{"127.0.0.1,10.0.0.7:8443"};
        QTest::newRow("NUL") << std::string{"127.0.0.1\0x:8443", 16};
    }
    void refusesWhatIsNoAddress()
    {
        QFETCH(std::string, text);
        const auto parsed = parseListenAddress(text);
        QVERIFY(!parsed.ok());
        QCOMPARE(parsed.error().code, StationCode::UsageInvalid);
    }
};

QTEST_APPLESS_MAIN(TestListenAddress)
#include "tst_listen_address.moc"
