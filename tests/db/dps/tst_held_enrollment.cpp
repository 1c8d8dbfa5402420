#include "db/documents/individual_enrollment_document.h"
#include "db/dps/enrollment_of_record.h"
#include "db/dps/held_enrollment.h"
#include "tests/support/numbered_record.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QtTest>

using namespace enroll;
using namespace enroll::db::dps;
using namespace enroll::test;

class TestHeldEnrollment : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isTheSameAsItWasSent();
    void findsAnotherValueOfEachMember_data();
    void findsAnotherValueOfEachMember();
    void passesOverWhatTheServiceAddsOrWritesOtherwise_data();
    void passesOverWhatTheServiceAddsOrWritesOtherwise();
    void takesTheRegistrationIdForADeviceIdThatIsNotSet_data();
    void takesTheRegistrationIdForADeviceIdThatIsNotSet();
    void passesOverSettingsThatTheRecordLeavesToTheService();
    void namesTheMemberAndBothValues();
    void cutsLongValuesAndKeepsTheLineWhole();

private:
    static provisioning::IndividualEnrollment plain() { return enrollmentOfRecord(recordNumber(1)); }
    static provisioning::IndividualEnrollment full()
    {
        auto record = recordNumber(1);
        record.deviceId = "gw-1";
        record.settings = {.iotEdge = true,
                           .twinJson = R"({"tags":{"line":4},"properties":{"desired":{"interval":60,"on":[1,2]}}})",
                           .reprovisionPolicy = enrollment::ReprovisionPolicy{true, false},
                           .allocationPolicy = enrollment::AllocationPolicy::Static,
                           .iotHubs = {"a.test", "b.test"},
                           .namespaceName = "ns",
                           .certificateAuthorityName = "ca",
                           .certificatePolicyName = "cp"};
        return enrollmentOfRecord(record);
    }
    /// The service's entry for \p wanted, with the members of \p changes in place of its own; null takes one away.
    static QJsonObject held(const provisioning::IndividualEnrollment& wanted, const QByteArray& changes)
    {
        auto entry = db::documents::toJson(wanted);
        const auto members = QJsonDocument::fromJson(changes).object();
        for (auto member = members.begin(); member != members.end(); ++member) {
            if (member->isNull()) {
                entry.remove(member.key());
            } else {
                entry.insert(member.key(), *member);
            }
        }
        return entry;
    }
    static QStringList membersOf(const std::vector<MemberDifference>& found)
    {
        QStringList members;
        for (const auto& difference : found) {
            members.append(QString::fromStdString(difference.member));
        }
        return members;
    }
};

void TestHeldEnrollment::isTheSameAsItWasSent()
{
    QVERIFY(differences(plain(), held(plain(), "{}")).empty());
    QVERIFY(differences(full(), held(full(), "{}")).empty());
}

void TestHeldEnrollment::findsAnotherValueOfEachMember_data()
{
    QTest::addColumn<QByteArray>("changes");
    QTest::addColumn<QStringList>("members");
    const auto row = [](const char* name, const char* changes, const QStringList& members) {
        QTest::newRow(name) << QByteArray{changes} << members;
    };
    row("device id", R"({"deviceId":"gw-2"})", {QStringLiteral("deviceId")});
    row("device id in other letters", R"({"deviceId":"GW-1"})", {QStringLiteral("deviceId")});
    row("no device id", R"({"deviceId":null})", {QStringLiteral("deviceId")});
    row("disabled", R"({"provisioningStatus":"disabled"})", {QStringLiteral("provisioningStatus")});
    row("no edge device", R"({"capabilities":{"iotEdge":false}})", {QStringLiteral("capabilities.iotEdge")});
    row("no capabilities", R"({"capabilities":null})", {QStringLiteral("capabilities.iotEdge")});
    row("hub", R"({"iotHubs":["a.test","c.test"]})", {QStringLiteral("iotHubs")});
    row("one hub more", R"({"iotHubs":["a.test","b.test","c.test"]})", {QStringLiteral("iotHubs")});
    row("no hubs", R"({"iotHubs":null})", {QStringLiteral("iotHubs")});
    row("allocation", R"({"allocationPolicy":"hashed"})", {QStringLiteral("allocationPolicy")});
    row("no allocation", R"({"allocationPolicy":null})", {QStringLiteral("allocationPolicy")});
    row("reprovisioning", R"({"reprovisionPolicy":{"updateHubAssignment":false,"migrateDeviceData":true}})",
        {QStringLiteral("reprovisionPolicy.migrateDeviceData"),
         QStringLiteral("reprovisionPolicy.updateHubAssignment")});
    row("a tag and a desired property", R"({"initialTwin":{"tags":{"line":5},"properties":{"desired":{"on":[1,2]}}}})",
        {QStringLiteral("initialTwin.properties.desired.interval"), QStringLiteral("initialTwin.tags.line")});
    row("a list in the twin",
        R"({"initialTwin":{"tags":{"line":4},"properties":{"desired":{"interval":60,"on":[2,1]}}}})",
        {QStringLiteral("initialTwin.properties.desired.on")});
    row("a twin that is no object", R"({"initialTwin":"x"})", {QStringLiteral("initialTwin")});
    row("namespace", R"({"namespaceName":"other"})", {QStringLiteral("namespaceName")});
    row("certificate authority", R"({"certificateAuthorityName":null})", {QStringLiteral("certificateAuthorityName")});
    row("certificate policy", R"({"certificatePolicyName":"CP"})", {QStringLiteral("certificatePolicyName")});
}

