#include "core/transport/line_noise.h"

#include <QTest>

#include <random>

namespace enroll::test {

using namespace transport;

namespace {

constexpr int kNothing = -1;

int found(std::string_view text)
{
    LineNoise noise;
    noise.take(text);
    const auto talk = noise.found();
    return talk ? static_cast<int>(*talk) : kNothing;
}

} // namespace

class TestLineNoise : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void recognises_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("talk");
        const auto row = [](const char* name, const char* text, LineTalk talk) {
            QTest::newRow(name) << QByteArray{text} << static_cast<int>(talk);
        };
        using T = LineTalk;
        row("Debian", "\r\nDebian GNU/Linux 12 gateway ttyS0\r\n\r\ngateway login: ", T::LoginPrompt);
        row("Ubuntu", "\r\nUbuntu 22.04.3 LTS gw-7 ttyACM0\r\n\r\ngw-7 login: ", T::LoginPrompt);
        row("Raspberry Pi OS", "\r\nRaspbian GNU/Linux 11 raspberrypi ttyGS0\r\n\nraspberrypi login: ", T::LoginPrompt);
        row("Buildroot", "\r\nWelcome to Buildroot\r\nbuildroot login: ", T::LoginPrompt);
        row("Yocto", "\r\nPoky (Yocto Project Reference Distro) 4.0.9 qemuarm64 /dev/ttyS0\r\n\r\nqemuarm64 login: ",
            T::LoginPrompt);
        row("BusyBox without a host name", "\r\n(none) login: ", T::LoginPrompt);
        row("FreeBSD", "\r\nFreeBSD/arm64 (gw) (ttyu0)\r\n\r\nlogin: ", T::LoginPrompt);
        row("illumos", "\r\ngw console login: ", T::LoginPrompt);
        row("after a wrong name", "gw login: @A?x\r\nPassword: ", T::LoginPrompt);
        row("and again", "gw login: @A?x\r\nPassword: \r\n\r\nLogin incorrect\r\ngw login: ", T::LoginPrompt);
        row("with what was sent behind it", "gw login: \xC9@A@C", T::LoginPrompt);
        row("a name in colour", "\x1B[32mgw\x1B[0m login: ", T::LoginPrompt);

        row("bash as root", "root@gateway:~# ", T::ShellPrompt);
        row("bash with title and colours",
            "\x1B[?2004h\x1B]0;pi@gw: ~\x07\x1B[01;32mpi@gw\x1B[00m:\x1B[01;34m~ $\x1B[00m ", T::ShellPrompt);
        row("a title that ends as ECMA-48 says", "\x1B]0;pi@gw: ~\x1B\\pi@gw:/tmp$ ", T::ShellPrompt);
        row("Fedora", "[root@gateway ~]# ", T::ShellPrompt);
        row("BusyBox", "\r\n/ # ", T::ShellPrompt);
        row("BusyBox at home", "\r\n~ # ", T::ShellPrompt);
        row("OpenWrt", "root@OpenWrt:/# ", T::ShellPrompt);
        row("OpenWrt before it", "\r\nPlease press Enter to activate this console. ", T::ShellPrompt);
        row("a shell without a profile", "sh-5.1# ", T::ShellPrompt);
        row("bash without a profile", "bash-5.2$ ", T::ShellPrompt);
        row("dash", "# ", T::ShellPrompt);
        row("Android", "console:/ $ ", T::ShellPrompt);
        row("with what was typed", "root@gateway:~# @A@C\xFD", T::ShellPrompt);
        row("of a session that goes on", "root@gateway:~# ls\r\nbin etc\r\n", T::ShellPrompt);

        row("the kernel", "[    0.000000] Booting Linux on physical CPU 0x0\r\n", T::KernelMessages);
        row("the kernel after weeks", "[1234567.890123] usb 1-1: USB disconnect, device number 3\r\n",
            T::KernelMessages);
        row("with its level", "<6>[   12.345678] random: crng init done\n", T::KernelMessages);
        row("a panic", "Kernel panic - not syncing: VFS: Unable to mount root fs\n", T::KernelMessages);
        row("after a prompt", "gw login: \r\n[   99.123456] cdc_acm 1-1:1.0: ttyACM0\r\n", T::KernelMessages);
        row("before a prompt", "[    9.123456] Run /sbin/init\r\n\r\ngw login: ", T::LoginPrompt);

