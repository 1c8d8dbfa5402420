#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/system/whole_file.h"
#include "core/transport/open_channel.h"
#include "tests/core/transport/far_end.h"
#include "tests/core/transport/given_back.h"
#include "tests/support/ssh_server.h"

#include <QTest>

#include <algorithm>
#include <csignal>

namespace enroll::test {

using namespace transport;

/// A login at a device by way of another host: two real sshd of loopback, which let the same station in.
class TestSshJump : public QObject {
    Q_OBJECT

    SshServer m_device;
    SshServer m_gateway;
    HeldPort m_closed; ///< nobody listens there

    /// Lets the device's station in at \p gateway.
    void admitAt(const SshServer& gateway) const
    {
        gateway.write("authorized", must(system::readWholeText(m_device.directory() / "station.pub", 1000)));
    }
    [[nodiscard]] std::string known(const SshServer& host) const
    {
        return host.hostName() + " " + host.hostKey() + "\n";
    }
    /// The station's files, with these known hosts in a file whose name takes quoting.
    [[nodiscard]] AgentFiles knowing(const std::string& hosts) const
    {
        constexpr auto kName = "known 'hosts' of 100%h; exit";
        m_device.write(kName, hosts);
        return m_device.filesWith("station", kName);
    }
    [[nodiscard]] static SshAddress address(std::uint16_t device, std::uint16_t gateway)
    {
        return {{"127.0.0.1", device}, {}, "exec cat", SshLogin{{"127.0.0.1", gateway}}};
    }
    static Result<std::unique_ptr<TpmChannel>> open(const SshAddress& address, const AgentFiles& files)
    {
        return openChannel(DeviceAddress{address}, Deadline::in(kLong), {}, files);
    }

private Q_SLOTS:
    void initTestCase() { admitAt(m_gateway); }

    void carriesBytesBothWaysAndLeavesNothing()
    {
        auto channel =
            must(open(address(m_device.port(), m_gateway.port()), knowing(known(m_device) + known(m_gateway))));
        const auto command = marked(std::string(4095, 'x'));
        const auto answer = answerOf(*channel, command);
        QVERIFY2(answer.ok(), answer.ok() ? "" : answer.error().what.c_str());
        QVERIFY(*answer == command);
        QCOMPARE(sshClientsAt(m_gateway.port()).size(), std::size_t{1});
        channel.reset();
        QVERIFY(sshClientsAt(m_device.port()).empty());
        QTRY_VERIFY(sshClientsAt(m_gateway.port()).empty()); // nobody reaps it but the system
        QVERIFY(m_device.isQuiet() && m_gateway.isQuiet());
    }

    void eachFaultIsToldAndWhoseItIs_data()
    {
        QTest::addColumn<std::string>("hosts");
        QTest::addColumn<int>("device");
        QTest::addColumn<int>("gateway");
        QTest::addColumn<std::string>("code");
        QTest::addColumn<bool>("ofTheJumpHost");
        const int closed = m_closed.number();
        const int device = m_device.port();
        const int gateway = m_gateway.port();
        const auto both = known(m_device) + known(m_gateway);
        const auto shown = [](const SshServer& host) { return host.hostName() + " "; };
        QTest::newRow("a jump host that is not known")
            << known(m_device) << device << gateway << std::string{"S-349"} << true;
        QTest::newRow("a jump host with another key") << known(m_device) + shown(m_gateway) + m_device.hostKey() + "\n"
                                                      << device << gateway << std::string{"S-350"} << true;
        QTest::newRow("no jump host") << both << device << closed << std::string{"S-321"} << true;
        QTest::newRow("a device that is not known")
            << known(m_gateway) << device << gateway << std::string{"S-349"} << false;
        QTest::newRow("a device with another key") << known(m_gateway) + shown(m_device) + m_gateway.hostKey() + "\n"
                                                   << device << gateway << std::string{"S-350"} << false;
        QTest::newRow("no device") << both << closed << gateway << std::string{"D-101"} << true;
    }
    void eachFaultIsToldAndWhoseItIs()
    {
        QFETCH(const std::string, hosts);
        QFETCH(const int, device);
        QFETCH(const int, gateway);
        QFETCH(const std::string, code);
        QFETCH(const bool, ofTheJumpHost);
        const auto channel =
            open(address(static_cast<std::uint16_t>(device), static_cast<std::uint16_t>(gateway)), knowing(hosts));
        QVERIFY(!channel.ok());
        const auto& error = channel.error();
        QVERIFY2(describe(error.code).text == code, error.what.c_str());
        QVERIFY2((error.what.find("jump host") != std::string::npos) == ofTheJumpHost, error.what.c_str());
    }

    void aJumpHostThatRefusesTheKey()
    {
        const SshServer gateway;
        const auto channel = open(address(m_device.port(), gateway.port()), knowing(known(m_device) + known(gateway)));
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::LoginRefused);
        QVERIFY(channel.error().what.starts_with("jump host: "));
    }

