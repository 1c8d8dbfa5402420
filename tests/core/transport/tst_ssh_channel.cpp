#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/system/whole_file.h"
#include "core/transport/open_channel.h"
#include "tests/core/transport/far_end.h"
#include "tests/core/transport/given_back.h"
#include "tests/core/transport/waiting.h"
#include "tests/support/in_child.h"
#include "tests/support/ssh_server.h"

#include <QTest>

#include <atomic>
#include <csignal>
#include <fstream>

namespace enroll::test {

using namespace transport;

namespace {

/// True if \p process has ended, also while nobody has reaped it.
bool isGone(pid_t process)
{
    std::ifstream status{"/proc/" + std::to_string(process) + "/stat"};
    std::string text;
    std::getline(status, text);
    const auto name = text.rfind(')'); // "PID (name) Z ..."
    return name == std::string::npos || text.compare(name, 3, ") Z") == 0;
}

/// The greeting of a host, and its offer of this one way to exchange keys. Source: RFC 4253, 6 and 7.1
std::string offering(std::string_view way)
{
    constexpr std::size_t kLists = 10;
    constexpr std::size_t kBlock = 8;
    const std::array<std::byte, 16> cookie{};
    ByteWriter offer;
    offer.u8(20).bytes(cookie).u32(static_cast<std::uint32_t>(way.size())).bytes(asBytes(way));
    for (std::size_t i = 1; i < kLists; ++i) {
        offer.u32(0);
    }
    offer.u8(0).u32(0);
    const auto payload = asText(offer.view());
    const std::size_t padding = 2 * kBlock - (4 + 1 + payload.size()) % kBlock;
    ByteWriter packet;
    packet.u32(static_cast<std::uint32_t>(1 + payload.size() + padding)).u8(static_cast<std::uint8_t>(padding));
    return "SSH-2.0-x\r\n" + std::string{asText(packet.view())} + std::string{payload} + std::string(padding, 'x');
}

} // namespace

/// A login by OpenSSH's client at a real sshd of loopback, and at what is none.
class TestSshChannel : public QObject {
    Q_OBJECT

    SshServer m_server;

    [[nodiscard]] std::filesystem::path file(const char* name) const { return m_server.directory() / name; }
    static Result<std::unique_ptr<TpmChannel>> open(const std::string& address, const AgentFiles& files,
                                                    std::chrono::milliseconds patience = kLong,
                                                    const std::stop_token& stop = {})
    {
        return openChannel(must(parseDeviceAddress(address)), Deadline::in(patience), stop, files);
    }
    [[nodiscard]] Result<std::unique_ptr<TpmChannel>> open(const std::string& command) const
    {
        return open(m_server.address(command), m_server.files());
    }
    /// Why a login at \p port, where no sshd is, does not come about.
    [[nodiscard]] Error whyNot(std::uint16_t port, std::chrono::milliseconds patience = kLong) const
    {
        const auto opened = open("ssh://127.0.0.1:" + std::to_string(port), m_server.files(), patience);
        return opened.ok() ? makeError(StationCode::InternalFault, "it opened") : opened.error();
    }
    /// The process id that a relay wrote on its start.
    [[nodiscard]] pid_t relayOf(const char* name) const
    {
        const auto text = system::readWholeText(file(name), 20);
        return text.ok() ? QByteArray::fromStdString(*text).trimmed().toInt() : 0;
    }
    [[nodiscard]] std::string writingItsId(const char* name, const char* relay) const
    {
        return "echo $$ > " + file(name).string() + "; exec " + relay;
    }

private Q_SLOTS:
    void carriesBytesBothWays()
    {
        auto channel = must(open("exec cat"));
        for (const std::size_t size : {1U, 10U, 4095U}) {
            const auto command = marked(std::string(size, 'x'));
            const auto answer = answerOf(*channel, command);
            QVERIFY2(answer.ok(), answer.ok() ? "" : answer.error().what.c_str());
            QVERIFY(*answer == command);
        }
        QCOMPARE(sshClientsAt(m_server.port()).size(), std::size_t{1});
        channel.reset();
        QVERIFY(sshClientsAt(m_server.port()).empty());
        QVERIFY(m_server.isQuiet());
    }

