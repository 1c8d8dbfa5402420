#include "app/service/authorization.h"

#include <QTest>

using namespace enroll::app::service;

/// Which host and path a token is good for.
class TestAuthorization : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsTheServiceByItsHost_data()
    {
        QTest::addColumn<std::string>("host");
        QTest::addColumn<std::string>("resource");
        QTest::addColumn<bool>("covered");
        const std::string named{"localhost:8443"};
        QTest::newRow("as it is") << named << std::string{"localhost:8443"} << true;
        QTest::newRow("without its port") << named << std::string{"localhost"} << true;
        QTest::newRow("escaped") << named << std::string{"localhost%3a8443"} << true;
        QTest::newRow("with its scheme") << named << std::string{"https://LocalHost:8443/"} << true;
        QTest::newRow("another port") << named << std::string{"localhost:8444"} << false;
        QTest::newRow("the default port, not its own") << named << std::string{"localhost:443"} << false;
        QTest::newRow("another host") << named << std::string{"localhost.test:8443"} << false;
        QTest::newRow("no host") << named << std::string{} << false;
        QTest::newRow("default port left out") << std::string{"localhost"} << std::string{"localhost"} << true;
        QTest::newRow("default port said") << std::string{"localhost"} << std::string{"localhost:443"} << true;
        QTest::newRow("not the default port") << std::string{"localhost"} << std::string{"localhost:8443"} << false;
        const std::string version6{"[::1]:8443"};
        QTest::newRow("version 6") << version6 << std::string{"[::1]:8443"} << true;
        QTest::newRow("version 6, escaped") << version6 << std::string{"%5b%3a%3a1%5d%3a8443"} << true;
        QTest::newRow("version 6 without its port") << version6 << std::string{"[::1]"} << true;
        QTest::newRow("another version 6 address") << version6 << std::string{"[::2]:8443"} << false;
        QTest::newRow("half of a version 6 address") << version6 << std::string{"[:"} << false;
        QTest::newRow("version 6, default port said") << std::string{"[::1]"} << std::string{"[::1]:443"} << true;
    }
    void knowsTheServiceByItsHost()
    {
        QFETCH(std::string, host);
        QFETCH(std::string, resource);
        QFETCH(bool, covered);
        QCOMPARE(coversPath(resource, {"enrollments", "gx-1"}, {host, {}}), covered);
    }

    void coversWhatIsBelow_data()
    {
        QTest::addColumn<std::string>("resource");
        QTest::addColumn<bool>("covered");
        QTest::newRow("a path above") << std::string{"localhost/enrollments"} << true;
        QTest::newRow("the path") << std::string{"localhost/enrollments/gx-1"} << true;
        QTest::newRow("half a segment") << std::string{"localhost/enroll"} << false;
        QTest::newRow("a path below") << std::string{"localhost/enrollments/gx-1/x"} << false;
        QTest::newRow("another entry") << std::string{"localhost/enrollments/gx-2"} << false;
    }
    void coversWhatIsBelow()
    {
        QFETCH(std::string, resource);
        QFETCH(bool, covered);
        QCOMPARE(coversPath(resource, {"enrollments", "GX-1"}, {"localhost:8443"}), covered);
    }
};

QTEST_GUILESS_MAIN(TestAuthorization)
#include "tst_authorization.moc"
