#include "core/base/station_code.h"
#include "core/tpm/esys_device_tpm.h"
#include "core/transport/ssh_command.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <unistd.h>

namespace enroll::test {

using namespace transport;

namespace {

constexpr std::chrono::seconds kPatience{7};

AgentFiles filesNamed(const std::string& key, const std::string& hosts)
{
    AgentFiles files;
    files.keyFile = key;
    files.knownHostsFile = hosts;
    return files;
}

} // namespace

/// The command line of OpenSSH's client, without running it.
class TestSshCommand : public QObject {
    Q_OBJECT

    AgentFiles m_files = filesNamed("/k/key", "/k/hosts");
    QTemporaryDir m_directory;

    std::filesystem::path written(const char* name, std::filesystem::perms permissions) const
    {
        const auto file = std::filesystem::path{m_directory.path().toStdString()} / name;
        std::ofstream{file} << "content";
        std::filesystem::permissions(file, permissions);
        return file;
    }

private Q_SLOTS:
    void nothingButTheHostAndTheCommandStandBehindTheOptions()
    {
        const auto words = sshCommand({{"gw-7", 2222}, "tss", "-V; reboot"}, m_files, kPatience);
        const std::vector<std::string> expected{"--", "gw-7", "-V; reboot"};
        QVERIFY(std::ranges::equal(std::span{words}.last(3), expected));
        QCOMPARE(std::ranges::count(words, std::string{"--"}), std::ptrdiff_t{1});
        QCOMPARE(words.front(), std::string{kSshClient});
        QCOMPARE(words[1] + words[2], std::string{"-Fnone"}); // neither the user's configuration nor the system's
    }

    void eachOptionStandsOnce()
    {
        auto words = sshCommand({{"gw-7", 2222}, "tss", {}}, m_files, kPatience);
        std::vector<std::string> keys;
        for (std::size_t i = 0; i + 1 < words.size(); ++i) {
            if (words[i] == "-o") {
                keys.push_back(words[i + 1].substr(0, words[i + 1].find('=')));
            }
        }
        std::ranges::sort(keys);
        QVERIFY(std::ranges::adjacent_find(keys) == keys.end());
        for (const auto* option :
             {"Port=2222", "User=tss", "ConnectTimeout=7", "BatchMode=yes", "StrictHostKeyChecking=yes",
              "IdentitiesOnly=yes", "ForwardAgent=no", "PasswordAuthentication=no", "UserKnownHostsFile=\"/k/hosts\"",
              "IdentityFile=\"/k/key\""}) {
            QVERIFY2(std::ranges::find(words, option) != words.end(), option);
        }
        QCOMPARE(words.back(), std::string{kUsualRelay});
    }

    /// A silent line ends before the answer of a TPM is missed, which would be the device's fault.
    void aSilentLineEndsBeforeTheTpmsTime()
    {
        const auto words = sshCommand({{"gw-7", 22}, {}, {}}, m_files, kPatience);
        const auto valueOf = [&words](std::string_view key) {
            const auto found = std::ranges::find_if(words, [key](const auto& word) { return word.starts_with(key); });
            return found == words.end() ? 0 : std::atoi(found->c_str() + key.size());
        };
        const auto interval = valueOf("ServerAliveInterval=");
        const auto count = valueOf("ServerAliveCountMax=");
        QVERIFY(interval > 0 && count > 0);
        QVERIFY(std::chrono::seconds{interval * (count + 1)} < tpm::CommandDeadlines{}.normal);
    }

    void aPathIsReadAsItStands()
    {
        const auto words = sshCommand({{"gw-7", 22}, {}, {}}, filesNamed("/a b/100%h", "/k/'x"), kPatience);
        QVERIFY(std::ranges::find(words, "IdentityFile=\"/a b/100%%h\"") != words.end());
        QVERIFY(std::ranges::find(words, "UserKnownHostsFile=\"/k/'x\"") != words.end());
    }