    /// The relay sees the end of its input; nothing of it stays on the device.
    void nothingOfItStaysOnTheDevice()
    {
        auto channel = must(open(writingItsId("relay", "cat")));
        QVERIFY(answerOf(*channel, marked("x")).ok());
        const auto relay = relayOf("relay");
        QVERIFY(relay > 0 && !isGone(relay));
        channel.reset();
        QTRY_VERIFY_WITH_TIMEOUT(isGone(relay), 30'000);
    }

    void aStationThatIsKilledLeavesNothing()
    {
        const auto command = writingItsId("orphan", "cat");
        const auto ended = resultInChild([&] {
            const auto channel = open(command);
            if (channel.ok() && answerOf(**channel, marked("x")).ok()) {
                ::kill(::getpid(), SIGKILL);
            }
            return 1;
        });
        QCOMPARE(ended, 128 + SIGKILL);
        const auto relay = relayOf("orphan");
        QVERIFY(relay > 0);
        QTRY_VERIFY_WITH_TIMEOUT(sshClientsAt(m_server.port()).empty(), 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(isGone(relay), 30'000);
    }

    void aHostMustShowAKeyThatIsKnown_data()
    {
        QTest::addColumn<std::string>("hosts");
        QTest::addColumn<std::string>("code");
        const auto other = m_server.makeKey("other-host");
        const auto& host = m_server.hostName();
        QTest::newRow("none is known") << std::string{} << std::string{"S-349"};
        QTest::newRow("another host's") << "gw-7 " + m_server.hostKey() + "\n" << std::string{"S-349"};
        QTest::newRow("another key") << host + " " + other + "\n" << std::string{"S-350"};
        QTest::newRow("a revoked one") << "@revoked " + host + " " + m_server.hostKey() + "\n" << std::string{"S-350"};
        QTest::newRow("garbage") << std::string{"garbage\n"} << std::string{"S-349"};
    }
    void aHostMustShowAKeyThatIsKnown()
    {
        QFETCH(const std::string, hosts);
        QFETCH(const std::string, code);
        m_server.write("some-hosts", hosts);
        const auto files = m_server.filesWith("station", "some-hosts");
        const auto channel = open(m_server.address("touch " + file("touched").string()), files);
        QVERIFY(!channel.ok());
        QCOMPARE(std::string{describe(channel.error().code).text}, code);
        QVERIFY(m_server.isQuiet());
        QVERIFY(!std::filesystem::exists(file("touched")));
        const auto text = must(system::readWholeText(files.knownHostsFile, 10'000));
        QCOMPARE(text, hosts); // nothing is learnt by itself
    }

    void aHostKeyMayBeSignedByThePlant()
    {
        const auto authority = m_server.makeKey("authority");
        auto signing =
            must(system::ChildProcess::start({.arguments = {"ssh-keygen", "-q", "-s", file("authority").string(), "-I",
                                                            "gw-7", "-h", "-n", "127.0.0.1", file("host.pub").string()},
                                              .logFile = file("signing-log")}));
        QCOMPARE(must(signing.wait(Deadline::in(kLong))), 0);
        SshServer signedServer{"HostKey " + file("host").string() + "\nHostCertificate " +
                               file("host-cert.pub").string() + "\n"};
        signedServer.write("hosts", "@cert-authority * " + authority + "\n");
        const auto channel = open(signedServer.address("exec cat"), signedServer.files());
        QVERIFY2(channel.ok(), channel.ok() ? "" : channel.error().what.c_str());
    }

    /// As a line of authorized_keys does with command="…".
    void theDeviceMayInsistOnItsRelay()
    {
        SshServer insisting{"ForceCommand exec cat\n"};
        const auto channel = must(open(insisting.address("exec no-such-relay"), insisting.files()));
        QVERIFY(answerOf(*channel, marked("command")).ok());
    }

    void aKeyThatTheHostDoesNotKnowIsRefused()
    {
        m_server.makeKey("stranger");
        const auto channel = open(m_server.address("exec cat"), m_server.filesWith("stranger", "hosts"));
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::LoginRefused);
        const auto nobody = "ssh://nobody-here@127.0.0.1:" + std::to_string(m_server.port());
        QCOMPARE(open(nobody, m_server.files()).error().code, StationCode::LoginRefused);
    }

    /// Its words come before the client's, however many they are.
    void aHostThatSaysMuchBeforeItRefusesDecidesNothing_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {1'000, 16'380, 200'000}) {
            QTest::addRow("%d bytes", size) << size;
        }
    }
    void aHostThatSaysMuchBeforeItRefusesDecidesNothing()
    {
        QFETCH(const int, size);
        const std::string lie = "\nssh: connect to host x port 1: Connection refused\n";
        SshServer talking{"Banner " + file("banner").string() + "\n"};
        m_server.write("banner", std::string(static_cast<std::size_t>(size) - lie.size(), 'x') + lie);
        talking.makeKey("stranger");
        const auto channel = open(talking.address("exec cat"), talking.filesWith("stranger", "hosts"));
        QVERIFY(!channel.ok());
        QVERIFY2(channel.error().code == StationCode::LoginRefused, channel.error().what.c_str());
    }

    void aKeyForEverybodyIsNotUsed()
    {
        m_server.makeKey("open");
        std::filesystem::permissions(file("open"), std::filesystem::perms{0644});
        const auto channel = open(m_server.address("exec cat"), m_server.filesWith("open", "hosts"));
        QVERIFY(!channel.ok() && channel.error().code == StationCode::FileUnusable);
        QVERIFY(!open(m_server.address("exec cat"), {}).ok());
    }

    void aPathIsTakenAsItStands()
    {
        const auto odd = m_server.directory() / "a b'%h";
        std::filesystem::create_directory(odd);
        std::filesystem::copy(file("station"), odd / "k%u");
        std::filesystem::copy(file("hosts"), odd / "known hosts");
        const auto channel = open(m_server.address("exec cat"), m_server.filesWith(odd / "k%u", odd / "known hosts"));
        QVERIFY2(channel.ok(), channel.ok() ? "" : channel.error().what.c_str());
    }

    void aRelayThatIsMissingIsToldFromATpmThatIs_data()
    {
        QTest::addColumn<std::string>("command");
        QTest::addColumn<std::string>("code");
        QTest::addColumn<std::string>("named");
        const auto row = [](const char* name, const char* command, const char* code, const char* named) {
            QTest::newRow(name) << std::string{command} << std::string{code} << std::string{named};
        };
        row("missing", "exec no-such-relay", "S-352", "no-such-relay");
        row("no program", "exec /etc/passwd", "S-352", "/etc/passwd");
        row("no TPM", "echo no /dev/tpmrm0 >&2; exit 1", "D-101", "status 1: no /dev/tpmrm0");
        row("ends at once", "exit 0", "D-101", "status 0");
        row("killed", "kill -9 $$", "D-101", "");
        row("text on its output", "echo Welcome to gw-7 of line 3; exec cat", "S-354", "Welcome to gw-7 of line 3");
        row("an account without a shell", "echo This account is currently not available.; exit 1", "S-354", "account");
        row("nonsense", "printf '\\001\\002'; exec cat", "none", "");
    }
    void aRelayThatIsMissingIsToldFromATpmThatIs()
    {
        QFETCH(const std::string, command);
        QFETCH(const std::string, code);
        QFETCH(const std::string, named);
        const auto channel = must(open(command));
        const auto answer = answerOf(*channel, marked("command"));
        QCOMPARE(answer.ok() ? std::string{"none"} : std::string{describe(answer.error().code).text}, code);
        if (!answer.ok()) {
            QVERIFY2(answer.error().what.find(named) != std::string::npos, answer.error().what.c_str());
        }
    }

    /// It says ten times what an SSH connection has room for before its relay starts.
    void aDeviceThatTalksMuchHoldsNothingUp()
    {
        const auto channel = must(open("yes | head -c 20000000 >&2; exec cat"));
        const auto answer = answerOf(*channel, marked("command"));
        QVERIFY2(answer.ok(), answer.ok() ? "" : answer.error().what.c_str());
    }

    void itsWordsHideNoDeadlineAndNoStop()
    {
        const auto channel = must(open("yes >&2 & exec cat > /dev/null"));
        QVERIFY(channel->send(marked("command"), Deadline::in(kLong)).ok());
        std::array<std::byte, 8> buffer{};
        QCOMPARE(channel->receive(buffer, Deadline::in(kShort)).error().code, DeviceCode::TpmTimedOut);
        channel->interrupt();
        QCOMPARE(channel->receive(buffer, Deadline::in(kLong)).error().code, DeviceCode::Cancelled);
    }

    void aLineThatIsCutIsSeen()
    {
        const auto channel = must(open("exec cat"));
        QVERIFY(answerOf(*channel, marked("x")).ok());
        m_server.cut();
        const auto answer = answerOf(*channel, marked("x"));
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().code, DeviceCode::NoTpmAnswers);
    }

    void whatIsNoSshServerIsTold_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::newRow("a mail server") << std::string{"220 plant.example ESMTP\r\n"} + std::string(70'000, 'x');
        QTest::newRow("SSH 1") << std::string{"SSH-1.5-old\r\n"};
        QTest::newRow("garbage behind the greeting") << "SSH-2.0-x\r\n" + std::string(64, '\xFF');
        QTest::newRow("an offer that lies") << offering("x\nssh: connect to host x port 1: Connection refused");
    }
    void whatIsNoSshServerIsTold()
    {
        QFETCH(const std::string, text);
        FarEnd other{saying(text)};
        const auto error = whyNot(other.port());
        QVERIFY2(error.code == StationCode::LoginImpossible, error.what.c_str());
    }

    void whatHangsUpIsNoFaultOfTheDevice()
    {
        FarEnd other{[](const system::Descriptor&) { return Ended{}; }};
        QCOMPARE(whyNot(other.port()).code, StationCode::LoginImpossible);
    }

    void nobodyListens()
    {
        const HeldPort closed;
        QCOMPARE(whyNot(closed.number()).code, DeviceCode::NoTpmAnswers);
    }

    void aNameThatDoesNotExistIsTheStationsFault()
    {
        const auto channel = open("ssh://station.invalid", m_server.files()); // RFC 6761 reserves "invalid"
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::StationCannotReachPort);
    }

    void aStationWithoutTheClientSaysSo()
    {
        const auto path = qgetenv("PATH");
        qputenv("PATH", "/nonexistent");
        const auto channel = open("exec cat");
        qputenv("PATH", path);
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::StationCannotReachPort);
        QVERIFY(channel.error().what.find("openssh-client") != std::string::npos);
    }

