#include "core/base/station_code.h"
#include "core/enrollment/enrollment_template.h"
#include "tests/support/must.h"

#include <QTest>

using namespace enroll;
using namespace enroll::enrollment;
using enroll::test::must;

namespace {

const DeviceWords kWords{SerialNumber{"GX-\"7\\"}, RegistrationId{"abc"}, BatchId{"B1"}};

/// moc cannot read a raw string with a quotation mark behind a backslash.
const std::string kTwin =
    "{\"properties\":{\"desired\":{\"interval\":60}},\"tags\":{\"batch\":\"B1\",\"list\":[true,-4,0.5],"
    "\"site\":{\"empty\":{},\"serial\":\"GX-\\\"7\\\\\"}}}";

TwinValue text(const char* pattern)
{
    return {must(TextPattern::parse(pattern))};
}

} // namespace

class tst_enrollment_template : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEmptyTemplateSaysNothing()
    {
        QCOMPARE(must(deviceIdFor({}, kWords)), std::string{});
        QVERIFY(settingsFor({}, kWords) == EnrollmentSettings{});
    }

    void deviceIdIsMadeOfTheSerialNumber()
    {
        EnrollmentTemplate enrollment;
        enrollment.deviceId = must(TextPattern::parse("gw-{serial}"));
        QCOMPARE(must(deviceIdFor(enrollment, {SerialNumber{"GX-7"}, {}, {}})), std::string{"gw-GX-7"});
    }

    void aSerialNumberThatMakesNoDeviceIdIsRefused()
    {
        EnrollmentTemplate enrollment;
        enrollment.deviceId = must(TextPattern::parse("gw-{serial}"));
        const auto id = deviceIdFor(enrollment, {SerialNumber{"GX 7"}, {}, {}});
        QVERIFY(!id.ok());
        QCOMPARE(id.error().code, StationCode::NameNotAllowed);
        QVERIFY(id.error().what.find("gw-GX 7") != std::string::npos);
    }

    void twinIsTheJsonOfOneDevice()
    {
        EnrollmentTemplate enrollment;
        enrollment.tags = {{"batch", text("{batch}")},
                           {"list", {TwinList{{true}, {std::int64_t{-4}}, {0.5}}}},
                           {"site", {TwinObject{{"empty", {TwinObject{}}}, {"serial", text("{serial}")}}}}};
        enrollment.desiredProperties = {{"interval", {std::int64_t{60}}}};
        QCOMPARE(*settingsFor(enrollment, kWords).twinJson, kTwin);
    }

    void aTwinWithOnePartHasOnlyThat()
    {
        EnrollmentTemplate enrollment;
        enrollment.tags = {{"line", {std::int64_t{4}}}};
        QCOMPARE(*settingsFor(enrollment, kWords).twinJson, std::string{R"({"tags":{"line":4}})"});
    }

    void settingsOfEveryDeviceStayWithTheTwin()
    {
        EnrollmentTemplate enrollment;
        enrollment.settings.iotEdge = true;
        enrollment.settings.iotHubs = {"a.test"};
        enrollment.tags = {{"line", {std::int64_t{4}}}};
        const auto settings = settingsFor(enrollment, kWords);
        QCOMPARE(settings.iotEdge, std::optional{true});
        QCOMPARE(settings.iotHubs, std::vector<std::string>{"a.test"});
        QVERIFY(settings.twinJson.has_value());
    }

    void sizeCountsNamesAndTheLongestTexts()
    {
        QCOMPARE(mostTwinBytes({{"ab", {true}}, {"c", {0.5}}, {"d", text("x{serial}")}}),
                 std::size_t{2 + 4 + 1 + 8 + 1 + 1 + 64});
        QCOMPARE(mostTwinBytes({{"a", {TwinObject{{"b", {TwinList{{std::int64_t{1}}, {std::int64_t{2}}}}}}}}}),
                 std::size_t{1 + 1 + 16});
    }
};

QTEST_APPLESS_MAIN(tst_enrollment_template)
#include "tst_enrollment_template.moc"
