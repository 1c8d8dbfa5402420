#include "core/config/findings_section.h"
#include "core/config/profile_file.h"
#include "core/config/profile_text.h"
#include "tests/support/must.h"

#include <QTest>

using namespace enroll;
using namespace enroll::config;
using enroll::test::must;

namespace {

const std::string kBare = "schema = 1\nname = \"Gateway-X\"\nversion = \"7\"\n";

/// Every key, each with another value than it has where it is left out.
const std::string kFull =
    kBare + "serial_pattern = '^GX-[0-9]{6}\\d$'\n"
            "[endorsement_key]\nenroll = \"azure-empty-unique\"\npersist_if_absent = true\n"
            "device_sdk = \"dps-c-sdk\"\n"
            "[storage_root_key]\npersist_if_absent = true\n"
            "[certificate]\nrequire = \"present\"\nanchors = [\"plant\", \"demo\"]\non_missing = "
            "\"warning\"\non_expired = \"fail\"\n"
            "[findings]\ntpm-password-set = \"fail\"\n"
            "[tpm]\nallow_manufacturers = [\"IFX\", \"STM\"]\nallow_software = true\n"
            "minimum_firmware = { STM = \"1.258\", IFX = \"7.62.3126.1\" }\n"
            "[ship_state]\npersistent_handles = [\"0x81000003\", \"0x81010000-0x8101ffff\"]\nowner_indices = "
            "[\"0x01400100\", \"0x01800001\"]\n"
            "[transport]\nallow = [\"dev\"]\ntimeout_s = { default = 11, create_primary = 91, run = 121 }\n"
            "[enrollment]\nregistration_id = \"serial\"\ndevice_id = \"gw-{serial}\"\niot_edge = true\n"
            "allocation = \"static\"\nhubs = [\"a.test\"]\nreprovision = \"never\"\nnamespace_name = \"n\"\n"
            "certificate_authority_name = \"c\"\ncertificate_policy_name = \"p\"\n"
            "[enrollment.tags]\nline = 4\nshare = 0.5\nlist = [1, \"{batch}\", [true], { a = 1 }]\n"
            "site = { floor = \"{{3}}\", empty = {} }\n"
            "[enrollment.desired_properties]\n\"it's\" = \"a 'quoted' \\\"text\\\"\"\n"
            "[duplicates]\nsame_ek_other_serial = \"fail\"\nsame_serial_other_ek = \"fail\"\n"
            "same_tpm_other_serial = \"fail\"\nsame_device_other_settings = \"warning\"\n";

enrollment::ProductProfile parsed(const std::string& text)
{
    return must(parseProfile(text, "x.profile.toml"));
}

/// What a reader of the shown text must get: the digest is of another text, and each finding is named that is looked for.
enrollment::ProductProfile asShown(enrollment::ProductProfile profile, const enrollment::ProductProfile& again)
{
    for (const auto& row : attestation::findingCatalog()) {
        if (!isLookedFor(profile.policy, row.id)) {
            continue;
        }
        profile.policy.severities.insert_or_assign(std::string{row.id},
                                                   attestation::severityOf(profile.policy, row.id));
    }
    profile.stamp.sha256 = again.stamp.sha256;
    return profile;
}

} // namespace

class tst_profile_text : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsShownIsReadAsTheSameProfile_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("every default") << QString::fromStdString(kBare);
        QTest::newRow("nothing as by default") << QString::fromStdString(kFull);
        for (const auto* rules : {"require = \"none\"\n", "require = \"none\"\non_missing = \"warning\"\n",
                                  "require = \"none\"\non_expired = \"fail\"\n", "on_missing = \"fail\"\n",
                                  "require = \"none\"\n[findings]\nek-certificate-expired = \"hold\"\n",
                                  "[findings]\nek-certificate-missing = \"fail\"\ntpm-foreign-object = \"info\"\n",
                                  "[transport]\ntimeout_s = { run = 5 }\n"}) {
            QTest::newRow(rules) << QString::fromStdString(kBare + "[certificate]\n" + rules);
        }
        QTest::newRow("an empty tag") << QString::fromStdString(kBare + "[enrollment.tags]\na = []\n");
    }
    void whatIsShownIsReadAsTheSameProfile()
    {
        QFETCH(QString, text);
        const auto profile = parsed(text.toStdString());
        const auto shown = profileToml(profile);
        const auto again = parseProfile(shown, "shown");
        QVERIFY2(again.ok(), again.ok() ? "" : (again.error().what + "\n" + shown).c_str());
        QVERIFY2(*again == asShown(profile, *again), shown.c_str());
        QCOMPARE(profileToml(*again), shown);
        QCOMPARE(profileJson(*again), profileJson(profile));
    }

    void everyFindingIsShownThatIsLookedFor()
    {
        for (const auto& text : {kBare, kFull}) {
            const auto profile = parsed(text);
            const auto shown = profileToml(profile);
            for (const auto& row : attestation::findingCatalog()) {
                QVERIFY2((shown.find("\n" + std::string{row.id} + " = ") != std::string::npos) ==
                             isLookedFor(profile.policy, row.id),
                         shown.c_str());
            }
        }
    }
};

QTEST_APPLESS_MAIN(tst_profile_text)
#include "tst_profile_text.moc"
