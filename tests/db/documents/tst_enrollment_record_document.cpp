#include "core/base/station_code.h"
#include "db/documents/enrollment_record_document.h"
#include "tests/support/run_builder.h"

#include <QTest>

using namespace enroll;
using namespace enroll::db::documents;
using namespace enroll::enrollment;
using enroll::test::DeviceFigure;

namespace {

EnrollmentRecord record()
{
    const DeviceFigure device{183};
    auto value = device.recordOf(device.passingRun());
    value.deviceId = "gateway-183";
    return value;
}

} // namespace

class TestEnrollmentRecordDocument : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesARecordBackExactly()
    {
        const auto value = record();
        QVERIFY(recordFromJson(canonicalBytes(value)).value() == value);
    }

    void givesSettingsBackExactly()
    {
        auto value = record();
        value.settings.iotEdge = true;
        value.settings.twinJson = R"({"properties":{"desired":{"interval":1.5}},"tags":{"line":4}})";
        value.settings.reprovisionPolicy = ReprovisionPolicy{false, true};
        value.settings.allocationPolicy = AllocationPolicy::Static;
        value.settings.iotHubs = {"a.test"};
        value.settings.namespaceName = "namespace";
        value.settings.certificateAuthorityName = "authority";
        value.settings.certificatePolicyName = "policy";
        NotUnderstood remarks;
        QVERIFY(recordFromJson(toJson(value), remarks).value() == value);
        QVERIFY(remarks.empty());
    }

    void aRecordWithoutSettingsHasNoMemberForThem() { QVERIFY(!toJson(record()).contains(QLatin1String("settings"))); }

    void remarksWhatANewerProgramSet_data()
    {
        QTest::addColumn<QJsonObject>("settings");
        QTest::newRow("member") << QJsonObject{{QStringLiteral("connectionProfile"), QStringLiteral("x")}};
        QTest::newRow("capability") << QJsonObject{
            {QStringLiteral("capabilities"),
             QJsonObject{{QStringLiteral("iotEdge"), true}, {QStringLiteral("other"), true}}}};
        QTest::newRow("policy") << QJsonObject{{QStringLiteral("allocationPolicy"), QStringLiteral("nearest")}};
    }
    void remarksWhatANewerProgramSet()
    {
        QFETCH(QJsonObject, settings);
        auto document = toJson(record());
        document[u"settings"] = settings;
        NotUnderstood remarks;
        QVERIFY(recordFromJson(document, remarks).ok());
        QCOMPARE(remarks.places.size(), std::size_t{1});
        QVERIFY(remarks.places.front().starts_with("settings."));
    }

    void refusesADigestThatIsNotTheKeys()
    {
        auto bad = record();
        bad.endorsementKeyDigest.front() ^= std::byte{1};
        QCOMPARE(recordFromJson(toJson(bad)).error().code, StationCode::DocumentMalformed);
    }

    void refusesAKeyWithoutItsSizePrefix()
    {
        auto bad = record();
        bad.endorsementKey.erase(bad.endorsementKey.begin(), bad.endorsementKey.begin() + 2);
        QVERIFY(!requireSoundRecord(bad).ok());
    }

    void refusesARegistrationIdTheServiceWouldRefuse()
    {
        auto bad = record();
        bad.registrationId = RegistrationId{"-starts-with-a-dash"};
        QVERIFY(!requireSoundRecord(bad).ok());
    }

    void refusesAnotherSchema()
    {
        auto document = toJson(record());
        document[u"schema"] = QLatin1String("enrollment-station/attestation-run/1");
        QVERIFY(!recordFromJson(document).ok());
    }
};

QTEST_APPLESS_MAIN(TestEnrollmentRecordDocument)
#include "tst_enrollment_record_document.moc"
