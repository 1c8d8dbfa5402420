#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/transport/ssh_fault.h"

#include <QTest>

namespace enroll::test {

using namespace transport;

/// What OpenSSH 9.2 says, as it says it.
class TestSshFault : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLoginThatFailed_data()
    {
        QTest::addColumn<std::string>("said");
        QTest::addColumn<std::string>("code");
        QTest::addColumn<std::string>("named");
        QTest::addColumn<bool>("byJumpHost");
        const auto row = [](const char* name, const std::string& said, const char* code, const char* named,
                            bool byJumpHost = false) {
            QTest::newRow(name) << said << std::string{code} << std::string{named} << byJumpHost;
        };
        const std::string refused = "Host key verification failed.\r\n";
        const std::string banner = "Welcome\nssh: connect to host x port 1: Connection refused\n";
        row("unknown host",
            "No ED25519 host key is known for [127.0.0.1]:1 and you have requested strict checking.\r\n" + refused,
            "S-349", "known_hosts_file");
        row("changed host",
            "@@@@@\r\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\nSHA256:SMwy.\r\nHost key for h "
            "has "
            "changed and you have requested strict checking.\r\n" +
                refused,
            "S-350", "another key");
        row("revoked host", "ED25519 host key for h was revoked and you have requested strict checking.\r\n" + refused,
            "S-350", "revoked");
        row("another fault of the host key", refused, "S-349", "known_hosts_file");
        row("refused", "tss@gw-7: Permission denied (publickey).\r\n", "S-351", "this station's key");
        row("refused, behind a banner", banner + "tss@gw-7: Permission denied (publickey,password).\r\n", "S-351",
            "key");
        row("a key that the client does not take",
            "Load key \"/k/key\": bad permissions\r\ntss@gw-7: Permission denied (publickey).\r\n", "S-351",
            "Load key \"/k/key\": bad permissions");
        row("refused at once",
            banner +
                "Received disconnect from 10.7.3.18 port 22:2: Too many authentication failures\r\nDisconnected from "
                "10.7.3.18 port 22\r\n",
            "S-351", "key");
        row("nobody listens", "ssh: connect to host gw-7 port 22: Connection refused\r\n", "D-101", "no connection");
        row("no way", "ssh: connect to host gw-7 port 22: No route to host\r\n", "D-101", "no connection");
        row("no answer", "ssh: connect to host gw-7 port 22: Connection timed out\r\n", "D-101", "no connection");
        row("the second address",
            "ssh: connect to host gw-7 port 22: Connection refused\r\nssh: connect to host gw-7 port "
            "22: Network is unreachable\r\n",
            "S-321", "no connection");
        row("no network", "ssh: connect to host gw-7 port 22: Network is unreachable\r\n", "S-321", "no connection");
        row("not permitted", "ssh: connect to host gw-7 port 22: Permission denied\r\n", "S-321", "no connection");
        row("another reason", "ssh: connect to host gw-7 port 22: failure\r\n", "S-321", "no connection");
        row("no such name", "ssh: Could not resolve hostname gw-7: Name or service not known\r\n", "S-321",
            "gw-7: Name or");
        row("silent", "Connection timed out during banner exchange\r\nConnection to 10.7.3.18 port 22 timed out\r\n",
            "D-102", "in time");
        row("silent, of an older client", "Connection timed out during banner exchange\r\n", "D-102", "in time");
        row("hung up",
            "kex_exchange_identification: Connection closed by remote host\r\nConnection closed by 10.7.3.18 port "
            "22\r\n",
            "S-353", "Connection closed by 10.7.3.18");
        row("nothing in common",
            "Unable to negotiate with 10.7.3.18 port 22: no matching host key type found. Their offer: "
            "ssh-dss\r\n",
            "S-353", "Their offer: ssh-dss");
        row("SSH 1",
            "Protocol major versions differ: 2 vs. 1\r\nbanner exchange: Connection to 10.7.3.18 port 22: could not "
            "read protocol version\r\n",
            "S-353", "versions differ");
        row("a word of the host's",
            "Received disconnect from 10.7.3.18 port 22:2: ssh: connect to host x port 1: Connection "
            "refused\r\nDisconnected from 10.7.3.18 port 22\r\n",
            "S-353", "Disconnected");
        row("a lie in an offer",
            "Unable to negotiate with 10.7.3.18 port 22: no matching host key type found. Their offer: x\nssh: connect "
            "to "
            "host x port 1: Connection refused\r\n",
            "S-353", "Their offer: x; ssh: connect");
        row("a lie among the ways to log in",
            "tss@gw-7: Permission denied (x)\nConnection timed out during banner exchange).\r\n", "S-353", "no login");
        row("a banner before a lie", banner, "S-353", "Welcome");
        row("silent in the midst of a login", banner + "Connection to 10.7.3.18 port 22 timed out\r\n", "S-353",
            "timed out");
        row("silent behind a banner", "Welcome\nConnection timed out during banner exchange\r\n", "S-353", "Welcome");
        row("silent at the second address",
            "ssh: connect to host gw-7 port 22: Connection refused\r\nConnection timed out during banner "
            "exchange\r\nConnection to 10.7.3.18 port 22 timed out\r\n",
            "D-102", "in time");
        row("a way that nobody went",
            "channel 0: open failed: connect failed: Connection refused\r\nstdio forwarding "
            "failed\r\nkex_exchange_identification: x\r\nConnection closed by UNKNOWN port 65535\r\n",
            "S-353", "no login");
        row("an option that it does not have", "command-line: line 0: Bad configuration option: x\r\n", "S-353", "Bad");
        row("nothing", "", "S-353", "does not say why");
        row("blank lines", "\r\n \n", "S-353", "does not say why");
        row("controls", "\x1b[31mboo\r\n", "S-353", "boo");

