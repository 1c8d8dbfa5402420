#include "core/base/station_code.h"
#include "core/enrollment/record_difference.h"
#include "tests/core/enrollment/enrollment_line.h"

#include <QTest>

using namespace enroll;
using namespace enroll::enrollment;
using enroll::test::must;

namespace {

struct Change {
    void (*apply)(EnrollmentRecord& record);
};

} // namespace

class tst_record_difference : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theSameProfileMakesTheSameRecord()
    {
        ProductProfile profile;
        profile.enrollment.deviceId = must(TextPattern::parse("gw-{serial}"));
        profile.enrollment.tags = {{"batch", {must(TextPattern::parse("{batch}"))}}};
        profile.enrollment.settings.iotEdge = true;
        auto record = test::thisDeviceAs("GX-000183");
        record.batch = BatchId{"B-12"};
        const auto first = must(recordUnder(profile, record));
        QCOMPARE(first.deviceId, std::string{"gw-GX-000183"});
        QVERIFY(differences(first, must(recordUnder(profile, first))).empty());
        QVERIFY(!differences(record, first).empty());
        QCOMPARE(first.runId, record.runId);
    }

    void aSerialNumberThatIsNoIdIsAnError()
    {
        ProductProfile profile;
        profile.registrationIdRule = RegistrationIdRule::Serial;
        const auto wanted = recordUnder(profile, test::thisDeviceAs("GX 000183"));
        QVERIFY(!wanted.ok());
        QCOMPARE(wanted.error().code, StationCode::NameNotAllowed);
    }

    /// Each member that a profile decides on, by its key there.
    void eachMemberIsNamed_data()
    {
        QTest::addColumn<Change>("change");
        const auto row = [](const char* key, void (*apply)(EnrollmentRecord&)) { QTest::newRow(key) << Change{apply}; };
        row("registration_id", [](auto& record) { record.registrationId = RegistrationId{"other"}; });
        row("device_id", [](auto& record) { record.deviceId = "other"; });
        row("iot_edge", [](auto& record) { record.settings.iotEdge = false; });
        row("tags or desired_properties", [](auto& record) { record.settings.twinJson = "{}"; });
        row("allocation", [](auto& record) { record.settings.allocationPolicy = AllocationPolicy::Hashed; });
        row("hubs", [](auto& record) { record.settings.iotHubs = {"a.test"}; });
        row("reprovision", [](auto& record) { record.settings.reprovisionPolicy.emplace(); });
        row("namespace_name", [](auto& record) { record.settings.namespaceName = "n"; });
        row("certificate_authority_name", [](auto& record) { record.settings.certificateAuthorityName = "c"; });
        row("certificate_policy_name", [](auto& record) { record.settings.certificatePolicyName = "p"; });
    }
    void eachMemberIsNamed()
    {
        QFETCH(const Change, change);
        const auto record = test::thisDeviceAs("GX-000183");
        auto other = record;
        change.apply(other);
        for (const auto& found : {differences(record, other), differences(other, record)}) {
            QCOMPARE(found.size(), std::size_t{1});
            QVERIFY2(found.front().starts_with(QTest::currentDataTag()), found.front().c_str());
        }
    }

    void theCaseOfARegistrationIdIsNoDifference()
    {
        auto record = test::thisDeviceAs("GX-000183");
        record.registrationId = RegistrationId{"GX-5"};
        auto other = record;
        other.registrationId = RegistrationId{"gx-5"};
        QVERIFY(differences(record, other).empty());
    }
};

QTEST_GUILESS_MAIN(tst_record_difference)
#include "tst_record_difference.moc"
