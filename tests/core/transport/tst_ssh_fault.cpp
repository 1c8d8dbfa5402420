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
        const auto row = [](const char* name, const std::string& said, const char* code, const char* named) {
            QTest::newRow(name) << said << std::string{code} << std::string{named};
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
        row("an option that it does not have", "command-line: line 0: Bad configuration option: x\r\n", "S-353", "Bad");
        // By way of a jump host.
        const std::string ended = "kex_exchange_identification: Connection closed by remote host\r\n"
                                  "Connection closed by UNKNOWN port 65535\r\n";
        const std::string broken = "banner exchange: Connection to UNKNOWN port 65535: Broken pipe\r\n";
        const std::string joined = "stdio forwarding failed\r\n";
        row("nobody behind it", "channel 0: open failed: connect failed: No route to host\r\n" + joined + ended,
            "D-101", "jump host reaches nobody there: channel 0: open failed: connect failed: No route");
        row("it joins nobody", "channel 0: open failed: administratively prohibited: open failed\r\n" + joined + ended,
            "S-353", "administratively prohibited");
        row("it says no more", joined + ended, "S-353", "joins nobody");
        row("it is not known", refused + ended, "S-349", "jump host: agent.known_hosts_file");
        row("it lets nobody in", "hop@jump: Permission denied (publickey).\r\n" + broken, "S-351", "jump host: ");
        row("it is not there", "ssh: connect to host jump port 22: Connection refused\r\n" + broken, "S-321",
            "jump host: no connection");
        row("it is silent", "Connection timed out during banner exchange\r\n" + ended, "S-321", "jump host: ");
        row("nobody knows why", ended, "S-353", "jump host ended");
        row("nothing", "", "S-353", "does not say why");
        row("blank lines", "\r\n \n", "S-353", "does not say why");
        row("controls", "\x1b[31mboo\r\n", "S-353", "boo");
    }
    void aLoginThatFailed()
    {
        QFETCH(const std::string, said);
        QFETCH(const std::string, code);
        QFETCH(const std::string, named);
        const auto error = sshLoginFault(255, said);
        QCOMPARE(std::string{describe(error.code).text}, code);
        QVERIFY2(error.what.find(named) != std::string::npos, error.what.c_str());
        QVERIFY2(error.what.find('\x1b') == std::string::npos, error.what.c_str());
    }

    void aClientThatIsNotThereIsToldFromOneThatIsSilent()
    {
        const auto missing = sshLoginFault(127, {});
        QCOMPARE(missing.code, StationCode::StationCannotReachPort);
        QVERIFY(missing.what.find("openssh-client") != std::string::npos);
        QCOMPARE(sshLoginFault(std::nullopt, {}).code, StationCode::LoginImpossible);
        QCOMPARE(sshLoginFault(137, {}).code, StationCode::LoginImpossible);
    }

    void aRelayThatIsMissingIsNoFaultOfTheTpm()
    {
        for (const int status : {126, 127}) {
            const auto error = sshRelayFault(status, "sh: 1: exec: enroll-agent: not found\n", false);
            QCOMPARE(error.code, StationCode::RelayMissing);
            QVERIFY(error.what.find("enroll-agent: not found") != std::string::npos);
        }
        QCOMPARE(sshRelayFault(127, {}, true).code, DeviceCode::NoTpmAnswers); // it ran
    }

    void aRelayThatEndedIsToldFromALineThatBroke()
    {
        const auto ended = sshRelayFault(1, "ERROR: Could not load tcti\n", false);
        QCOMPARE(ended.code, DeviceCode::NoTpmAnswers);
        QVERIFY(ended.what.find("status 1: ERROR: Could not load tcti") != std::string::npos);
        for (const auto& status : {SshStatus{255}, SshStatus{}}) {
            const auto broke = sshRelayFault(status, {}, true);
            QCOMPARE(broke.code, DeviceCode::NoTpmAnswers);
            QVERIFY(broke.what.find("connection broke") != std::string::npos);
        }
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