void TestHeldEnrollment::findsAnotherValueOfEachMember()
{
    QFETCH(QByteArray, changes);
    QFETCH(QStringList, members);

    QCOMPARE(membersOf(differences(full(), held(full(), changes))), members);
}

void TestHeldEnrollment::passesOverWhatTheServiceAddsOrWritesOtherwise_data()
{
    QTest::addColumn<QByteArray>("changes");
    QTest::newRow("what it keeps for itself") << QByteArray{
        R"({"etag":"\"1\"","createdDateTimeUtc":"2026-11-06T08:49:00.0000000Z","registrationState":{"status":"assigned"},)"
        R"("optionalDeviceInformation":{"x":1},"iotHubHostName":"z.test"})"};
    QTest::newRow("other members beside ours") << QByteArray{
        R"({"capabilities":{"iotEdge":true,"other":1},"initialTwin":{"tags":{"line":4,"site":"n"},"properties":)"
        R"({"desired":{"interval":60.0,"on":[1,2],"$metadata":{},"$version":1}}}})"};
    QTest::newRow("hubs in another order and case") << QByteArray{R"({"iotHubs":["B.test","a.TEST"]})"};
    QTest::newRow("words in another case")
        << QByteArray{R"({"provisioningStatus":"Enabled","allocationPolicy":"Static"})"};
    QTest::newRow("enabled, left out") << QByteArray{R"({"provisioningStatus":null})"};
    QTest::newRow("id in other letters") << QByteArray{R"({"registrationId":"DEV-001"})"};
}

void TestHeldEnrollment::passesOverWhatTheServiceAddsOrWritesOtherwise()
{
    QFETCH(QByteArray, changes);

    QCOMPARE(membersOf(differences(full(), held(full(), changes))), QStringList{});
}

void TestHeldEnrollment::takesTheRegistrationIdForADeviceIdThatIsNotSet_data()
{
    QTest::addColumn<QByteArray>("changes");
    QTest::addColumn<bool>("same");
    QTest::newRow("left out") << QByteArray{"{}"} << true;
    QTest::newRow("empty") << QByteArray{R"({"deviceId":""})"} << true;
    QTest::newRow("written out") << QByteArray{R"({"deviceId":"dev-001"})"} << true;
    QTest::newRow("written in other letters") << QByteArray{R"({"deviceId":"DEV-001"})"} << true;
    QTest::newRow("another") << QByteArray{R"({"deviceId":"dev-002"})"} << false;
}

void TestHeldEnrollment::takesTheRegistrationIdForADeviceIdThatIsNotSet()
{
    QFETCH(QByteArray, changes);
    QFETCH(bool, same);

    QCOMPARE(differences(plain(), held(plain(), changes)).empty(), same);
}

void TestHeldEnrollment::passesOverSettingsThatTheRecordLeavesToTheService()
{
    const QByteArray theirs{R"({"iotHubs":["z.test"],"allocationPolicy":"geoLatency","capabilities":{"iotEdge":true},)"
                            R"("initialTwin":{"tags":{"a":1}},"namespaceName":"n"})"};

    QVERIFY(differences(plain(), held(plain(), theirs)).empty());
}

void TestHeldEnrollment::namesTheMemberAndBothValues()
{
    const auto found =
        differences(full(), held(full(), R"({"provisioningStatus":"disabled","iotHubs":null,"deviceId":"x"})"));

    QCOMPARE(differencesText(found), std::string{R"(deviceId is "x" at the service and "gw-1" in the record; )"
                                                 R"(iotHubs is nothing at the service and ["a.test","b.test"] in the )"
                                                 R"(record; provisioningStatus is "disabled" at the service and )"
                                                 R"("enabled" in the record)"});
}

void TestHeldEnrollment::cutsLongValuesAndKeepsTheLineWhole()
{
    auto entry = held(plain(), "{}");
    entry.insert(QStringLiteral("deviceId"), QString{2000, QLatin1Char('\n')});

    const auto text = differencesText(differences(plain(), entry));

    QVERIFY(text.size() < 300);
    QVERIFY(text.find('\n') == std::string::npos);
}

QTEST_APPLESS_MAIN(TestHeldEnrollment)
#include "tst_held_enrollment.moc"
