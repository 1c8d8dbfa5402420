#include "app/service/data_directory.h"

#include <QTest>

using namespace enroll::service;

class TestDataDirectory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesTheHostThatClientsUse_data()
    {
        QTest::addColumn<std::string>("listenHost");
        QTest::addColumn<int>("port");
        QTest::addColumn<std::string>("hostName");
        QTest::newRow("version 4") << std::string{"127.0.0.1"} << 8443 << std::string{"127.0.0.1:8443"};
        QTest::newRow("default port") << std::string{"127.0.0.1"} << 443 << std::string{"127.0.0.1"};
        QTest::newRow("version 6") << std::string{"::1"} << 8443 << std::string{"[::1]:8443"};
        QTest::newRow("version 6, default port") << std::string{"::1"} << 443 << std::string{"[::1]"};
        QTest::newRow("anywhere") << std::string{"0.0.0.0"} << 8443 << std::string{"localhost:8443"};
        QTest::newRow("anywhere, version 6") << std::string{"::"} << 8443 << std::string{"localhost:8443"};
    }
    void namesTheHostThatClientsUse()
    {
        QFETCH(std::string, listenHost);
        QFETCH(int, port);
        QFETCH(std::string, hostName);
        QCOMPARE(hostNameOf(listenHost, static_cast<std::uint16_t>(port)), hostName);
    }
};

QTEST_GUILESS_MAIN(TestDataDirectory)
#include "tst_data_directory.moc"
