#include "app/wiring/station_check.h"
#include "core/base/station_code.h"
#include "tests/support/must.h"
#include "tests/support/plant_keys.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <functional>

using namespace enroll;
using namespace enroll::app;
using test::must;
using test::PlantKeys;
using transport::AgentFiles;
using transport::TlsRole;

class TestStationCheck : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFileThatIsMissingIsToldFromOneWithoutASlot()
    {
        config::StationConfig station;
        station.file = "/etc/enroll-station/station.toml";
        const auto missing = wiring::requireSlots(station);
        QCOMPARE(missing.error().code, StationCode::ConfigurationInvalid);
        QVERIFY2(missing.error().what.find("there is no /etc/") != std::string::npos, missing.error().what.c_str());
        station.filesRead.push_back({station.file, {}});
        const auto empty = wiring::requireSlots(station);
        QVERIFY2(empty.error().what.find("no [[slot]]") != std::string::npos, empty.error().what.c_str());
        station.slots.push_back({1, "tcp://127.0.0.1:1"});
        QVERIFY(wiring::requireSlots(station).ok());
    }

    void onlyAProfileThatAsksForTrustNeedsAnAnchor()
    {
        using enum attestation::CertificateRequirement;
        const auto of = [](const char* name) {
            return must(crypto::certificatesFromFile(test::testData(name))).front();
        };
        crypto::TrustStore trust;
        enrollment::ProductProfile profile;
        profile.policy.certificate = Trusted;
        QCOMPARE(wiring::requireAnchors(trust, profile).error().code, StationCode::NothingFound);
        QVERIFY(must(trust.add(of("certificates/swtpm-intermediate.pem")))); // no path can end at it
        QVERIFY(!wiring::requireAnchors(trust, profile).ok());
        profile.policy.certificate = Present;
        QVERIFY(wiring::requireAnchors(trust, profile).ok());
        profile.policy.certificate = None;
        QVERIFY(wiring::requireAnchors(trust, profile).ok());
        profile.policy.certificate = Trusted;
        profile.policy.severities["ek-certificate-unknown-issuer"] = attestation::Severity::Warning;
        QVERIFY(wiring::requireAnchors(trust, profile).ok()); // each device passes
        profile.policy.severities.clear();
        QVERIFY(!wiring::requireAnchors(trust, profile).ok());
        QVERIFY(must(trust.add(of("certificates/swtpm-root.pem"))));
        QVERIFY(wiring::requireAnchors(trust, profile).ok());
    }

    /// A code on the station's own card that fits a pattern would have two kinds.
    void aPatternTakesNoCodeOfTheStationsOwnCard_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("refused");
        const auto row = [](const char* pattern, const char* refused) {
            QTest::newRow(pattern) << QString::fromLatin1(pattern) << QString::fromLatin1(refused);
        };
        row("serial = '[a-z0-9]+'", "scanner.patterns.serial fits \"enroll");
        row("batch = 'ENROLL.*'", "scanner.patterns.batch fits \"enroll"); // with Caps Lock on
        row("slot = 'enroll.*'", "scanner.patterns.slot fits \"enroll");
        row("operator = '[A-Z]+ [0-9]'", "scanner.patterns.operator fits \"SLOT 3\"");
        row("command = 'slot.*'", "scanner.patterns.command fits \"SLOT 3\"");
        row("command = 'enroll.*'", "");
        row("slot = 'SLOT [0-9]+'", "");
        row("serial = '[A-Z]{2}-[0-9]+'", "");
    }
    void aPatternTakesNoCodeOfTheStationsOwnCard()
    {
        QFETCH(const QString, pattern);
        QFETCH(const QString, refused);
        const auto text = "schema = 1\n[scanner.patterns]\n" + pattern.toStdString() +
                          "\n[[slot]]\nnumber = 3\ndevice = 'tcp://127.0.0.1:1'\n";
        const auto usable = wiring::requireUsableScanner(must(config::parseStationConfig(text, "s.toml")), {});
        QCOMPARE(usable.ok(), refused.isEmpty());
        if (!refused.isEmpty()) {
            QCOMPARE(usable.error().code, StationCode::ConfigurationInvalid);
            QVERIFY2(usable.error().what.starts_with("s.toml:3: " + refused.toStdString()),
                     usable.error().what.c_str());
        }
    }

    /// By the rule "device-serial" a device has to say its serial number, and a node of this machine says nothing.
    void aSlotWithoutAnAgentDoesNotPairByWhatDevicesSay()
    {
        enrollment::ProductProfile profile;
        profile.allowedTransports = {"tcp", "tls", "serial", "usb", "ssh", "dev"};
        const auto usable = [&](const std::string& rule, const std::string& device) {
            const auto station = must(config::parseStationConfig(
                "schema = 1\n[station]\npairing = '" + rule + "'\n[[slot]]\nnumber = 3\ndevice = '" + device + "'\n",
                "s.toml"));
            return wiring::requireUsableSlot(station, station.slots.front(), profile);
        };
        QVERIFY(usable("device-serial", "tcp://127.0.0.1:2322").ok());
        QVERIFY(usable("insert", "dev:///dev/tpmrm0").ok());
        QVERIFY(usable("device-serial", "serial:///dev/ttyACM0").ok());
        QVERIFY(usable("device-serial", "usb://1-1.4").ok());
        const auto refused = usable("device-serial", "dev:///dev/tpmrm0");
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, StationCode::ConfigurationInvalid);
        const auto& what = refused.error().what;
        QVERIFY2(what.starts_with("s.toml:6: slot 3: ") && what.find("(s.toml:3)") != std::string::npos &&
                     what.find("another rule") != std::string::npos,
                 what.c_str());
    }

    void aDeviceThatNoSlotNamesHasToSayItsSerialToo()
    {
        const auto saying = [](const std::string& rule, const std::string& device) {
            const auto station =
                must(config::parseStationConfig("schema = 1\n[station]\npairing = '" + rule + "'\n", "s.toml"));
            return wiring::requireSayingDevice(station, must(transport::parseDeviceAddress(device)), device);
        };
        QVERIFY(saying("device-serial", "tls://gw-7.plant:2322").ok());
        QVERIFY(saying("device-serial", "serial:///dev/ttyACM0?baud=115200").ok());
        QVERIFY(saying("device-serial", "ssh://tss@gw-7.plant").ok());
        QVERIFY(saying("insert", "dev:///dev/tpmrm0").ok());
        const auto refused = saying("device-serial", "dev:///dev/tpmrm0");
        QVERIFY(!refused.ok() && refused.error().code == StationCode::ConfigurationInvalid);
        QVERIFY2(refused.error().what.find("/dev/tpmrm0") != std::string::npos, refused.error().what.c_str());
    }

    void aStationIsFineWithoutAgentsAndWithFilesThatFit()
    {
        const PlantKeys plant;
        config::StationConfig station;
        QVERIFY(wiring::requireUsableAgentFiles(station, utcNow()).ok());
        station.agent = plant.files(TlsRole::Station);
        station.origins["agent.ca_file"] = "s.toml:3";
        const auto usable = wiring::requireUsableAgentFiles(station, utcNow());
        QVERIFY2(usable.ok(), usable.ok() ? "" : usable.error().what.c_str());
    }

    void whatIsWrongWithTheFilesOfAgentsIsNamed_data()
    {
        QTest::addColumn<std::function<void(AgentFiles&, const PlantKeys&)>>("spoil");
        QTest::addColumn<std::string>("code");
        QTest::addColumn<std::string>("said");
        const auto row = [](const char* name, const std::function<void(AgentFiles&, const PlantKeys&)>& spoil,
                            const char* code, const char* said) {
            QTest::newRow(name) << spoil << std::string{code} << std::string{said};
        };
        const auto issued = [](const PlantKeys::Wish& wish, TlsRole role = TlsRole::Station) {
            return [wish, role](AgentFiles& files, const PlantKeys& plant) { files = plant.files(role, wish); };
        };
        row(
            "no authority", [](auto& files, const auto&) { files.caFile += "-absent"; }, "S-333", "ca.pem-absent");
        row(
            "no certificate", [](auto& files, const auto&) { files.certificateFile += "-absent"; }, "S-333",
            "1.pem-absent");
        row(
            "no key", [](auto& files, const auto&) { files.keyFile += "-absent"; }, "S-333", "1-key.pem-absent");
        row(
            "a key for everybody",
            [](auto& files, const auto&) { std::filesystem::permissions(files.keyFile, std::filesystem::perms{0644}); },
            "S-333", "chmod 600");
        row(
            "another key", [](auto& files, const auto& plant) { files.keyFile = plant.filesOfAuthority().keyFile; },
            "S-337", "is not that of the certificate");
        row(
            "another authority",
            [](auto& files, const auto& plant) {
                const PlantKeys other{"Plant 2"};
                files.caFile = plant.written("other.pem", asBytes(other.certificate()));
            },
            "S-337", "does not come from the authority in ca_file");
        row(
            "no authority's certificate", [](auto& files, const auto&) { files.caFile = files.certificateFile; },
            "S-337", "no authority's");
        row("expired", issued({.days = 1, .now = utcNow() - std::chrono::days{3}}), "S-337", "expired at");
        row("not valid yet", issued({.now = utcNow() + std::chrono::days{3}}), "S-337", "is valid from");
        row("an agent's", issued({}, TlsRole::Agent), "S-337", "is not that of a station");
        row(
            "the authority's own", [](auto& files, const auto& plant) { files = plant.filesOfAuthority(); }, "S-337",
            "certificate");
    }
    void whatIsWrongWithTheFilesOfAgentsIsNamed()
    {
        using Spoil = std::function<void(AgentFiles&, const PlantKeys&)>;
        QFETCH(const Spoil, spoil);
        QFETCH(const std::string, code);
        QFETCH(const std::string, said);
        const PlantKeys plant;
        config::StationConfig station;
        station.agent = plant.files(TlsRole::Station);
        station.origins["agent.ca_file"] = "s.toml:3";
        spoil(station.agent, plant);
        const auto usable = wiring::requireUsableAgentFiles(station, utcNow());
        QVERIFY(!usable.ok());
        QCOMPARE(std::string{describe(usable.error().code).text}, code);
        QVERIFY2(usable.error().what.starts_with("s.toml:3: [agent]: "), usable.error().what.c_str());
        QVERIFY2(usable.error().what.find(said) != std::string::npos, usable.error().what.c_str());
    }

    void whatIsWrongWithTheFilesOfLoginsIsNamed()
    {
        const PlantKeys plant;
        config::StationConfig station;
        station.agent.keyFile = plant.files(TlsRole::Station).keyFile;
        station.agent.knownHostsFile = plant.written("hosts", asBytes("gw-7 ssh-ed25519 AAAA\n"));
        station.origins["agent.known_hosts_file"] = "s.toml:4";
        const auto good = station.agent;
        const auto fault = [&station] {
            const auto usable = wiring::requireUsableAgentFiles(station, utcNow());
            return usable.ok() ? std::string{}
                               : std::string{describe(usable.error().code).text} + " " + usable.error().what;
        };
        QCOMPARE(fault(), std::string{});
        station.agent.knownHostsFile += "-absent";
        QVERIFY2(fault().starts_with("S-333 s.toml:4: [agent]: "), fault().c_str());
        station.agent = good;
        std::filesystem::permissions(station.agent.keyFile, std::filesystem::perms{0644});
        QVERIFY2(fault().find("chmod 600") != std::string::npos, fault().c_str());
        std::filesystem::permissions(station.agent.keyFile, std::filesystem::perms{0600});
        station.agent.knownHostsFile = plant.written("$hosts", {});
        QVERIFY2(fault().starts_with("S-330 s.toml:4: [agent]: "), fault().c_str());
        station.agent = good;
        const auto path = qgetenv("PATH");
        qputenv("PATH", "/nonexistent:");
        const auto withoutClient = fault();
        qputenv("PATH", path);
        QVERIFY2(withoutClient.starts_with("S-321 s.toml:4: [agent]: ") &&
                     withoutClient.find("openssh-client") != std::string::npos,
                 withoutClient.c_str());
    }

    /// Either pattern tells two codes from one where no key ends a code.
    void aScannerWithoutAnEndNeedsAPatternOfSerials()
    {
        const auto usable = [](const char* patterns, const char* ofProfile) {
            enrollment::ProductProfile profile;
            profile.serialPattern = must(enrollment::SerialPattern::compile(ofProfile));
            const auto text = std::string{"schema = 1\n[scanner]\nsuffix = 'none'\n"} + patterns;
            return wiring::requireUsableScanner(must(config::parseStationConfig(text, "s.toml")), profile).ok();
        };
        QVERIFY(!usable("", ""));
        QVERIFY(!usable("patterns = { batch = 'WO-[0-9]+' }\n", ""));
        QVERIFY(usable("", "GX-[0-9]+"));
        QVERIFY(usable("patterns = { serial = 'GX-[0-9]+' }\n", ""));
    }
};

QTEST_APPLESS_MAIN(TestStationCheck)
#include "tst_station_check.moc"