    /// Of the client's own patience, which is a second shorter.
    void aHostThatIsSilentIsTold()
    {
        FarEnd silent{saying({})};
        const auto error = whyNot(silent.port(), std::chrono::seconds{3});
        QVERIFY2(error.code == DeviceCode::TpmTimedOut, error.what.c_str());
        QVERIFY(sshClientsAt(silent.port()).empty());
    }

    /// Nobody knows then where it stays.
    void aLoginThatStaysAwayIsNoFaultOfTheDevice()
    {
        FarEnd stuck{saying("SSH-2.0-x\r\n")};
        const auto error = whyNot(stuck.port(), std::chrono::seconds{2});
        QVERIFY2(error.code == StationCode::LoginImpossible, error.what.c_str());
        QVERIFY2(error.what.find("in time") != std::string::npos, error.what.c_str());
        QVERIFY(sshClientsAt(stuck.port()).empty());
    }

    void endsWhenAStopIsAskedInTheLogin()
    {
        std::atomic<bool> isCalled{false};
        FarEnd silent{[&isCalled](system::Descriptor socket) {
            isCalled = true;
            return saying({})(std::move(socket));
        }};
        std::stop_source stop;
        const auto address = "ssh://127.0.0.1:" + std::to_string(silent.port());
        auto waiting = Waiting{[&] { return codeOf(open(address, m_server.files(), kLong, stop.get_token())); }};
        QTRY_VERIFY_WITH_TIMEOUT(isCalled, 20'000);
        QVERIFY(!sshClientsAt(silent.port()).empty());
        stop.request_stop();
        QVERIFY(waiting.code() == DeviceCode::Cancelled);
        QVERIFY(sshClientsAt(silent.port()).empty());
    }

    void aRelayThatIsSilentEndsAtTheDeadlineAndWhatItSaidIsTold()
    {
        const auto channel = must(open("echo waits for the TPM >&2; exec cat > /dev/null"));
        QVERIFY(channel->send(marked("command"), Deadline::in(kLong)).ok());
        std::array<std::byte, 8> buffer{};
        const auto deadline = Deadline::in(kLong);
        Result<std::size_t> received{std::size_t{0}};
        do { // the words may come late
            received = channel->receive(buffer, Deadline::in(kShort));
            QVERIFY(!received.ok() && received.error().code == DeviceCode::TpmTimedOut);
        } while (received.error().what.find("waits for the TPM") == std::string::npos && !deadline.passed());
        QVERIFY2(!deadline.passed(), received.error().what.c_str());
    }

    void staysInterruptedUntilResumed()
    {
        const auto channel = must(open("exec cat"));
        const auto command = marked("late");
        QVERIFY(channel->send(command, Deadline::in(kLong)).ok());
        std::array<std::byte, 8> buffer{};
        channel->interrupt();
        QCOMPARE(channel->receive(buffer, Deadline::in(kLong)).error().code, DeviceCode::Cancelled);
        QCOMPARE(channel->receive(buffer, Deadline::in(kLong)).error().code, DeviceCode::Cancelled);
        channel->resume();
        QCOMPARE(must(channel->receive(buffer, Deadline::in(kLong))), command.size());
    }

    void nothingStaysOpen()
    {
        const auto descriptors = [] {
            return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"},
                                 std::filesystem::directory_iterator{});
        };
        const HeldPort closed;
        static_cast<void>(whyNot(closed.number()));
        const auto before = descriptors();
        for (int i = 0; i < 20; ++i) {
            static_cast<void>(whyNot(closed.number()));
        }
        QCOMPARE(descriptors(), before);
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSshChannel)
#include "tst_ssh_channel.moc"
