#include "core/base/station_code.h"
#include "core/config/profile_file.h"
#include "tests/support/must.h"

#include <QTest>

using namespace enroll;
using namespace enroll::config;
using enroll::test::must;

namespace {

const std::string kHead = "schema = 1\nname = \"Gateway-X\"\nversion = \"7\"\n[enrollment]\n";

enrollment::EnrollmentTemplate read(const std::string& section)
{
    return must(parseProfile(kHead + section, "x.profile.toml")).enrollment;
}

std::string text(std::size_t bytes)
{
    return '"' + std::string(bytes, 'x') + '"';
}

} // namespace

class tst_enrollment_section : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSilentSectionLeavesAllToTheService() { QVERIFY(read("") == enrollment::EnrollmentTemplate{}); }

    void everyKeyGoesWhereItSays()
    {
        const auto all =
            read("device_id = \"gw-{serial}\"\niot_edge = true\nallocation = \"geoLatency\"\n"
                 "hubs = [\"a.azure-devices.net\", \"b.azure-devices.net\"]\nreprovision = \"reset-data\"\n"
                 "namespace_name = \"ns\"\ncertificate_authority_name = \"ca\"\n"
                 "certificate_policy_name = \"policy\"\n"
                 "[enrollment.tags]\nline = 4\nsite = { floor = \"{batch}\" }\n"
                 "[enrollment.desired_properties]\ninterval = 1.5\n");
        QCOMPARE(all.deviceId.text(), std::string{"gw-{serial}"});
        enrollment::EnrollmentSettings expected;
        expected.iotEdge = true;
        expected.allocationPolicy = enrollment::AllocationPolicy::GeoLatency;
        expected.iotHubs = {"a.azure-devices.net", "b.azure-devices.net"};
        expected.reprovisionPolicy = enrollment::ReprovisionPolicy{true, false};
        expected.namespaceName = "ns";
        expected.certificateAuthorityName = "ca";
        expected.certificatePolicyName = "policy";
        expected.twinJson = R"({"properties":{"desired":{"interval":1.5}},"tags":{"line":4,"site":{"floor":"B7"}}})";
        QVERIFY(settingsFor(all, {{}, {}, enrollment::BatchId{"B7"}}) == expected);
    }

    void reprovisionWords_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<bool>("update");
        QTest::addColumn<bool>("migrate");
        QTest::newRow("migrate") << QStringLiteral("migrate-data") << true << true;
        QTest::newRow("reset") << QStringLiteral("reset-data") << true << false;
        QTest::newRow("never") << QStringLiteral("never") << false << false;
    }
    void reprovisionWords()
    {
        QFETCH(QString, word);
        QFETCH(bool, update);
        QFETCH(bool, migrate);
        const auto policy = read("reprovision = \"" + word.toStdString() + "\"\n").settings.reprovisionPolicy;
        QVERIFY((policy == enrollment::ReprovisionPolicy{update, migrate}));
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("section");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* name, const std::string& section, const char* part) {
            QTest::newRow(name) << QString::fromStdString(section) << QString::fromUtf8(part);
        };
        row("unknown key", "device_ids = \"x\"\n",
            ":5: enrollment.device_ids is not a known key. Did you mean "
            "\"enrollment.device_id\"?");
        row("device id of one", "device_id = \"gateway\"\n", ":5: enrollment.device_id is the same for every device");
        row("empty device id", "device_id = \"\"\n", "is empty: write a text with {serial}");
        row("device id by batch", "device_id = \"{serial}{batch}\"\n", "has {batch}");
        row("device id with a space", "device_id = \"gw {serial}\"\n", "has a character that no device id has");
        row("long device id", "device_id = \"{serial}{registration_id}-\"\n", "can get 129 characters long");
        row("unknown word", "device_id = \"{seriel}\"\n", "has \"{seriel}\"");
        row("open brace", "device_id = \"{serial\"\n", "has a { without its }");
        row("iot_edge", "iot_edge = \"yes\"\n", ":5: enrollment.iot_edge must be true or false");
        row("allocation", "allocation = \"hash\"\n", "Did you mean \"hashed\"?");
        row("custom", "allocation = \"custom\"\n", "needs the address of a web hook");
        row("static without hub", "allocation = \"static\"\n", "is \"static\", with 0 hubs");
        row("static with two", "allocation = \"static\"\nhubs = [\"a.test\", \"b.test\"]\n", "with 2 hubs");
        row("no hub", "hubs = []\n", ":5: enrollment.hubs names no hub");
        row("hub twice", "hubs = [\"a.test\", \"a.test\"]\n", "names \"a.test\" twice");
        row("hub as URL", "hubs = [\"https://a.test/\"]\n", "which is no host name");
        row("reprovision", "reprovision = \"migrate\"\n", "allowed are \"migrate-data\", \"reset-data\", \"never\"");
        row("empty name", "namespace_name = \"\"\n", "is empty: write a text, or leave the key out");
        row("long name", "certificate_policy_name = " + text(257) + "\n", "has 257 characters");
        row("tags as text", "tags = \"x\"\n", ":5: enrollment.tags must be a table");
        row("date", "[enrollment.tags]\nmade = 2026-11-28\n", ":6: enrollment.tags.made is a date or a time");
        row("dollar", "[enrollment.tags]\n\"$version\" = 1\n", ":6: enrollment.tags.$version is a name with a dot");
        row("dot", "[enrollment.tags]\n\"a.b\" = 1\n", "is a name with a dot");
        row("space", "[enrollment.tags.site]\n\"a b\" = 1\n", ":6: enrollment.tags.site.a b is a name with a dot");
        row("no name", "[enrollment.tags]\n\"\" = 1\n", "is a name of 0 bytes");
        row("long key", "[enrollment.tags]\n" + std::string(1025, 'k') + " = 1\n", "is a name of 1025 bytes");
        row("large number", "[enrollment.desired_properties]\nn = 4503599627370496\n",
            ":6: enrollment.desired_properties.n is out of the range");
        row("infinite", "[enrollment.tags]\nn = inf\n", "is no finite number");
        row("long text", "[enrollment.tags]\nt = " + text(4097) + "\n", "can get 4097 bytes long; a hub takes 4096");
        row("long by its serial", "[enrollment.tags]\nt = \"{serial}" + std::string(4033, 'x') + "\"\n",
            "can get 4097 bytes long");
        row("control character", "[enrollment.tags]\nt = \"a\\nb\"\n", "has a line end");
        row("word in a list", "[enrollment.tags]\nt = [\"{x}\"]\n", ":6: enrollment.tags.t has \"{x}\"");
        row("large tags", "[enrollment.tags]\na = " + text(4096) + "\nb = " + text(4095) + "\n",
            "enrollment.tags can get 8193 bytes large; a hub takes 8192");
        row("deep", "[enrollment.tags.a.b.c.d.e.f.g.h.i.j.k]\nl = 1\n", "goes too deep");
    }
    void refusals()
    {
        QFETCH(QString, section);
        QFETCH(QString, part);
        const auto profile = parseProfile(kHead + section.toStdString(), "x.profile.toml");
        QVERIFY(!profile.ok());
        QCOMPARE(profile.error().code, StationCode::ConfigurationInvalid);
        QVERIFY2(profile.error().what.starts_with("x.profile.toml:"), profile.error().what.c_str());
        QVERIFY2(profile.error().what.find(part.toStdString()) != std::string::npos, profile.error().what.c_str());
    }

    void limitsThemselvesAreTaken()
    {
        const std::string tags = "[enrollment.tags]\na = " + text(4096) + "\nb = " + text(4094) + "\n";
        QCOMPARE(mostTwinBytes(read(tags).tags), std::size_t{8192});
        QVERIFY(!read("[enrollment.tags.a.b.c.d.e.f.g.h.i.j]\nl = 4503599627370495\n").tags.empty());
        QVERIFY(!read("[enrollment.tags]\nn = -4503599627370496\n" + std::string(1024, 'k') + " = 1\n").tags.empty());
        QVERIFY(!read("device_id = \"{serial}{registration_id}\"\n").deviceId.empty());
    }
};

QTEST_APPLESS_MAIN(tst_enrollment_section)
#include "tst_enrollment_section.moc"
