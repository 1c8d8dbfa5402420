#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/system/whole_file.h"
#include "core/transport/open_channel.h"
#include "tests/core/transport/far_end.h"
#include "tests/core/transport/given_back.h"
#include "tests/support/ssh_server.h"

#include <QTest>

#include <algorithm>

namespace enroll::test {

using namespace transport;

/// A login at a device by way of another host: two real sshd of loopback, which let the same station in.
class TestSshJump : public QObject {
    Q_OBJECT

    SshServer m_device;
    SshServer m_gateway;

    /// Lets the device's station in at \p gateway.
    void admitAt(const SshServer& gateway) const
    {
        gateway.writeHosts("authorized", must(system::readWholeText(m_device.directory() / "station.pub", 1000)));
    }
    [[nodiscard]] std::string known(const SshServer& host) const
    {
        return host.hostName() + " " + host.hostKey() + "\n";
    }
    /// The station's files, with these known hosts in a file whose name takes quoting.
    [[nodiscard]] AgentFiles knowing(const std::string& hosts) const
    {
        constexpr auto kName = "known 'hosts' of 100%h; exit";
        m_device.writeHosts(kName, hosts);
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
        const int closed = [] { return Port{}.number(); }();
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
        QCOMPARE(answer.error().code, DeviceCode::NoTpmAnswers);
    }

    void aJumpHostThatIsSilentEndsAtTheDeadline()
    {
        const FarEnd silent{saying({})};
        const auto channel = openChannel(DeviceAddress{address(m_device.port(), silent.port())},
                                         Deadline::in(std::chrono::seconds{2}), {}, knowing(known(m_device)));
        QVERIFY(!channel.ok());
        QVERIFY2(channel.error().code == DeviceCode::TpmTimedOut ||
                     channel.error().code == StationCode::StationCannotReachPort,
                 channel.error().what.c_str());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSshJump)
#include "tst_ssh_jump.moc"
