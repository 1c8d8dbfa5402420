#include "core/base/station_code.h"
#include "core/config/station_config.h"

#include <QTest>

using namespace enroll;
using namespace enroll::config;

namespace {

const std::string kFiles = "ca_file = \"ca.pem\"\ncertificate_file = \"/keys/c.pem\"\nkey_file = \"k.pem\"\n";
const std::string kSshFiles = "key_file = \"k.pem\"\nknown_hosts_file = \"hosts\"\n";
const std::string kSshSlot = "[[slot]]\nnumber = 4\ndevice = \"ssh://tss@gw-7.plant\"\n";
const std::string kSlot = "[[slot]]\nnumber = 3\ndevice = \"tls://gw-7.plant:2322\"\n";

Result<StationConfig> parse(const std::string& text)
{
    return parseStationConfig("schema = 1\n" + text, "/etc/s.toml");
}

} // namespace

/// `[agent]`: by which files a station and the agents of its devices know each other.
class TestAgentSection : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aStationWithoutSuchDevicesNeedsNone()
    {
        const auto config = parse({});
        QVERIFY(config.ok());
        QVERIFY(config->agent.empty());
        QCOMPARE(config->origins.at("agent.ca_file"), std::string{"default"});
    }

    void readsEveryKey()
    {
        const auto config = parse("[agent]\n" + kFiles + kSlot);
        QVERIFY2(config.ok(), config.ok() ? "" : config.error().what.c_str());
        QVERIFY((config->agent == transport::AgentFiles{"/etc/ca.pem", "/keys/c.pem", "/etc/k.pem"}));
        QCOMPARE(config->origins.at("agent.key_file"), std::string{"/etc/s.toml:5"});
        const auto used = filesInUse(*config);
        for (const auto* file : {"/etc/ca.pem", "/keys/c.pem", "/etc/k.pem"}) {
            QVERIFY2(std::ranges::count(used, std::filesystem::path{file}) == 1, file);
        }
    }

    void aKeyIsOfUseForALoginWithoutACertificate()
    {
        const auto config = parse("[agent]\n" + kSshFiles + kSshSlot);
        QVERIFY2(config.ok(), config.ok() ? "" : config.error().what.c_str());
        QCOMPARE(config->agent.keyFile, std::filesystem::path{"/etc/k.pem"});
        QCOMPARE(config->agent.knownHostsFile, std::filesystem::path{"/etc/hosts"});
        QVERIFY(config->agent.completeForSsh() && !config->agent.namesTls() && !config->agent.empty());
        QCOMPARE(config->origins.at("agent.known_hosts_file"), std::string{"/etc/s.toml:4"});
        QVERIFY(std::ranges::count(filesInUse(*config), std::filesystem::path{"/etc/hosts"}) == 1);
    }

    void oneKeyMayBeOfUseForBoth()
    {
        const auto config = parse("[agent]\n" + kFiles + "known_hosts_file = \"hosts\"\n" + kSlot + kSshSlot);
        QVERIFY2(config.ok(), config.ok() ? "" : config.error().what.c_str());
        QVERIFY(config->agent.completeForSsh() && config->agent.completeForTls());
    }

    void refusals_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("named");
        const auto row = [](const char* name, const std::string& text, const char* named) {
            QTest::newRow(name) << text << std::string{named};
        };
        row("a device that needs them, and none", kSlot,
            "/etc/s.toml:4: slot 3 is at tls://gw-7.plant:2322, and agent.ca_file is missing");
        row("no authority", "[agent]\ncertificate_file = \"c\"\nkey_file = \"k\"\n",
            "/etc/s.toml:3: agent.certificate_file is set, and agent.ca_file is missing");
        row("no certificate", "[agent]\nca_file = \"ca\"\nkey_file = \"k\"\n",
            "/etc/s.toml:3: agent.ca_file is set, and agent.certificate_file is missing");
        row("no key", "[agent]\nca_file = \"ca\"\ncertificate_file = \"c\"\n" + kSlot, "agent.key_file is missing");
        row("empty", "[agent]\nca_file = \"\"\n", "agent.ca_file");
        row("misspelt", "[agent]\ncafile = \"ca\"\n", "Did you mean \"agent.ca_file\"?");
        row("no text", "[agent]\nkey_file = 1\n", "agent.key_file must be");
        row("a device that is logged in at, and no files", kSshSlot,
            "/etc/s.toml:4: slot 4 is at ssh://tss@gw-7.plant, and agent.key_file is missing");
        row("a device that is logged in at, and no host keys", "[agent]\n" + kFiles + kSshSlot,
            "/etc/s.toml:8: slot 4 is at ssh://tss@gw-7.plant, and agent.known_hosts_file is missing");
        row("host keys, and a device behind TLS", "[agent]\n" + kSshFiles + kSlot,
            "/etc/s.toml:7: slot 3 is at tls://gw-7.plant:2322, and agent.ca_file is missing");
        row("host keys alone", "[agent]\nknown_hosts_file = \"h\"\n",
            "/etc/s.toml:3: agent.known_hosts_file is set, and agent.key_file is missing");
        row("host keys, and a certificate without its authority",
            "[agent]\n" + kSshFiles + "certificate_file = \"c\"\n",
            "/etc/s.toml:5: agent.certificate_file is set, and agent.ca_file is missing");
        row("a key alone", "[agent]\nkey_file = \"k\"\n",
            "/etc/s.toml:3: agent.key_file is set, and agent.ca_file is missing");
        row("no table", "agent = 1\n", "agent");
    }
    void refusals()
    {
        QFETCH(const std::string, text);
        QFETCH(const std::string, named);
        const auto config = parse(text);
        QVERIFY(!config.ok());
        QCOMPARE(config.error().code, StationCode::ConfigurationInvalid);
        QVERIFY2(config.error().what.find(named) != std::string::npos, config.error().what.c_str());
    }
};

QTEST_APPLESS_MAIN(TestAgentSection)
#include "tst_agent_section.moc"
