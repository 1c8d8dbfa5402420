#include "core/base/station_code.h"
#include "core/tpm/presence_probe.h"
#include "tests/app/agent/agent_talk.h"
#include "tests/support/ssh_server.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

#include <atomic>

namespace enroll::test {

using namespace std::chrono_literals;

namespace {

/// For a login on a machine that does much else.
tpm::CommandDeadlines patient()
{
    auto deadlines = testDeadlines();
    deadlines.connect = 20s;
    deadlines.normal = 20s;
    return deadlines;
}

} // namespace

/// A software TPM behind an `enroll-agent --stdio`, or behind tpm2-tools, that a login by SSH starts.
class tst_agent_ssh : public QObject {
    Q_OBJECT

    SwtpmFixture m_tpm;
    SshServer m_server;

    [[nodiscard]] static std::string agentFor(const std::string& tpm, const std::string& arguments = {})
    {
        return "exec " + AgentProcess::program().toStdString() + " --tpm " + tpm + " --stdio" + arguments;
    }
    [[nodiscard]] std::string address(const std::string& arguments = {}) const
    {
        return m_server.address(agentFor(m_tpm.address(), arguments));
    }
    [[nodiscard]] Channel line() const { return connectTo(address(), m_server.files()); }
    [[nodiscard]] std::unique_ptr<attestation::DeviceTpm> device(const std::string& at, std::stop_token stop = {}) const
    {
        return tpmAt(at, std::move(stop), patient(), m_server.files());
    }

private Q_SLOTS:
    void anAttestationOverSshIsTheOneOverTcp_data()
    {
        QTest::addColumn<std::string>("relay");
        QTest::newRow("the product's agent") << agentFor(m_tpm.address());
        QTest::newRow("tpm2-tools") << "exec tpm2_send --tcti=" + m_tpm.tctiConf();
    }
    void anAttestationOverSshIsTheOneOverTcp()
    {
        QFETCH(const std::string, relay);
        const auto overTcp = attestAt(m_tpm.address());
        const auto overSsh = attestAt(m_server.address(relay), m_server.files(), patient());
        QVERIFY(overSsh.identity == overTcp.identity);
        QVERIFY(overSsh.endorsementKey == overTcp.endorsementKey);
        QCOMPARE(overSsh.certificates, overTcp.certificates);
        QCOMPARE(overSsh.storageRootKey, overTcp.storageRootKey);
        QCOMPARE(overSsh.commands, overTcp.commands);
        QVERIFY(overTcp.proven && overSsh.proven);
        QVERIFY(sshClientsAt(m_server.port()).empty());
        QVERIFY(m_server.isQuiet());
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void theAgentSaysWhichDeviceItIs()
    {
        const auto file = m_tpm.directory() / "serial";
        std::ofstream{file} << "GX-000183\n";
        const auto answer =
            tpm::askDevice(must(transport::parseDeviceAddress(address(" --serial-number-file " + file.string()))), 20s,
                           {}, m_server.files());
        QVERIFY(answer && answer->answers);
        QCOMPARE(answer->serialNumber, std::optional<std::string>{"GX-000183"});
    }

    void whatDestroysReachesTheTpmWithItsFlagAlone()
    {
        const auto channel = line();
        QCOMPARE(answerTo(*channel, clearTpm()), kUnknownCommand);
        QCOMPARE(answerTo(*channel, getRandom()), 0U);
    }

    void whatAStationLeftIsFlushed()
    {
        auto channel = line();
        QCOMPARE(answerTo(*channel, startSession()), 0U);
        QCOMPARE(answerTo(*channel, createPrimary()), 0U);
        channel.reset();
        QVERIFY(loadedAt(m_tpm.address()).empty());
        QVERIFY(m_server.isQuiet());
    }

    void aLineThatIsCutInTheMiddleLeavesNothing()
    {
        const auto reader = device(address());
        must(reader->connect());
        m_server.cut();
        const auto read = reader->readEndorsementKey({});
        QVERIFY(!read.ok());
        QCOMPARE(read.error().code, ErrorCode{DeviceCode::NoTpmAnswers}); // somebody is there
        static_cast<void>(reader->release());
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    /// tpm2-tools flush nothing, and each login but the first takes this device longer than a stop would wait.
    void aSlowLoginIsWaitedForToFlushWhatABrokenLineLeft()
    {
        const auto first = (m_tpm.directory() / "first-login").string();
        const auto reader = device(m_server.address("test -e " + first + " && sleep 2; : > " + first +
                                                    "; exec tpm2_send --tcti=" + m_tpm.tctiConf()));
        must(reader->connect());
        must(reader->readEndorsementKey({}));
        must(reader->provideStorageRootKey());
        m_server.cut();
        static_cast<void>(reader->release());
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void aDeviceThatIsTakenOutIsCalledSo()
    {
        SshServer server;
        const auto reader = tpmAt(server.address(agentFor(m_tpm.address())), {}, patient(), server.files());
        must(reader->connect());
        server.stop();
        const auto read = reader->readEndorsementKey({});
        QVERIFY(!read.ok());
        QCOMPARE(read.error().code, ErrorCode{DeviceCode::DeviceRemoved});
        static_cast<void>(reader->release());
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    /// The TPM is at work, and takes longer than the station waits for it then.
    void aStopInTheMiddleLeavesNothing()
    {
        std::atomic<bool> isAtWork{false};
        const TpmRelay slow{m_tpm.address(), {.instead = {}, .reply = [&](std::uint32_t code, Bytes response) {
                                                  const bool isKey = code == tpm::command_code::kCreatePrimary;
                                                  if (isKey) {
                                                      isAtWork = true;
                                                      isAtWork.notify_all();
                                                  }
                                                  return RelayReply{std::move(response), isKey ? 3s : 0s};
                                              }}};
        std::stop_source stop;
        const auto reader = device(m_server.address(agentFor(slow.address())), stop.get_token());
        must(reader->connect());
        std::jthread stopping{[&] {
            isAtWork.wait(false);
            stop.request_stop();
        }};
        const auto made = reader->provideStorageRootKey();
        isAtWork = true; // also where no key was asked for
        isAtWork.notify_all();
        QVERIFY(!made.ok());
        QCOMPARE(made.error().code, ErrorCode{DeviceCode::Cancelled});
        static_cast<void>(reader->release());
        QVERIFY(sshClientsAt(m_server.port()).empty());
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void aTpmThatIsMissingIsTheDevicesFault()
    {
        const auto channel = connectTo(m_server.address(agentFor("dev:///dev/no-such-tpm")), m_server.files());
        must(channel->send(getRandom(), soon()));
        std::array<std::byte, 10> buffer{};
        const auto received = channel->receive(buffer, soon());
        QVERIFY(!received.ok());
        QCOMPARE(received.error().code, ErrorCode{DeviceCode::NoTpmAnswers});
        QVERIFY2(received.error().what.find("/dev/no-such-tpm does not exist") != std::string::npos,
                 received.error().what.c_str());
    }

    void aMissingAgentIsNot()
    {
        const auto channel = connectTo(m_server.address("exec /no-such-agent --stdio"), m_server.files());
        must(channel->send(getRandom(), soon()));
        std::array<std::byte, 10> buffer{};
        const auto received = channel->receive(buffer, soon());
        QVERIFY(!received.ok());
        QCOMPARE(received.error().code, ErrorCode{StationCode::RelayMissing});
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_agent_ssh)
#include "tst_agent_ssh.moc"