    /// A shell of this machine reads the way to a jump host, and the client replaces what begins with a percent sign in it.
    void theWayByAJumpHostIsQuoted()
    {
        const SshAddress address{{"fe80::1%eth0", 22}, "tss", "reboot", SshLogin{{"jump", 2222}, "hop"}};
        const auto words = sshCommand(address, filesNamed("/a b/100%h", "/k/'x"), kPatience);
        const auto way =
            std::ranges::find_if(words, [](const auto& word) { return word.starts_with("ProxyCommand="); });
        QVERIFY(way != words.end());
        for (const auto* part : {"ProxyCommand='ssh' '-F' 'none' '-T' ", "'IdentityFile=\"/a b/100%%%%h\"'",
                                 "'UserKnownHostsFile=\"/k/'\\''x\"'", "'BatchMode=yes'", "'StrictHostKeyChecking=yes'",
                                 "'User=hop'", "'Port=2222'", "'PermitLocalCommand=no'"}) {
            QVERIFY2(way->find(part) != std::string::npos, way->c_str());
        }
        QVERIFY2(way->ends_with(" '-W' '[fe80::1%%eth0]:22' '--' 'jump'"), way->c_str());
        QVERIFY(way->find("reboot") == std::string::npos && way->find("tss") == std::string::npos);
    }

    void aJumpHostHasHalfTheTime()
    {
        const SshAddress address{{"gw-7", 22}, {}, {}, SshLogin{{"jump", 22}}};
        for (const auto& [patience, half] : {std::pair{9, "4"}, std::pair{1, "1"}}) {
            const auto words = sshCommand(address, m_files, std::chrono::seconds{patience});
            QVERIFY(std::ranges::find(words, "ConnectTimeout=" + std::to_string(patience)) != words.end());
            const auto expected = "'ConnectTimeout=" + std::string{half} + "'";
            QVERIFY(std::ranges::any_of(
                words, [&expected](const auto& word) { return word.find(expected) != std::string::npos; }));
        }
    }

    void nobodyIsJumpedOverWhereNoneIsNamed()
    {
        const auto words = sshCommand({{"gw-7", 22}, {}, {}}, m_files, kPatience);
        QVERIFY(std::ranges::find(words, "ProxyCommand=none") != words.end());
    }

    void theClientWaitsForASecondAtLeast()
    {
        for (const auto patience : {-1000, 0, 1, 999, 1999}) {
            const auto words = sshCommand({{"gw-7", 22}, {}, {}}, m_files, std::chrono::milliseconds{patience});
            QVERIFY(std::ranges::find(words, "ConnectTimeout=1") != words.end());
        }
    }

    void aPathThatTheClientWouldReadOtherwiseIsRefused()
    {
        for (const auto* path : {"/k/${HOME}", "/k/$x", "/k/a\"b", "/k/a\\b", "~/key", "/k/a\nb"}) {
            for (const auto& files : {filesNamed(path, "/k/hosts"), filesNamed("/k/key", path)}) {
                const auto named = requireNamedForSsh(files);
                QVERIFY2(!named.ok() && named.error().code == StationCode::ConfigurationInvalid, path);
            }
        }
        QVERIFY(requireNamedForSsh(filesNamed("/k/a~b c%d", "k/hosts")).ok());
    }

    void bothFilesAreNeeded()
    {
        for (const auto& files : {AgentFiles{}, filesNamed("/k/key", {}), filesNamed({}, "/k/hosts")}) {
            QCOMPARE(requireNamedForSsh(files).error().code, StationCode::ConfigurationInvalid);
            QCOMPARE(requireUsableForSsh(files).error().code, StationCode::ConfigurationInvalid);
        }
    }

    void bothFilesAreLookedAt()
    {
        using std::filesystem::perms;
        const auto key = written("key", perms::owner_read | perms::owner_write);
        const auto hosts = written("hosts", perms{0644});
        const auto open = written("open", perms{0644});
        QVERIFY(requireUsableForSsh(filesNamed(key, hosts)).ok());
        const auto refused = [](const std::filesystem::path& oneKey, const std::filesystem::path& oneHosts) {
            const auto usable = requireUsableForSsh(filesNamed(oneKey, oneHosts));
            return !usable.ok() && usable.error().code == StationCode::FileUnusable;
        };
        QVERIFY(refused(open, hosts));
        QVERIFY(refused(key.string() + "-absent", hosts));
        QVERIFY(refused(key, hosts.string() + "-absent"));
        QVERIFY(refused(key, m_directory.path().toStdString()));
        for (const auto mode : {0664, 0646, 0666}) {
            QVERIFY(refused(key, written("shared", perms{static_cast<unsigned>(mode)})));
        }
        QVERIFY(requireUsableForSsh(filesNamed(key, written("own", perms{0640}))).ok());
    }

