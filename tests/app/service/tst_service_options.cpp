#include "app/service/service_options.h"
#include "core/base/station_code.h"

#include <QTest>

using namespace enroll;
using namespace enroll::app::service;

class TestServiceOptions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesAnIdScopeThatFitsAPath_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<bool>("taken");
        QTest::newRow("usual") << std::string{"0ne00000001"} << true;
        QTest::newRow("longest") << std::string(64, 'a') << true;
        QTest::newRow("too long") << std::string(65, 'a') << false;
        QTest::newRow("empty") << std::string{} << false;
        QTest::newRow("slash") << std::string{"0ne/1"} << false;
        QTest::newRow("escape") << std::string{"0ne%31"} << false;
        QTest::newRow("letter of another alphabet") << std::string{"0n\xC3\xA9"} << false;
    }
    void takesAnIdScopeThatFitsAPath()
    {
        QFETCH(std::string, text);
        QFETCH(bool, taken);
        const auto outcome = requireIdScope(text);
        QCOMPARE(outcome.ok(), taken);
        QVERIFY(taken || outcome.error().code == StationCode::UsageInvalid);
    }

    void takesHubsByTheirHostNames()
    {
        QVERIFY(requireHubs({}).ok());
        QVERIFY(requireHubs({"hub-1.example.net", "hub"}).ok());
        const auto outcome = requireHubs({"hub-1.example.net", "https://hub-2.example.net"});
        QVERIFY(!outcome.ok());
        QCOMPARE(outcome.error().code, StationCode::UsageInvalid);
    }
};

QTEST_APPLESS_MAIN(TestServiceOptions)
#include "tst_service_options.moc"