        row("U-Boot", "\r\n\r\nU-Boot 2023.01+dfsg-2 (Jan 10 2023)\r\n\r\nDRAM:  2 GiB\r\n", T::BootLoader);
        row("U-Boot's countdown", "Hit any key to stop autoboot:  2 \b\b\b 1 ", T::BootLoader);
        row("U-Boot's prompt", "\r\n=> ", T::BootLoader);
        row("GRUB", "\x1B[2J\x1B[H                 GNU GRUB  version 2.06-13\r\n", T::BootLoader);
    }
    void recognises()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const int, talk);
        QCOMPARE(found({text.constData(), static_cast<std::size_t>(text.size())}), talk);
        LineNoise noise; // how the text came makes no difference
        for (const char c : text) {
            noise.take({&c, 1});
            static_cast<void>(noise.found());
        }
        QVERIFY(noise.found().has_value());
        QCOMPARE(static_cast<int>(*noise.found()), talk);
    }

    void saysNothingOf_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* name, const char* text) { QTest::newRow(name) << QByteArray{text}; };
        row("nothing", "");
        row("a greeting", "Last login: Mon Nov 23 20:14:03 UTC 2026 on ttyS0\r\n");
        row("a warning", "Last failed login: Mon Nov 23 20:14:03 UTC 2026\r\n");
        row("a service", "systemd-logind[312]: New seat seat0.\r\n");
        row("a sentence", "Please use your badge to login: the PIN pad is broken\r\n");
        row("a word with login", "gw prelogin:1\r\n");
        row("a price", "costs 5 $ ");
        row("a comment", "# settings of the gateway\r\n");
        row("a mail address", "root@gateway.example");
        row("a mail address in a sentence", "root@gateway.example: cannot be reached # ");
        row("a progress bar", "[   12.3%] done\r\n");
        row("a service's clock", "[12:34:56.123456] started\r\n");
        row("a GPS receiver", "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n");
        row("a modem", "AT+CGMI\r\nOK\r\n> ");
        row("an arrow", "a => b");
        row("a path", "/ #1 of 3");
        row("a shell's name", "push-1.0 is out # ");
    }
    void saysNothingOf()
    {
        QFETCH(const QByteArray, text);
        QCOMPARE(found({text.constData(), static_cast<std::size_t>(text.size())}), kNothing);
    }

    void saysNothingOfNoise()
    {
        std::mt19937_64 random{1}; // NOLINT(cert-msc51-cpp): the same numbers in every run
        LineNoise noise;
        for (int i = 0; i < 200'000; ++i) {
            const auto c = static_cast<char>(random() & 0xFFU);
            noise.take({&c, 1});
        }
        QVERIFY(!noise.found().has_value());
    }

    void looksAtTheBeginningOfALongLine()
    {
        LineNoise noise;
        noise.take("[    0.000000] ");
        for (int i = 0; i < 100'000; ++i) {
            noise.take("x");
        }
        QCOMPARE(noise.found(), std::optional{LineTalk::KernelMessages});
        // What was cut off may be what makes it another text: it is no prompt any more.
        QCOMPARE(found("\n/" + std::string(LineNoise::kLongestLine - 4, 'x') + " # "),
                 static_cast<int>(LineTalk::ShellPrompt));
        QCOMPARE(found("\n/" + std::string(LineNoise::kLongestLine - 4, 'x') + " # x"), kNothing);
    }

    void anEscapeSequenceWithoutAnEndHidesItsLineAlone()
    {
        QCOMPARE(found("\x1B]0;gw login: "), kNothing);
        QCOMPARE(found("\x1B]0;gw\r\ngw login: "), static_cast<int>(LineTalk::LoginPrompt));
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestLineNoise)
#include "tst_line_noise.moc"