    /// As execvp(3) looks for it: an empty entry is the working directory, and a directory is no program.
    void theClientIsFoundAsTheSystemFindsIt_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("isThere");
        const auto at = [this](const char* name) { return m_directory.filePath(QString::fromLatin1(name)).toUtf8(); };
        QTest::newRow("a program") << at("bin") << true;
        QTest::newRow("behind another entry") << at("none") + ":" + at("bin") << true;
        QTest::newRow("a directory of its name") << at("odd") << false;
        QTest::newRow("a directory, and then a program") << at("odd") + ":" + at("bin") << true;
        QTest::newRow("a file that nobody may run") << at("text") << false;
        QTest::newRow("the working directory at the end") << at("none") + ":" << true;
        QTest::newRow("the working directory first") << ":" + at("none") << true;
        QTest::newRow("nothing but the working directory") << QByteArray{""} << true;
        QTest::newRow("nowhere") << at("none") << false;
    }
    void theClientIsFoundAsTheSystemFindsIt()
    {
        QFETCH(const QByteArray, path);
        QFETCH(const bool, isThere);
        using std::filesystem::perms;
        for (const auto* directory : {"bin", "text", "odd/ssh"}) {
            std::filesystem::create_directories(m_directory.filePath(QString::fromLatin1(directory)).toStdString());
        }
        written("bin/ssh", perms{0755});
        written("text/ssh", perms{0644});
        const auto before = qgetenv("PATH");
        const auto directory = std::filesystem::current_path();
        std::filesystem::current_path(m_directory.filePath(QStringLiteral("bin")).toStdString());
        qputenv("PATH", path);
        const auto found = requireSshClient();
        qputenv("PATH", before);
        std::filesystem::current_path(directory);
        QCOMPARE(found.ok(), isThere);
    }

    /// The usual relay's own shell, with another path in the place of the TPM's: an account that may not open it is told from a
    /// device that has none.
    void anAccountThatMayNotOpenTheTpmIsTold_data()
    {
        QTest::addColumn<int>("mode");
        QTest::addColumn<int>("status");
        QTest::newRow("closed") << 0 << 126;
        QTest::newRow("for reading alone") << 0444 << 126;
        QTest::newRow("for writing alone") << 0222 << 126;
        QTest::newRow("open") << 0666 << 127;
        QTest::newRow("absent") << -1 << 127;
    }
    void anAccountThatMayNotOpenTheTpmIsTold()
    {
        QFETCH(const int, mode);
        QFETCH(const int, status);
        QTemporaryDir place;
        std::filesystem::permissions(place.path().toStdString(), std::filesystem::perms{0755});
        const auto tpm = place.filePath(QStringLiteral("tpm"));
        if (mode >= 0) {
            std::ofstream{tpm.toStdString()} << "";
            std::filesystem::permissions(tpm.toStdString(), std::filesystem::perms{static_cast<unsigned>(mode)});
        }
        auto relay = QString::fromUtf8(kUsualRelay.data(), static_cast<qsizetype>(kUsualRelay.size()));
        relay.replace(QStringLiteral("/dev/tpmrm0"), tpm);
        QProcess shell;
        shell.setProgram(QStringLiteral("/bin/sh"));
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("PATH"), place.path()); // no tpm2_send there, and no agent
        relay.replace(QStringLiteral("exec sh "), QStringLiteral("exec /bin/sh "));
        shell.setProcessEnvironment(environment);
        shell.setArguments({QStringLiteral("-c"), relay});
        if (::geteuid() == 0) { // who may open everything
            shell.setChildProcessModifier([] {
                if (::setuid(65534) != 0) {
                    ::_exit(1);
                }
            });
        }
        shell.start();
        QVERIFY(shell.waitForFinished(20'000));
        const auto said = shell.readAllStandardError();
        QVERIFY2(shell.exitCode() == status, said.constData());
        QCOMPARE(said.contains("may not open"), status == 126);
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSshCommand)
#include "tst_ssh_command.moc"