    void aDeviceThatRefusesTheKey()
    {
        const SshServer device;
        const auto channel = open(address(device.port(), m_gateway.port()), knowing(known(device) + known(m_gateway)));
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::LoginRefused);
        QVERIFY(channel.error().what.find("jump host") == std::string::npos);
    }

    void aJumpHostThatJoinsNobody()
    {
        const SshServer gateway{"AllowTcpForwarding no\n"};
        admitAt(gateway);
        const auto channel = open(address(m_device.port(), gateway.port()), knowing(known(m_device) + known(gateway)));
        QVERIFY(!channel.ok());
        QVERIFY2(channel.error().code == StationCode::LoginImpossible, channel.error().what.c_str());
        QVERIFY(channel.error().what.find("administratively prohibited") != std::string::npos);
    }

    void aJumpHostThatGoesInTheTest()
    {
        auto channel =
            must(open(address(m_device.port(), m_gateway.port()), knowing(known(m_device) + known(m_gateway))));
        m_gateway.cut();
        const auto answer = answerOf(*channel, marked("xyz"));
        QVERIFY(!answer.ok());
        QVERIFY2(answer.error().code == StationCode::LoginImpossible, answer.error().what.c_str());
    }

    /// What its way brings no more ends before the time of an answer; the client that goes to the jump host stands still here.
    void aJumpHostThatStandsStillIsNoFaultOfTheDevice()
    {
        auto channel =
            must(open(address(m_device.port(), m_gateway.port()), knowing(known(m_device) + known(m_gateway))));
        QVERIFY(answerOf(*channel, marked("xyz")).ok());
        const auto clients = sshClientsAt(m_gateway.port());
        QCOMPARE(clients.size(), std::size_t{1});
        QCOMPARE(::kill(clients.front(), SIGSTOP), 0);
        const auto answer = answerOf(*channel, marked("xyz"));
        QVERIFY(!answer.ok());
        QVERIFY2(answer.error().code == StationCode::LoginImpossible, answer.error().what.c_str());
        QVERIFY2(answer.error().what.find("by way of the jump host") != std::string::npos, answer.error().what.c_str());
    }

    /// It is told from a silent device, because it has half the time. Nobody's silence behind it is the device's alone.
    void whoIsSilentIsTold_data()
    {
        QTest::addColumn<bool>("theJumpHost");
        QTest::addColumn<std::string>("code");
        QTest::newRow("the jump host") << true << std::string{"S-321"};
        QTest::newRow("the device") << false << std::string{"S-353"};
    }
    void whoIsSilentIsTold()
    {
        QFETCH(const bool, theJumpHost);
        QFETCH(const std::string, code);
        const FarEnd silent{saying({})};
        const auto place =
            theJumpHost ? address(m_device.port(), silent.port()) : address(silent.port(), m_gateway.port());
        const auto channel = openChannel(DeviceAddress{place}, Deadline::in(std::chrono::seconds{7}), {},
                                         knowing(known(m_device) + known(m_gateway)));
        QVERIFY(!channel.ok());
        const auto& error = channel.error();
        QVERIFY2(describe(error.code).text == code, error.what.c_str());
        QVERIFY2(error.what.starts_with("jump host: ") == theJumpHost, error.what.c_str());
    }

    /// As README has it for a person, whose "yes" stands here as an option. A port that is not 22 stands in the line that is learnt.
    void aHostKeyIsLearntByALoginByHand()
    {
        const auto learnt = m_device.filesWith("station", "learnt");
        m_device.write("learnt", known(m_gateway));
        const auto common =
            "-F none -i " + learnt.keyFile.string() + " -o UserKnownHostsFile=" + learnt.knownHostsFile.string();
        const auto login = "ssh " + common +
                           " -o HashKnownHosts=no -o StrictHostKeyChecking=accept-new -o ProxyCommand='ssh " + common +
                           " -o StrictHostKeyChecking=yes -p " + std::to_string(m_gateway.port()) +
                           " -W \"[%h]:%p\" 127.0.0.1' -p " + std::to_string(m_device.port()) + " 127.0.0.1 true";
        auto shell = must(system::ChildProcess::start(
            {.arguments = {"sh", "-c", login}, .logFile = m_device.directory() / "login-by-hand"}));
        QCOMPARE(must(shell.wait(Deadline::in(kLong))), 0);
        const auto line = m_device.hostName() + " " + m_device.hostKey();
        const auto text = must(system::readWholeText(learnt.knownHostsFile, 10'000));
        QVERIFY2(text.find(line.substr(0, line.rfind(' '))) != std::string::npos, text.c_str()); // without its comment
        const auto channel = open(address(m_device.port(), m_gateway.port()), learnt);
        QVERIFY2(channel.ok(), channel.ok() ? "" : channel.error().what.c_str());
    }

    void aNameThatTheJumpHostDoesNotKnowIsNoFaultOfTheDevice()
    {
        auto place = address(m_device.port(), m_gateway.port());
        place.place.host = "device.invalid"; // RFC 6761
        const auto channel = open(place, knowing(known(m_device) + known(m_gateway)));
        QVERIFY(!channel.ok());
        QVERIFY2(channel.error().code == StationCode::LoginImpossible, channel.error().what.c_str());
        QVERIFY2(channel.error().what.find("joins nobody") != std::string::npos, channel.error().what.c_str());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSshJump)
#include "tst_ssh_jump.moc"
