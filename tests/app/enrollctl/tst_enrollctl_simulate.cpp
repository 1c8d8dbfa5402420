#include "tests/app/enrollctl/enrollctl_process.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTcpSocket>
#include <QTest>

#include <csignal>

using namespace enroll::test;

/// `simulate` as a process: devices that can be enrolled, gone with it.
class TestEnrollctlSimulate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void devicesCanBeEnrolledAndEndWithTheProgram();
    void textNamesAddressesAndTrust();
    void endsWithItsInputWhenToldTo();
    void refusesATemporaryDirectoryItCannotMake();
    void refusesADirectoryInUse();
    void namesThePackagesThatAreMissing();

private:
    std::unique_ptr<EnrollctlProcess> m_ctl;
};

namespace {

constexpr int kStartMs = 60'000;
constexpr int kEndMs = 5'000;

/// What the program has written when it is ready: up to a whole document, or the line that says so.
QByteArray readReady(QProcess& process)
{
    QByteArray said;
    while (!said.contains("\nready;") && !said.endsWith("\n}\n")) {
        if (!process.waitForReadyRead(kStartMs)) {
            return said;
        }
        said += process.readAllStandardOutput();
    }
    return said;
}

bool answers(const QUrl& device)
{
    QTcpSocket socket;
    socket.connectToHost(device.host(), static_cast<quint16>(device.port()));
    return socket.waitForConnected(kEndMs);
}

} // namespace

void TestEnrollctlSimulate::init()
{
    m_ctl = std::make_unique<EnrollctlProcess>();
}

void TestEnrollctlSimulate::devicesCanBeEnrolledAndEndWithTheProgram()
{
    const auto simulation =
        m_ctl->start({QStringLiteral("simulate"), QStringLiteral("--devices"), QStringLiteral("2"),
                      QStringLiteral("--directory"), m_ctl->path(QStringLiteral("devices")), QStringLiteral("--json")});
    const auto document = QJsonDocument::fromJson(readReady(*simulation)).object();
    const auto devices = document.value(QStringLiteral("devices")).toArray();
    QCOMPARE(devices.size(), 2);

    const auto trust = document.value(QStringLiteral("trustDirectory")).toString();
    QCOMPARE(m_ctl
                 ->run({QStringLiteral("trust"), QStringLiteral("import"), QStringLiteral("--set"),
                        QStringLiteral("demo"), trust})
                 .exitCode,
             0);
    for (const auto& device : devices) {
        const auto run = m_ctl->run({QStringLiteral("attest"), QStringLiteral("--device"), device.toString()});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
    }

    ::kill(static_cast<pid_t>(simulation->processId()), SIGINT);
    QVERIFY(simulation->waitForFinished(kEndMs));
    QCOMPARE(simulation->exitCode(), 0);
    QVERIFY(!answers(QUrl{devices.at(0).toString()}));
}

void TestEnrollctlSimulate::textNamesAddressesAndTrust()
{
    const auto simulation =
        m_ctl->start({QStringLiteral("simulate"), QStringLiteral("--devices"), QStringLiteral("1")});
    const auto lines = QString::fromUtf8(readReady(*simulation)).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    QVERIFY(answers(QUrl{lines.at(0)}));
    const auto trust = lines.at(1).section(QLatin1Char(' '), -1);
    QVERIFY2(QFileInfo{trust}.isDir(), qPrintable(lines.at(1)));

    simulation->terminate();
    QVERIFY(simulation->waitForFinished(kEndMs));
    QVERIFY(!QFileInfo::exists(trust)); // a directory of its own goes with it
}

void TestEnrollctlSimulate::endsWithItsInputWhenToldTo()
{
    const auto simulation = m_ctl->start({QStringLiteral("simulate"), QStringLiteral("--devices"), QStringLiteral("1"),
                                          QStringLiteral("--until-input-ends")});
    QVERIFY(readReady(*simulation).contains("ready;"));
    simulation->write("a line is no end\n");
    simulation->closeWriteChannel();
    QVERIFY(simulation->waitForFinished(kEndMs));
    QCOMPARE(simulation->exitCode(), 0);
}

void TestEnrollctlSimulate::refusesATemporaryDirectoryItCannotMake()
{
    const QTemporaryDir workingDirectory;
    const auto simulation = m_ctl->prepare({QStringLiteral("simulate"), QStringLiteral("--devices"),
                                            QStringLiteral("1"), QStringLiteral("--until-input-ends")});
    auto environment = simulation->processEnvironment();
    environment.insert(QStringLiteral("TMPDIR"), m_ctl->path(QStringLiteral("not/there")));
    simulation->setProcessEnvironment(environment);
    simulation->setWorkingDirectory(workingDirectory.path());
    simulation->start();
    simulation->closeWriteChannel();
    QVERIFY(simulation->waitForFinished(kStartMs));
    QCOMPARE(simulation->exitCode(), 2);
    QVERIFY(QDir{workingDirectory.path()}.isEmpty());
}

void TestEnrollctlSimulate::refusesADirectoryInUse()
{
    const QStringList command{QStringLiteral("simulate"), QStringLiteral("--devices"), QStringLiteral("1"),
                              QStringLiteral("--directory"), m_ctl->path(QStringLiteral("devices"))};
    const auto simulation = m_ctl->start(command);
    QVERIFY(readReady(*simulation).contains("ready;"));
    const auto second = m_ctl->run(command);
    QCOMPARE(second.exitCode, 2);
    QVERIFY2(second.errors.contains("another simulation"), second.errors.constData());
    simulation->terminate();
    QVERIFY(simulation->waitForFinished(kEndMs));
}

void TestEnrollctlSimulate::namesThePackagesThatAreMissing()
{
    const auto simulation =
        m_ctl->prepare({QStringLiteral("simulate"), QStringLiteral("--devices"), QStringLiteral("1")});
    auto environment = simulation->processEnvironment();
    environment.insert(QStringLiteral("PATH"), m_ctl->path(QStringLiteral("nothing")));
    simulation->setProcessEnvironment(environment);
    simulation->start();
    QVERIFY(simulation->waitForFinished(kStartMs));
    QCOMPARE(simulation->exitCode(), 2); // no fault of the station's own
    const auto errors = simulation->readAllStandardError();
    QVERIFY2(errors.contains("S-333") && errors.contains("swtpm-tools"), errors.constData());
}

QTEST_GUILESS_MAIN(TestEnrollctlSimulate)
#include "tst_enrollctl_simulate.moc"