        // By way of a jump host.
        const std::string ended = "kex_exchange_identification: Connection closed by remote host\r\n"
                                  "Connection closed by UNKNOWN port 65535\r\n";
        const std::string broken = "banner exchange: Connection to UNKNOWN port 65535: Broken pipe\r\n";
        const std::string joined = "stdio forwarding failed\r\n";
        const std::string nobody = "channel 0: open failed: connect failed: ";
        const auto byJump = [&row](const char* name, const std::string& said, const char* code, const char* named) {
            row(name, said, code, named, true);
        };
        byJump("no way behind it", nobody + "No route to host\r\n" + joined + ended, "D-101",
               "jump host reaches nobody there: channel 0: open failed: connect failed: No route");
        byJump("nobody behind it", "Welcome\n" + nobody + "Connection refused\r\n" + joined + ended, "D-101",
               "jump host reaches nobody there");
        byJump("nobody behind it, of a broken pipe", nobody + "Connection timed out\r\n" + joined + broken, "D-101",
               "jump host reaches nobody there");
        byJump("it has no network", nobody + "Network is unreachable\r\n" + joined + ended, "S-321",
               "jump host reaches nobody there");
        byJump("it does not know the name", nobody + "Name or service not known\r\n" + joined + ended, "S-353",
               "Name or service");
        byJump("it cannot look the name up", nobody + "Temporary failure in name resolution\r\n" + joined + ended,
               "S-353", "joins nobody");
        byJump("it joins nobody",
               "channel 0: open failed: administratively prohibited: open failed\r\n" + joined + ended, "S-353",
               "administratively prohibited");
        byJump("it says no more", joined + ended, "S-353", "joins nobody");
        byJump("it is not known", refused + ended, "S-349", "jump host: agent.known_hosts_file");
        byJump("it lets nobody in", "hop@jump: Permission denied (publickey).\r\n" + broken, "S-351", "jump host: ");
        byJump("it is not there", "ssh: connect to host jump port 22: Connection refused\r\n" + broken, "S-321",
               "jump host: no connection");
        const std::string silent = "Connection timed out during banner exchange\r\nConnection to ";
        byJump("it is silent", silent + "10.7.3.1 port 22 timed out\r\n" + ended, "S-321", "jump host: ");
        byJump("the device is silent", silent + "UNKNOWN port 65535 timed out\r\n", "S-353",
               "behind the jump host no SSH login began");
        byJump("it breaks off in the device's login", "Connection closed by UNKNOWN port 65535\r\n", "S-353",
               "no login");
        byJump("nobody knows why", ended, "S-353", "jump host ended");
        byJump("the device is not known", refused, "S-349", "known_hosts_file");
        byJump("the device disconnects with a lie",
               "Received disconnect from UNKNOWN port 65535:2: " + nobody + "Connection refused\n" + joined +
                   "kex_exchange_identification: x\nDisconnected from UNKNOWN port 65535\r\n",
               "S-353", "no login");
        byJump("the device's banner lies",
               nobody + "Connection refused\n" + joined + "Connection closed by UNKNOWN port 65535\r\n", "S-353",
               "no login");
        byJump("the device's banner is a part of a line",
               nobody + "Connection refused\n" + joined + "x UNKNOWN port 65535 x: Permission denied (publickey).\r\n",
               "S-351", "this station's key");
        byJump("the device offers a lie",
               "Unable to negotiate with UNKNOWN port 65535: x. Their offer: " + nobody + "Connection refused\n" +
                   joined + ended,
               "S-353", "no login");
    }
    void aLoginThatFailed()
    {
        QFETCH(const std::string, said);
        QFETCH(const std::string, code);
        QFETCH(const std::string, named);
        QFETCH(const bool, byJumpHost);
        const auto way = byJumpHost ? SshWay::ByJumpHost : SshWay::Direct;
        const auto error = sshLoginFault(255, said, way);
        QCOMPARE(std::string{describe(error.code).text}, code);
        QVERIFY2(error.what.find(named) != std::string::npos, error.what.c_str());
        QVERIFY2(error.what.find('\x1b') == std::string::npos, error.what.c_str());
    }

