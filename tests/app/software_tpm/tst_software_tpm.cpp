#include "app/software_tpm/manufacture.h"
#include "core/base/station_code.h"
#include "tests/support/swtpm_fixture.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <future>
#include <sys/wait.h>
#include <unistd.h>

namespace enroll::test {
namespace {

using app::software_tpm::SoftwareTpm;
using app::software_tpm::SoftwareTpmOptions;

std::string ekPublic(const SwtpmFixture& tpm)
{
    return tpm.tool({"tpm2_readpublic", "-c", "0x81010001"}).standardOutput;
}

/// The arguments of every process that names \p directory, each with a zero byte behind it.
QList<QByteArray> processesAt(const QString& directory)
{
    QList<QByteArray> found;
    const auto all = QDir{QStringLiteral("/proc")}.entryList({QStringLiteral("[0-9]*")}, QDir::Dirs);
    for (const auto& number : all) {
        QFile arguments{QStringLiteral("/proc/%1/cmdline").arg(number)};
        const auto text = arguments.open(QIODevice::ReadOnly) ? arguments.readAll() : QByteArray{};
        if (text.contains(directory.toUtf8())) {
            found << text;
        }
    }
    return found;
}

bool runsSwtpmAt(const QString& directory)
{
    const auto all = processesAt(directory);
    return std::ranges::any_of(all, [](const QByteArray& text) { return text.split('\0').value(1) == "socket"; });
}

QByteArray persistentHandlesOf(const SoftwareTpm& tpm)
{
    QProcess tool;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("TPM2TOOLS_TCTI"), QString::fromStdString(tpm.tctiConf()));
    tool.setProcessEnvironment(environment);
    tool.start(QStringLiteral("tpm2_getcap"), {QStringLiteral("handles-persistent")});
    return tool.waitForFinished() ? tool.readAllStandardOutput() : QByteArray{};
}

} // namespace

class TestSoftwareTpm : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void comesWithPersistentKeysAndCertificates()
    {
        const SwtpmFixture tpm;
        QCOMPARE(tpm.persistentHandles(), std::string{"- 0x81010001\n- 0x81010016\n"});
        const auto indices = tpm.tool({"tpm2_getcap", "handles-nv-index"}).standardOutput;
        QVERIFY(indices.find("0x1C00002") != std::string::npos);
        QVERIFY(indices.find("0x1C00016") != std::string::npos);
    }

    void twoTpmsAreTwoDevicesOfOneAuthority()
    {
        const SwtpmFixture first;
        const SwtpmFixture second;
        QVERIFY(first.port() != second.port());
        QVERIFY(!ekPublic(first).empty());
        QVERIFY(ekPublic(first) != ekPublic(second));
        QCOMPARE(first.caCertificates(), second.caCertificates());
        for (const auto& file : first.caCertificates()) {
            QVERIFY(std::filesystem::exists(file));
        }
    }

    void staysTheSameDeviceAfterARestart()
    {
        SwtpmFixture tpm;
        const auto before = ekPublic(tpm);
        tpm.restart();
        QCOMPARE(ekPublic(tpm), before);
    }

    void servesOneClientAfterAnother()
    {
        const SwtpmFixture tpm;
        for (int client = 0; client < 3; ++client) {
            QTcpSocket socket;
            socket.connectToHost(QStringLiteral("127.0.0.1"), tpm.port());
            QVERIFY(socket.waitForConnected());
            socket.write(QByteArray::fromHex("80010000000c0000017b0008"));
            QVERIFY(socket.waitForReadyRead());
            QCOMPARE(socket.readAll().size(), 20);
        }
    }

    void isGoneOnceStopped()
    {
        SwtpmFixture tpm;
        tpm.stop();
        QTcpSocket socket;
        socket.connectToHost(QStringLiteral("127.0.0.1"), tpm.port());
        QVERIFY(!socket.waitForConnected());
    }

    void saysSoWhenItCannotBeManufactured()
    {
        const QTemporaryDir directory;
        const std::filesystem::path base = directory.path().toStdString();
        const auto options = SoftwareTpmOptions{.directory = "/dev/null/tpm", .authorityDirectory = base / "authority"};
        const auto tpm = SoftwareTpm::start(options);
        QVERIFY(!tpm.ok());
        QCOMPARE(tpm.error().code, StationCode::InternalFault);
    }

    /// Two programs that check a station for the first time.
    void twoMakersOfOneTpmMakeItOnce()
    {
        const QTemporaryDir directory;
        const std::filesystem::path base = directory.path().toStdString();
        const SoftwareTpmOptions options{.directory = base / "tpm", .authorityDirectory = base / "authority"};
        auto other = std::async(std::launch::async, [&] { return app::software_tpm::manufacture(options); });
        const auto made = app::software_tpm::manufacture(options);
        const auto madeByOther = other.get();
        QVERIFY2(made.ok(), made.ok() ? "" : describeForLog(made.error()).c_str());
        QVERIFY2(madeByOther.ok(), madeByOther.ok() ? "" : describeForLog(madeByOther.error()).c_str());
        const auto tpm = SoftwareTpm::start(options);
        QVERIFY2(tpm.ok(), tpm.ok() ? "" : describeForLog(tpm.error()).c_str());
        QCOMPARE(persistentHandlesOf(*tpm), QByteArray{"- 0x81010001\n- 0x81010016\n"});
    }

    /// As a station is that checks itself for the first time: swtpm_setup ends, and so does the swtpm that it started.
    void aManufactureThatIsKilledLeavesNoProcessAndNoHalfTpm()
    {
        constexpr int kPatience = 90'000;
        const QTemporaryDir directory;
        const std::filesystem::path base = directory.path().toStdString();
        const SoftwareTpmOptions options{.directory = base / "tpm", .authorityDirectory = base / "authority"};
        const pid_t maker = ::fork();
        if (maker == 0) {
            const auto tpm = SoftwareTpm::start(options);
            ::_exit(tpm.ok() ? 0 : 1);
        }
        const bool begun = QTest::qWaitFor([&] { return runsSwtpmAt(directory.path()); }, kPatience);
        ::kill(maker, SIGKILL);
        ::waitpid(maker, nullptr, 0);
        QVERIFY(begun);
        QTRY_VERIFY_WITH_TIMEOUT(processesAt(directory.path()).isEmpty(), kPatience);

        const auto tpm = SoftwareTpm::start(options);
        QVERIFY2(tpm.ok(), tpm.ok() ? "" : describeForLog(tpm.error()).c_str());
        QCOMPARE(persistentHandlesOf(*tpm), QByteArray{"- 0x81010001\n- 0x81010016\n"});
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSoftwareTpm)
#include "tst_software_tpm.moc"
