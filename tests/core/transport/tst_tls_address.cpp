#include "core/base/station_code.h"
#include "core/transport/tls_address.h"
#include "tests/support/must.h"

#include <QTest>

namespace enroll::test {

using namespace transport;

class TestTlsAddress : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theCertificateIsForTheHostUnlessTheAddressSaysOtherwise_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("name");
        const auto row = [](const char* text, const char* name) {
            QTest::newRow(text) << std::string{text} << std::string{name};
        };
        row("GW-7.plant:2322", "gw-7.plant");
        row("gw-7.plant.:2322", "gw-7.plant");
        row("10.7.3.18:2322", "10.7.3.18");
        row("[FE80::1%usb0]:2322", "fe80::1"); // no other machine knows this one's zones
        row("10.7.3.18:2322?name=Gateway-X", "gateway-x");
        row("gw_7:2322?name=gw_8", "gw_8");
    }
    void theCertificateIsForTheHostUnlessTheAddressSaysOtherwise()
    {
        QFETCH(const std::string, text);
        QFETCH(const std::string, name);
        QCOMPARE(expectedName(must(parseTlsAddress(text))), name);
    }

    void writesWhatItReads_data()
    {
        QTest::addColumn<std::string>("text");
        for (const char* text : {"gw-7.plant:2322", "[fe80::1%usb0]:1", "10.7.3.18:65535?name=gateway-x"}) {
            QTest::newRow(text) << std::string{text};
        }
    }
    void writesWhatItReads()
    {
        QFETCH(const std::string, text);
        QCOMPARE(tlsAddressText(must(parseTlsAddress(text))), text);
    }

    void refusesWhatIsNoName_data()
    {
        QTest::addColumn<std::string>("text");
        for (const char* text : {"host", "host:1?", "host:1?name", "host:1?name=", "host:1?name=a b", "host:1?name=*.a",
                                 "host:1?name=a&name=b", "host:1?nome=a", ":1?name=a"}) {
            QTest::newRow(text) << std::string{text};
        }
    }
    void refusesWhatIsNoName()
    {
        QFETCH(const std::string, text);
        const auto address = parseTlsAddress(text);
        QVERIFY(!address.ok());
        QCOMPARE(address.error().code, StationCode::UsageInvalid);
    }
};

} // namespace enroll::test

QTEST_APPLESS_MAIN(enroll::test::TestTlsAddress)
#include "tst_tls_address.moc"