    void aClientThatIsNotThereIsToldFromOneThatIsSilent()
    {
        const auto missing = sshLoginFault(127, {}, SshWay::Direct);
        QCOMPARE(missing.code, StationCode::StationCannotReachPort);
        QVERIFY(missing.what.find("openssh-client") != std::string::npos);
        QCOMPARE(sshLoginFault(std::nullopt, {}, SshWay::Direct).code, StationCode::LoginImpossible);
        QCOMPARE(sshLoginFault(137, {}, SshWay::Direct).code, StationCode::LoginImpossible);
    }

    /// Whoever ended it, the last words are not its own then.
    void aClientThatWasEndedSaysNothingOfTheDevice()
    {
        for (const auto& status : {SshStatus{137}, SshStatus{0}, SshStatus{}}) {
            for (const auto* said : {"ssh: connect to host x port 1: Connection refused\r\n",
                                     "Connection timed out during banner exchange\r\n"}) {
                QCOMPARE(sshLoginFault(status, said, SshWay::Direct).code, StationCode::LoginImpossible);
            }
        }
    }

    void aRelayThatIsMissingIsNoFaultOfTheTpm()
    {
        for (const int status : {126, 127}) {
            const auto error =
                sshRelayFault(status, "sh: 1: exec: enroll-agent: not found\n", false, SshWay::ByJumpHost);
            QCOMPARE(error.code, StationCode::RelayMissing);
            QVERIFY(error.what.find("enroll-agent: not found") != std::string::npos);
        }
        QCOMPARE(sshRelayFault(127, {}, true, SshWay::Direct).code, DeviceCode::NoTpmAnswers); // it ran
    }

    void aRelayThatEndedIsToldFromALineThatBroke()
    {
        for (const auto way : {SshWay::Direct, SshWay::ByJumpHost}) {
            const auto ended = sshRelayFault(1, "ERROR: Could not load tcti\n", false, way);
            QCOMPARE(ended.code, DeviceCode::NoTpmAnswers);
            QVERIFY(ended.what.find("status 1: ERROR: Could not load tcti") != std::string::npos);
            QCOMPARE(sshRelayFault(std::nullopt, {}, true, way).code, StationCode::LoginImpossible); // nobody knows
        }
        const auto broke = sshRelayFault(255, {}, true, SshWay::Direct);
        QCOMPARE(broke.code, DeviceCode::NoTpmAnswers);
        QVERIFY(broke.what.find("connection broke") != std::string::npos);
        const auto byJumpHost = sshRelayFault(255, "gone\n", true, SshWay::ByJumpHost);
        QCOMPARE(byJumpHost.code, StationCode::LoginImpossible);
        QVERIFY(byJumpHost.what.find("jump host broke: gone") != std::string::npos);
    }

    void textIsToldFromAResponse()
    {
        for (const auto* text : {"Welcome to gw-7\r\n", "\r\n", "\x1b[0m",
                                 "\xC3\xBC"
                                 "ber",
                                 "x"}) {
            const auto error = textBeforeAnswer(asBytes(text));
            QVERIFY(error && error->code == StationCode::TextBeforeAnswer);
        }
        const auto named = textBeforeAnswer(asBytes("Welcome\r\nto\r\ngw-7\r\n"));
        QVERIFY2(named->what.ends_with(": Welcome; to; gw-7"), named->what.c_str());
        for (const auto& response :
             {Bytes{}, Bytes{std::byte{0x80}, std::byte{0x01}}, Bytes{std::byte{0}, std::byte{0xC4}},
              Bytes{std::byte{0xFF}}, Bytes{std::byte{1}, std::byte{'x'}}}) {
            QVERIFY(!textBeforeAnswer(response));
        }
    }

    void wordsAreCutShort()
    {
        QCOMPARE(withSaid("what", {}), std::string{"what"});
        QCOMPARE(withSaid("what", "1\n2\n\n3\r\n4"), std::string{"what: 2; 3; 4"});
        QVERIFY(withSaid("what", std::string(100'000, 'x')).size() < 400);
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSshFault)
#include "tst_ssh_fault.moc"
