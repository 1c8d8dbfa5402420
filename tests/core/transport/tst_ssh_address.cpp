#include "core/base/station_code.h"
#include "core/transport/ssh_address.h"

#include <QTest>

namespace enroll::test {

using namespace transport;

class TestSshAddress : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsItsParts()
    {
        const auto address = parseSshAddress("Root@GW-7.plant:2222?command=enroll-agent%20--stdio");
        QVERIFY(address.ok());
        QVERIFY((*address == SshAddress{{"gw-7.plant", 2222}, "Root", "enroll-agent --stdio"}));
    }

    void readsAJumpHost()
    {
        const SshAddress expected{{"gw-7", 22}, "tss", "a&b", SshLogin{{"jump.plant", 2222}, "hop"}};
        QVERIFY(parseSshAddress("tss@gw-7?jump=hop@jump.plant:2222&command=a%26b").value() == expected);
        QVERIFY(parseSshAddress("tss@gw-7?command=a%26b&jump=hop@jump.plant:2222").value() == expected);
    }

    void takesWhatIsUsualForWhatIsLeftOut()
    {
        QVERIFY((parseSshAddress("gw-7").value() == SshAddress{{"gw-7", 22}, {}, {}}));
        QVERIFY((parseSshAddress("[FE80::1%eth0]").value() == SshAddress{{"fe80::1%eth0", 22}, {}, {}}));
        QVERIFY((parseSshAddress("10.7.3.18:22").value() == parseSshAddress("10.7.3.18").value()));
    }

    void theUsualRelayIsNoSecondAddress()
    {
        const auto written = sshAddressText({{"gw-7", 22}, {}, std::string{kUsualRelay}});
        QVERIFY(parseSshAddress(written).value() == parseSshAddress("gw-7").value());
    }

    void writesWhatItReads_data()
    {
        QTest::addColumn<std::string>("text");
        for (const char* text : {"gw-7", "gw-7:2222", "tss@gw-7", "[::1]", "a.b_c-9@[::1]:2222",
                                 "gw-7?command=socat%20-%20/dev/tpmrm0", "gw-7?command=a%26b%3Fc%23d%25%27%22",
                                 "tss@gw-7?jump=jump.plant", "gw-7:23?jump=hop@[::1]:2222&command=a%20b"}) {
            QTest::newRow(text) << std::string{text};
        }
    }
    void writesWhatItReads()
    {
        QFETCH(const std::string, text);
        const auto address = parseSshAddress(text);
        QVERIFY(address.ok());
        QCOMPARE(sshAddressText(*address), text);
    }

    void everyCharacterOfACommandIsReadBack()
    {
        std::string every;
        for (char c = ' '; c <= '~'; ++c) {
            every += c;
        }
        const SshAddress address{{"gw-7", 22}, "tss", every};
        QVERIFY(parseSshAddress(sshAddressText(address)).value() == address);
    }

    void refusesAndNamesThePartThatIsWrong_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("named");
        const auto row = [](const char* name, const std::string& text, const char* named) {
            QTest::newRow(name) << text << std::string{named};
        };
        row("nothing", "", "host ''");
        row("an option for a host", "-oProxyCommand=reboot", "host '-oProxyCommand=reboot'");
        row("an option for a user", "-oProxyCommand=reboot@host", "user '-oProxyCommand=reboot'");
        row("a hyphen for a user", "-@host", "user '-'");
        row("no user", "@host", "user ''");
        row("a password", "root:secret@host", "user 'root:secret'");
        row("two users", "a@b@host", "user 'a@b'");
        row("a command for a user", "a;b@host", "user 'a;b'");
        row("a user that is too long", std::string(33, 'a') + "@host", "is no name of an account");
        row("a path", "host/dev", "host 'host/dev'");
        row("no port", "host:", "port ''");
        row("port 0", "host:0", "port '0'");
        row("IPv6 without brackets", "::1", "brackets");
        row("something behind the brackets", "[::1]22", "[ADDRESS]:PORT");
        row("no end of the brackets", "[::1", "[ADDRESS]:PORT");
        row("any address", "0.0.0.0", "IPv4");
        row("an empty question", "host?", "behind the host stands ''");
        row("another question", "host?proxy=a", "behind the host stands 'proxy=a'");
        row("two commands", "host?command=a&command=b", "behind the host stands 'command=b'");
        row("two jump hosts", "host?jump=a&jump=b", "behind the host stands 'jump=b'");
        row("no jump host", "host?jump=", "host ''");
        row("an option for a jump host", "host?jump=-oProxyCommand=reboot", "host '-oProxyCommand=reboot'");
        row("an option for its user", "host?jump=-oX@jump", "user '-oX'");
        row("nothing behind the command", "host?command=a&", "behind the host stands ''");
        row("a fragment", "host?command=a#b", "behind the command stands '#b'");
        row("no command", "host?command=", "the command is empty");
        row("a blank command", "host?command=%20%20", "the command is empty");
        row("half an escape", "host?command=a%2", "'%2' in the command");
        row("no escape", "host?command=100%", "'%' in the command");
        row("no digits", "host?command=%zz", "'%zz' in the command");
        row("a sign for a digit", "host?command=%+2", "'%+2' in the command");
        row("a line feed", "host?command=a%0Ab", "'%0A' in the command");
        row("a NUL", "host?command=a%00", "'%00' in the command");
        row("not ASCII", "host?command=%C3%B6", "'%C3' in the command");
    }
    void refusesAndNamesThePartThatIsWrong()
    {
        QFETCH(const std::string, text);
        QFETCH(const std::string, named);
        const auto address = parseSshAddress(text);
        QVERIFY(!address.ok());
        QCOMPARE(address.error().code, StationCode::UsageInvalid);
        QVERIFY2(address.error().what.find(named) != std::string::npos, address.error().what.c_str());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSshAddress)
#include "tst_ssh_address.moc"
