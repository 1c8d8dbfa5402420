#include "core/attestation/device_sdk.h"
#include "core/base/station_code.h"
#include "core/config/profile_file.h"
#include "core/transport/device_address.h"

#include <QTest>

using namespace enroll;
using namespace enroll::config;
using attestation::EkChoice;
using attestation::EkTemplate;
using attestation::Severity;

namespace {

const std::string kHead = "schema = 1\nname = \"Gateway-X\"\nversion = \"7\"\n";

std::string whatOf(const std::string& text)
{
    const auto profile = parseProfile(text, "x.profile.toml");
    return profile.ok() ? std::string{"(accepted)"} : profile.error().what;
}

} // namespace

class tst_profile_file : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void shippedProfilesAreAccepted()
    {
        const std::filesystem::path shipped{ENROLL_SOURCE_DIR "/resources/profiles"};
        const auto demo = loadProfile("demo", shipped);
        const auto production = loadProfile("production", shipped);
        QVERIFY2(demo.ok(), demo.ok() ? "" : demo.error().what.c_str());
        QVERIFY2(production.ok(), production.ok() ? "" : production.error().what.c_str());
        QVERIFY(demo->policy.allowSoftware);
        QVERIFY(!production->policy.allowSoftware);
        QCOMPARE(production->policy.certificate, attestation::CertificateRequirement::Trusted);
        QCOMPARE(production->policy.persistAfterPass.endorsementKey, attestation::Persistence::PersistIfAbsent);
        QCOMPARE(demo->policy.persistAfterPass.endorsementKey, attestation::Persistence::LeaveAsIs);
        QVERIFY(production->policy.shipState.has_value());
        QVERIFY(!demo->policy.shipState.has_value());
    }

    void theShipStateIsLookedAtWhereItsSectionIs()
    {
        QVERIFY(!parseProfile(kHead, "x")->policy.shipState.has_value());
        QVERIFY(!parseProfile(kHead + "[ship_state]\ncheck = false\nowner_indices = [\"0x1800000\"]\n", "x")
                     ->policy.shipState.has_value());
        const auto profile = parseProfile(kHead + "[ship_state]\npersistent_handles = [\"0x81000002\"]\n", "x");
        const attestation::ShipState wanted{{{0x81000002, 0x81000002}}, {}};
        QCOMPARE(profile->policy.shipState, std::optional{wanted});
    }

    void theOldestFirmwareIsReadPerMaker()
    {
        const auto profile =
            parseProfile(kHead + "[tpm]\nminimum_firmware = { IFX = \"7.62\", STM = \"1.258.0.1\" }\n", "x");
        QVERIFY2(profile.ok(), profile.ok() ? "" : profile.error().what.c_str());
        const attestation::OldestFirmware wanted{{"IFX", {7, 62, 0, 0}}, {"STM", {1, 258, 0, 1}}};
        QVERIFY(profile->policy.oldestFirmware == wanted);
    }

    /// A maker's id has four bytes, and "STM " is one: it is pasted as it stands in the registry.
    void aBlankAtTheEndOfAMakerMakesNoDifference()
    {
        const auto profile = parseProfile(kHead + "[tpm]\nallow_manufacturers = [\"STM \", \"IFX\"]\n"
                                                  "minimum_firmware = { \"STM \" = \"1.258\", \"IFX \" = \"7.62\" }\n",
                                          "x");
        QVERIFY2(profile.ok(), profile.ok() ? "" : profile.error().what.c_str());
        QCOMPARE(profile->policy.allowedManufacturers, (std::vector<std::string>{"STM", "IFX"}));
        const attestation::OldestFirmware wanted{{"STM", {1, 258, 0, 0}}, {"IFX", {7, 62, 0, 0}}};
        QVERIFY(profile->policy.oldestFirmware == wanted);
    }

    void stampIsTheDigestOfTheText()
    {
        const auto profile = parseProfile(kHead, "x");
        QVERIFY(profile.ok());
        QCOMPARE(profile->stamp.sha256.size(), std::size_t{64});
        QVERIFY(profile->stamp.sha256 != parseProfile(kHead + "#\n", "x")->stamp.sha256);
    }

    void aProfileThatIsSilentRefusesSoftwareAndWantsATrustedCertificate()
    {
        const auto profile = parseProfile(kHead, "x");
        QVERIFY(profile.ok());
        QVERIFY(!profile->policy.allowSoftware);
        QCOMPARE(profile->policy.certificate, attestation::CertificateRequirement::Trusted);
        QCOMPARE(profile->sameEkOtherSerial, enrollment::DuplicateRule::Hold);
    }

    void unknownProfileNameListsTheShippedOnes()
    {
        const auto profile = loadProfile("prodcution", ENROLL_SOURCE_DIR "/resources/profiles");
        QVERIFY(!profile.ok());
        QCOMPARE(profile.error().code, StationCode::ConfigurationInvalid);
        QVERIFY(profile.error().what.find("demo and production") != std::string::npos);
    }

    void overlongNameIsRefused()
    {
        const auto profile = loadProfile(std::string(5000, 'x'), ENROLL_SOURCE_DIR "/resources/profiles");
        QVERIFY(!profile.ok());
        QCOMPARE(profile.error().code, StationCode::ConfigurationInvalid);
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* name, const std::string& text, const char* part) {
            QTest::newRow(name) << QString::fromStdString(text) << QString::fromUtf8(part);
        };
        row("no schema", "name=\"a\"\nversion=\"1\"\n", "schema is missing");
        row("newer schema", "schema = 2\nname=\"a\"\nversion=\"1\"\n", "schema must be 1");
        row("newer schema with a newer key", "schema = 2\nname=\"a\"\nversion=\"1\"\n[new]\n", "schema must be 1");
        row("no name", "schema = 1\nversion=\"1\"\n", "name is missing");
        row("no version", "schema = 1\nname=\"a\"\n", "version is missing");
        row("near miss", kHead + "serial_patern = \"x\"\n", "Did you mean \"serial_pattern\"?");
        row("near miss in table", kHead + "[certificate]\nrequired = \"trusted\"\n",
            "Did you mean \"certificate.require\"?");
        row("bad word", kHead + "[certificate]\nrequire = \"trust\"\n",
            "allowed are \"trusted\", \"present\", \"none\"");
        row("wrong type", kHead + "[tpm]\nallow_software = \"yes\"\n", "tpm.allow_software must be true or false");
        row("list of numbers", kHead + "[tpm]\nallow_manufacturers = [1]\n", "must be a list of texts");
        for (const auto* maker : {"ifx", "INTEL", " STM", "I M", "IÜ"}) {
            const auto line =
                QStringLiteral("[tpm]\nallow_manufacturers = [\"STM\", \"%1\"]\n").arg(QString::fromUtf8(maker));
            row(qPrintable(QStringLiteral("maker \"%1\"").arg(QString::fromUtf8(maker))), kHead + line.toStdString(),
                "x.profile.toml:5: tpm.allow_manufacturers names");
        }
        row("maker in two spellings", kHead + "[tpm]\nallow_manufacturers = [\"STM\", \"STM \"]\n",
            "x.profile.toml:5: tpm.allow_manufacturers names the maker \"STM\" twice");
        row("firmware of a maker in two spellings",
            kHead + "[tpm]\n[tpm.minimum_firmware]\nIFX = \"7.62\"\n\"IFX \" = \"7.40\"\n",
            "x.profile.toml:7: tpm.minimum_firmware.IFX  names the maker \"IFX\" twice");
        row("expression that only an empty text fits", kHead + "serial_pattern = '^$'\n",
            "x.profile.toml:4: serial_pattern fits no serial number");
        row("bad expression", kHead + "serial_pattern = \"[\"\n",
            "x.profile.toml:4: serial_pattern is not a valid regular expression: \"[\" lacks its closing ]");
        row("back-reference", kHead + "serial_pattern = '([A-Z])\\1'\n",
            "x.profile.toml:4: serial_pattern uses the back-reference");
        row("look-around", kHead + "\nserial_pattern = '(?!AB).*'\n",
            "x.profile.toml:5: serial_pattern uses the look-around");
        row("overlong expression", kHead + "serial_pattern = \"" + std::string(257, 'a') + "\"\n",
            "serial_pattern is longer than 256 characters");
        row("firmware of a typing error",
            kHead + "[tpm]\nallow_manufacturers = [\"IFX\"]\nminimum_firmware = { IXF = \"7.62\" }\n",
            "x.profile.toml:6: tpm.minimum_firmware.IXF names a maker that tpm.allow_manufacturers does not list. Did "
            "you "
            "mean \"IFX\"?");
        row("firmware of nobody", kHead + "[tpm]\nminimum_firmware = { infineon = \"7.62\" }\n",
            "x.profile.toml:5: tpm.minimum_firmware.infineon names \"infineon\", which no TPM reports");
        for (const auto* version : {"7.62b", "7..62", "7.62.", "1.2.3.4.5", "7.65536", "-1"}) {
            row(qPrintable(QStringLiteral("firmware \"%1\"").arg(QLatin1String(version))),
                kHead + "[tpm]\nminimum_firmware = { IFX = \"" + version + "\" }\n",
                "which is no firmware version: write one to four numbers");
        }
        row("firmware as a number", kHead + "[tpm]\nminimum_firmware = { IFX = 7.62 }\n",
            "x.profile.toml:5: tpm.minimum_firmware.IFX must be");
        row("near miss in the ship state", kHead + "[ship_state]\npersistent_handle = []\n",
            "Did you mean \"ship_state.persistent_handles\"?");
        row("ship state of no truth", kHead + "[ship_state]\ncheck = \"yes\"\n",
            "x.profile.toml:5: ship_state.check must be true or false");
        for (const auto* handle :
             {"81000002", "0x8100000g", "0x81000002-0x81000001", "0x810000020", "0x", "0x81000002-"}) {
            row(qPrintable(QStringLiteral("handle \"%1\"").arg(QLatin1String(handle))),
                kHead + "[ship_state]\npersistent_handles = [\"" + handle + "\"]\n",
                "x.profile.toml:5: ship_state.persistent_handles names");
        }
        row("handle of the platform", kHead + "[ship_state]\npersistent_handles = [\"0x81800000\"]\n",
            "they go from 0x81000000 to 0x817fffff");
        row("index of the platform", kHead + "[ship_state]\nowner_indices = [\"0x01c00002\"]\n",
            "they go from 0x01000000 to 0x01bfffff");
        row("no activation", kHead + "[attestation]\nactivation = false\n", "cannot be false");
        row("not in this version", kHead + "[attestation]\nquote_pcrs = [0]\n", "not supported by this version");
        row("not in this version either", kHead + "[duplicates]\nwhen_plant_unreachable = \"stop\"\n",
            "x.profile.toml:5: duplicates.when_plant_unreachable is not supported by this version: remove it");
        row("timeout too long", kHead + "[transport]\ntimeout_s = { default = 601 }\n", "from 1 to 600");
        row("timeout zero", kHead + "[transport]\ntimeout_s = { create_primary = 0 }\n", "from 1 to 600");
        row("unknown transport", kHead + "[transport]\nallow = [\"tpc\"]\n", "Did you mean \"tcp\"?");
        row("no transport at all", kHead + "[transport]\nallow = []\n", "transport.allow names no transport");
        row("trusted, missing accepted", kHead + "[certificate]\nrequire = \"trusted\"\non_missing = \"accept\"\n",
            "x.profile.toml:6: certificate.on_missing");
        row("trusted by default, missing warned of", kHead + "[certificate]\non_missing = \"warning\"\n",
            "write on_missing = \"hold\" or \"fail\", or require = \"present\"");
        row("no set at all", kHead + "[certificate]\nanchors = []\n", "x.profile.toml:5: certificate.anchors names no");
        row("set that cannot exist", kHead + "[certificate]\nanchors = [\"makers\", \"../demo\"]\n",
            "x.profile.toml:5: certificate.anchors names a set that cannot exist: \"../demo\"");
        row("set in capitals", kHead + "[certificate]\nanchors = [\"Demo\"]\n", "names a set that cannot exist");
        row("set that is no list", kHead + "[certificate]\nanchors = \"makers\"\n", "must be a list of texts");
        row("demo for hardware", kHead + "[certificate]\nrequire = \"present\"\nanchors = [\"makers\", \"demo\"]\n",
            "x.profile.toml:6: certificate.anchors names \"demo\"");
        row("demo for hardware, said aloud",
            kHead + "[tpm]\nallow_software = false\n[certificate]\nanchors = [\"demo\"]\n", "x.profile.toml:7:");
        row("table expected", kHead + "tpm = 3\n", "tpm must be a table");
        row("no TOML", kHead + "[tpm\n", "x.profile.toml:4:5");
        row("unknown key", kHead + "[endorsement_key]\nenroll = \"ecc-p257\"\n",
            "allowed are \"persistent-0x81010001\", \"tcg-default\", \"ecc-p256\"");
        row("key of a kind that cannot be attested", kHead + "[endorsement_key]\nenroll = \"tcg-h5\"\n",
            "x.profile.toml:5: endorsement_key.enroll is \"tcg-h5\", a key that this program cannot attest");
    }

    void refusals()
    {
        QFETCH(QString, text);
        QFETCH(QString, part);
        const auto what = QString::fromStdString(whatOf(text.toStdString()));
        QVERIFY2(what.contains(part), qPrintable(what));
        QVERIFY2(what.startsWith(QStringLiteral("x.profile.toml:")), qPrintable(what));
    }

    void eachTransportMayBeAllowed()
    {
        for (const auto word : transport::transportWords()) {
            const auto profile =
                parseProfile(kHead + "[transport]\nallow = [\"" + std::string{word} + "\"]\n", "x.profile.toml");
            QVERIFY2(profile.ok(), std::string{word}.c_str());
            QCOMPARE(profile->allowedTransports, std::vector{std::string{word}});
        }
    }

    void noTextMayBeBlank_data()
    {
        QTest::addColumn<std::string>("text");
        const auto row = [](const char* name, const std::string& text) { QTest::newRow(name) << text; };
        const std::string head = "schema = 1\nname = \"A\"\nversion = \"1\"\n";
        row("name", "schema = 1\nname = \"VALUE\"\nversion = \"1\"\n");
        row("version", "schema = 1\nname = \"A\"\nversion = \"VALUE\"\n");
        row("serial_pattern", head + "serial_pattern = \"VALUE\"\n");
        row("enroll", head + "[endorsement_key]\nenroll = \"VALUE\"\n");
        row("require", head + "[certificate]\nrequire = \"VALUE\"\n");
        row("anchors", head + "[certificate]\nanchors = [\"VALUE\"]\n");
        row("on_missing", head + "[certificate]\non_missing = \"VALUE\"\n");
        row("finding", head + "[findings]\nsoftware-tpm = \"VALUE\"\n");
        row("makers", head + "[tpm]\nallow_manufacturers = [\"VALUE\"]\n");
        row("firmware", head + "[tpm]\nminimum_firmware = { IFX = \"VALUE\" }\n");
        row("handles", head + "[ship_state]\npersistent_handles = [\"VALUE\"]\n");
        row("transports", head + "[transport]\nallow = [\"VALUE\"]\n");
        row("registration_id", head + "[enrollment]\nregistration_id = \"VALUE\"\n");
        row("device_id", head + "[enrollment]\ndevice_id = \"VALUE\"\n");
        row("hubs", head + "[enrollment]\nhubs = [\"VALUE\"]\n");
        row("certificate_policy_name", head + "[enrollment]\ncertificate_policy_name = \"VALUE\"\n");
        row("duplicates", head + "[duplicates]\nsame_ek_other_serial = \"VALUE\"\n");
    }
    void noTextMayBeBlank()
    {
        QFETCH(std::string, text);
        const auto line = 1 + std::ranges::count(text.substr(0, text.find("VALUE")), '\n');
        for (const auto* value : {"", "   "}) {
            auto profile = text;
            const auto parsed = parseProfile(profile.replace(profile.find("VALUE"), 5, value), "p.toml");
            QVERIFY(!parsed.ok());
            QCOMPARE(parsed.error().code, ErrorCode{StationCode::ConfigurationInvalid});
            QVERIFY2(parsed.error().what.starts_with("p.toml:" + std::to_string(line) + ": "),
                     parsed.error().what.c_str());
        }
    }
    void aTagMayBeEmpty()
    {
        QVERIFY(parseProfile("schema = 1\nname = \"A\"\nversion = \"1\"\n[enrollment]\ntags = { site = \"\" }\n", "p")
                    .ok());
    }

    void aLongValueIsCutInTheMessage_data()
    {
        QTest::addColumn<std::string>("text");
        const auto row = [](const char* name, const std::string& text) {
            QTest::newRow(name) << "schema = 1\nname = \"A\"\nversion = \"1\"\n" + text;
        };
        const std::string much(50'000, 'a');
        row("pattern", "serial_pattern = \"(" + much + "\"\n");
        row("enroll", "[endorsement_key]\nenroll = \"" + much + "\"\n");
        row("set", "[certificate]\nanchors = [\"" + much + "\"]\n");
        row("maker", "[tpm]\nallow_manufacturers = [\"" + much + "\"]\n");
        row("maker with firmware", "[tpm.minimum_firmware]\n" + much + " = \"1\"\n");
        row("firmware", "[tpm.minimum_firmware]\nIFX = \"" + much + "\"\n");
        row("handle", "[ship_state]\nowner_indices = [\"" + much + "\"]\n");
        row("transport", "[transport]\nallow = [\"" + much + "\"]\n");
        row("device id", "[enrollment]\ndevice_id = \"{" + much + "}\"\n");
        row("hub", "[enrollment]\nhubs = [\"" + much + "\"]\n");
        row("tag", "[enrollment.tags]\n" + much + " = 1\n");
        row("allocation", "[enrollment]\nallocation = \"" + much + "\"\n");
    }
    void aLongValueIsCutInTheMessage()
    {
        QFETCH(std::string, text);
        const auto parsed = parseProfile(text, "p.toml");
        QVERIFY(!parsed.ok());
        QVERIFY2(parsed.error().what.starts_with("p.toml:"), parsed.error().what.substr(0, 99).c_str());
        QVERIFY2(parsed.error().what.size() < 700, parsed.error().what.substr(0, 999).c_str());
    }

    void refusalNamesTheLine()
    {
        QVERIFY(whatOf(kHead + "\n[tpm]\nallow_software = 1\n").starts_with("x.profile.toml:6:"));
    }

    void setsAreTheMakersUnlessNamed()
    {
        using Names = std::vector<std::string>;
        QCOMPARE(parseProfile(kHead, "x")->trustSets, Names{"makers"});
        QCOMPARE(parseProfile(kHead + "[certificate]\nanchors = [\"line-2\", \"makers\"]\n", "x")->trustSets,
                 (Names{"line-2", "makers"}));
        QCOMPARE(
            parseProfile(kHead + "[tpm]\nallow_software = true\n[certificate]\nanchors = [\"demo\"]\n", "x")->trustSets,
            Names{"demo"});
        QVERIFY(parseProfile(kHead + "[certificate]\nrequire = \"none\"\nanchors = []\n", "x").ok());
        const std::filesystem::path shipped{ENROLL_SOURCE_DIR "/resources/profiles"};
        QCOMPARE(loadProfile("demo", shipped)->trustSets, (Names{"demo", "makers"}));
        QCOMPARE(loadProfile("production", shipped)->trustSets, Names{"makers"});
    }

    void aMissingCertificateMayPassWhereNoTrustIsWanted()
    {
        const auto present = parseProfile(kHead + "[certificate]\nrequire=\"present\"\non_missing=\"accept\"\n", "x");
        QVERIFY(present.ok());
        QCOMPARE(present->policy.onMissingCertificate, attestation::OnFinding::Accept);
        QVERIFY(parseProfile(kHead + "[certificate]\nrequire=\"none\"\non_missing=\"warning\"\n", "x").ok());
        QVERIFY(parseProfile(kHead + "[certificate]\nrequire=\"trusted\"\non_missing=\"fail\"\n", "x").ok());
    }

    void eachRuleGoesWhereItsKeySays()
    {
        using attestation::Persistence;
        using enrollment::DuplicateRule;
        const auto ekElsewhere = parseProfile(kHead + "[duplicates]\nsame_ek_other_serial = \"fail\"\n", "x");
        QCOMPARE(ekElsewhere->sameEkOtherSerial, DuplicateRule::Fail);
        QCOMPARE(ekElsewhere->sameSerialOtherEk, DuplicateRule::Hold);
        const auto otherEk = parseProfile(kHead + "[duplicates]\nsame_serial_other_ek = \"fail\"\n", "x");
        QCOMPARE(otherEk->sameEkOtherSerial, DuplicateRule::Hold);
        QCOMPARE(otherEk->sameSerialOtherEk, DuplicateRule::Fail);
        const auto srk = parseProfile(kHead + "[storage_root_key]\npersist_if_absent = true\n", "x");
        QCOMPARE(srk->policy.persistAfterPass.storageRootKey, Persistence::PersistIfAbsent);
        QCOMPARE(srk->policy.persistAfterPass.endorsementKey, Persistence::LeaveAsIs);
        const auto ek = parseProfile(kHead + "[endorsement_key]\npersist_if_absent = true\n", "x");
        QCOMPARE(ek->policy.persistAfterPass.storageRootKey, Persistence::LeaveAsIs);
        QCOMPARE(ek->policy.persistAfterPass.endorsementKey, Persistence::PersistIfAbsent);
        const auto expired = parseProfile(kHead + "[certificate]\non_expired = \"fail\"\n", "x");
        QCOMPARE(expired->policy.onExpiredCertificate, attestation::OnFinding::Fail);
        QCOMPARE(expired->policy.onMissingCertificate, attestation::OnFinding::Hold);
    }

    void enrolledKeys_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("rule");
        const auto row = [](const char* word, EkTemplate kind, EkChoice::Rule rule) {
            QTest::newRow(word) << QString::fromUtf8(word) << static_cast<int>(kind) << static_cast<int>(rule);
        };
        row("persistent-0x81010001", EkTemplate::TcgL1, EkChoice::Rule::AtHandle);
        row("tcg-default", EkTemplate::TcgL1, EkChoice::Rule::OfTemplate);
        row("azure-empty-unique", EkTemplate::AzureEmptyUnique, EkChoice::Rule::OfTemplate);
        row("ecc-p256", EkTemplate::TcgL2, EkChoice::Rule::OfTemplate);
        row("tcg-h3", EkTemplate::TcgH3, EkChoice::Rule::OfTemplate);
    }

    void enrolledKeys()
    {
        QFETCH(QString, word);
        QFETCH(int, kind);
        QFETCH(int, rule);
        const auto profile = parseProfile(kHead + "[endorsement_key]\nenroll = \"" + word.toStdString() + "\"\n", "x");
        QVERIFY2(profile.ok(), profile.ok() ? "" : profile.error().what.c_str());
        const EkChoice wanted{static_cast<EkTemplate>(kind), static_cast<EkChoice::Rule>(rule)};
        QCOMPARE(profile->policy.endorsementKey, wanted);
    }

    void aProfileThatIsSilentEnrollsWhatIsAtTheHandle()
    {
        const auto profile = parseProfile(kHead, "x");
        QCOMPARE(profile->policy.endorsementKey, (EkChoice{EkTemplate::TcgL1, EkChoice::Rule::AtHandle}));
    }

    void theProductsDeviceSdkIsOneThatTheLensNames()
    {
        QVERIFY(parseProfile(kHead, "x")->policy.deviceSdk.empty());
        for (const auto& sdk : attestation::deviceSdks()) {
            const auto profile =
                parseProfile(kHead + "[endorsement_key]\ndevice_sdk = \"" + std::string{sdk.who} + "\"\n", "x");
            QVERIFY(profile.ok() && profile->policy.deviceSdk == sdk.who);
        }
        const auto mistyped = parseProfile(kHead + "[endorsement_key]\ndevice_sdk = \"dps-csharp\"\n", "x");
        QVERIFY(!mistyped.ok() && mistyped.error().what.find("dps-csharp-sdk") != std::string::npos);
    }

    void everyFindingOfTheCatalogCanBeSet()
    {
        const auto head = kHead + "[tpm]\nallow_manufacturers = [\"IFX\"]\nminimum_firmware = { IFX = \"7.62\" }\n"
                                  "[ship_state]\n";
        for (const auto& row : attestation::findingCatalog()) {
            for (const auto severity : {Severity::Hold, Severity::Fail}) {
                std::string line{"[findings]\n"};
                line.append(row.id).append(" = \"").append(severityText(severity)).append("\"\n");
                const auto profile = parseProfile(head + line, "x");
                QVERIFY2(profile.ok(), line.c_str());
                QCOMPARE(attestation::severityOf(profile->policy, row.id), severity);
            }
        }
    }

    void severitiesOfFindingsAreTaken()
    {
        const auto profile = parseProfile(
            kHead + "[findings]\ntpm-password-set = \"hold\"\nek-certificate-manufacturer = \"fail\"\n", "x");
        QVERIFY2(profile.ok(), profile.ok() ? "" : profile.error().what.c_str());
        const attestation::FindingSeverities wanted{{"tpm-password-set", attestation::Severity::Hold},
                                                    {"ek-certificate-manufacturer", attestation::Severity::Fail}};
        QCOMPARE(profile->policy.severities, wanted);
    }

    void anUnknownFindingAndAContradictionAreRefused_data()
    {
        QTest::addColumn<QString>("lines");
        QTest::addColumn<QString>("said");
        QTest::newRow("unknown") << "[findings]\ntpm-pasword-set = \"hold\"\n"
                                 << "tpm-password-set";
        QTest::newRow("a duplicate") << "[findings]\nek-enrolled-elsewhere = \"fail\"\n"
                                     << "duplicates.same_ek_other_serial";
        QTest::newRow("word") << "[findings]\ntpm-password-set = \"red\"\n"
                              << "\"hold\"";
        QTest::newRow("software") << "[findings]\nsoftware-tpm = \"info\"\n"
                                  << "allow_software";
        QTest::newRow("untrusted") << "[findings]\nek-certificate-unknown-issuer = \"warning\"\n"
                                   << "require";
        QTest::newRow("missing") << "[findings]\nek-certificate-missing = \"info\"\n"
                                 << "require";
        for (const auto* id : {"ek-certificate-bare", "ek-certificate-usage", "ek-certificate-authority",
                               "ek-certificate-manufacturer", "ek-certificate-revoked"}) {
            QTest::newRow(id) << QStringLiteral("[findings]\n%1 = \"info\"\n").arg(QLatin1String(id))
                              << QStringLiteral("x:5: findings.%1 lets a key pass").arg(QLatin1String(id));
        }
        for (const auto* id : {"manufacturer-not-allowed", "ek-certificate-no-maker"}) {
            QTest::newRow(qPrintable(QStringLiteral("%1 beside a list").arg(QLatin1String(id))))
                << QStringLiteral("[tpm]\nallow_manufacturers = [\"IFX\"]\n[certificate]\nrequire = \"none\"\n"
                                  "[findings]\n%1 = \"warning\"\n")
                       .arg(QLatin1String(id))
                << QStringLiteral("x:9: findings.%1 lets other makers pass").arg(QLatin1String(id));
        }
        QTest::newRow("firmware") << "[tpm]\nminimum_firmware = { IFX = \"7.62\" }\n[findings]\ntpm-firmware-old = "
                                     "\"info\"\n"
                                  << "x:7: findings.tpm-firmware-old lets";
        for (const auto* id : {"tpm-foreign-object", "tpm-foreign-index"}) {
            QTest::newRow(id) << QStringLiteral("[ship_state]\n[findings]\n%1 = \"info\"\n").arg(QLatin1String(id))
                              << QStringLiteral("x:6: findings.%1 lets").arg(QLatin1String(id));
        }
    }
    void anUnknownFindingAndAContradictionAreRefused()
    {
        QFETCH(const QString, lines);
        QFETCH(const QString, said);
        const auto profile = parseProfile(kHead + lines.toStdString(), "x");
        QVERIFY(!profile.ok());
        QCOMPARE(profile.error().code, StationCode::ConfigurationInvalid);
        QVERIFY2(QString::fromStdString(profile.error().what).contains(said), profile.error().what.c_str());
    }

    void aSeverityMayBeLightWhereNothingAsksForMore()
    {
        for (const auto* id : {"manufacturer-not-allowed", "ek-certificate-no-maker", "tpm-firmware-old",
                               "tpm-foreign-object", "ek-certificate-key-usage"}) {
            QVERIFY2(parseProfile(kHead + "[findings]\n" + id + " = \"info\"\n", "x").ok(), id);
        }
        for (const auto* id : {"ek-certificate-usage", "ek-certificate-authority", "ek-certificate-manufacturer"}) {
            const auto head = kHead + "[certificate]\nrequire = \"present\"\n[findings]\n";
            QVERIFY2(parseProfile(head + id + " = \"info\"\n", "x").ok(), id);
        }
    }

    void timeoutsAndTransportsAreTaken()
    {
        const auto profile = parseProfile(
            kHead + "[transport]\nallow=[\"dev\"]\ntimeout_s = { default = 3, create_primary = 40, run = 50 }\n", "x");
        QVERIFY(profile.ok());
        QCOMPARE(profile->commandTimeout, std::chrono::seconds{3});
        QCOMPARE(profile->createPrimaryTimeout, std::chrono::seconds{40});
        QCOMPARE(profile->runTimeout, std::chrono::seconds{50});
        QCOMPARE(profile->allowedTransports, std::vector<std::string>{"dev"});
    }
};

QTEST_GUILESS_MAIN(tst_profile_file)
#include "tst_profile_file.moc"
