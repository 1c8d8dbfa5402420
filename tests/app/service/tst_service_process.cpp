#include "app/service/service_application.h"
#include "db/dps/dps_client.h"
#include "tests/app/service/service_client.h"
#include "tests/support/bound_process.h"
#include "tests/support/must.h"
#include "tests/support/service_process.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QUrl>

#include <set>

using namespace enroll::test;

/// Limits, files and the ends of the process's life.
class TestServiceProcess : public QObject {
    Q_OBJECT

    using Peers = std::vector<std::unique_ptr<QTcpSocket>>;

    /// Connections that never say a word.
    static Peers silentPeers(const ServiceProcess& service, int count)
    {
        Peers peers;
        for (int i = 0; i < count; ++i) {
            peers.push_back(std::make_unique<QTcpSocket>());
            peers.back()->connectToHost(QStringLiteral("127.0.0.1"), service.port());
            if (!peers.back()->waitForConnected(5000)) {
                qFatal("connection %d refused", i);
            }
        }
        return peers;
    }

    /// A process on a free port that has not yet said that it listens.
    static std::unique_ptr<BoundProcess> started(const QString& data,
                                                 const QString& listen = QStringLiteral("127.0.0.1:0"))
    {
        auto process = std::make_unique<BoundProcess>();
        process->start(QStringLiteral(ENROLL_BIN_DIR "/enroll-service"),
                       {QStringLiteral("--listen"), listen, QStringLiteral("--data"), data});
        return process;
    }

    /// The port it says it listens on; 0 if it ends, or says nothing in time.
    static quint16 awaitPort(QProcess& process)
    {
        while (!process.canReadLine()) {
            if (!process.waitForReadyRead(30'000)) {
                qWarning("%s", process.readAllStandardError().constData());
                return 0;
            }
        }
        return static_cast<quint16>(QUrl{QString::fromUtf8(process.readLine().trimmed().split(' ').last())}.port());
    }

    /// The port that the connection string in \p data names.
    static quint16 portIn(const QString& data)
    {
        QFile file{data + QStringLiteral("/connection-string")};
        if (!file.open(QIODevice::ReadOnly)) {
            return 0;
        }
        return file.readLine().split(';').first().split(':').last().toUShort();
    }

private Q_SLOTS:
    void tellsItsHealth()
    {
        const ServiceProcess service;
        ServiceClient client{service};
        const auto answer = client.call("GET", "/health");
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.json().value(QLatin1String("version")).toString(), QStringLiteral(ENROLL_VERSION));
    }

    void exitsWithZeroWhenToldToEnd()
    {
        ServiceProcess service;
        QCOMPARE(service.terminate(), std::optional{0});
    }

    void refusesAnEmptyValue()
    {
        BoundProcess process;
        process.start(QStringLiteral(ENROLL_BIN_DIR "/enroll-service"), {QStringLiteral("--data"), QString{}});
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 2);
        const auto said = process.readAllStandardError();
        QVERIFY2(said.contains("--data: the value is empty"), said.constData());
    }

    void endsThoughAConnectionIdles()
    {
        ServiceProcess service;
        ServiceClient client{service};
        QCOMPARE(client.call("GET", "/health").status, 200);
        QCOMPARE(service.terminate(), std::optional{0});
        QVERIFY(client.awaitClosed(1000));
    }

    void keepsSecretsToTheOwner()
    {
        const ServiceProcess service;
        const QDir directory{service.directory()};
        constexpr auto kOthers = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        const auto files = directory.entryInfoList(QDir::Files);
        QVERIFY(files.size() >= 6);
        for (const auto& file : files) {
            if (file.fileName() != QLatin1String("ca.pem")) {
                QVERIFY2(!(file.permissions() & kOthers), qPrintable(file.fileName()));
            }
        }
    }

    void namesItsPortInTheConnectionString()
    {
        ServiceProcess service;
        const auto prefix = QStringLiteral("HostName=127.0.0.1:%1;SharedAccessKeyName=provisioningserviceowner;");
        QVERIFY(service.connectionString().startsWith(prefix.arg(service.port())));
        const auto key = service.connectionString().section(QLatin1Char(';'), 2);
        service.kill();
        service.start();
        QVERIFY(service.connectionString().startsWith(prefix.arg(service.port())));
        QCOMPARE(service.connectionString().section(QLatin1Char(';'), 2), key);
    }

    void startsTogetherWithItsSisters()
    {
        for (int round = 0; round < 6; ++round) {
            const QTemporaryDir directory;
            const auto data = directory.filePath(QStringLiteral("data"));
            std::vector<std::unique_ptr<BoundProcess>> sisters;
            for (int i = 0; i < 4; ++i) {
                sisters.push_back(started(data));
            }
            std::set<quint16> ports;
            for (const auto& sister : sisters) {
                ports.insert(awaitPort(*sister));
            }
            QVERIFY(!ports.contains(0));
            QVERIFY(ports.contains(portIn(data)));
            QVERIFY(QDir{data}.entryList({QStringLiteral("*.new*")}, QDir::Files).isEmpty());
        }
    }

    void leavesTheConnectionStringOfAnInstanceThatRuns()
    {
        ServiceProcess first;
        const auto sister = started(first.directory());
        QVERIFY(awaitPort(*sister) != 0);
        QCOMPARE(portIn(first.directory()), first.port());
        const auto note = QString::fromUtf8(sister->readAllStandardError());
        QVERIFY2(note.contains(first.connectionStringFile()), qPrintable(note));

        first.kill();
        const auto heir = started(first.directory());
        const auto port = awaitPort(*heir);
        QVERIFY(port != 0);
        QCOMPARE(portIn(first.directory()), port);
    }

    void isReachedByItsVersion6Address()
    {
        if (QTcpServer probe; !probe.listen(QHostAddress::LocalHostIPv6)) {
            QSKIP("this machine has no ::1");
        }
        const QTemporaryDir directory;
        const auto data = directory.filePath(QStringLiteral("data"));
        const auto service = started(data, QStringLiteral("[::1]:0"));
        QVERIFY(awaitPort(*service) != 0);

        const std::filesystem::path path{data.toStdString()};
        auto client = must(enroll::db::dps::openDpsClient(
            must(enroll::db::dps::readConnectionStringFile(path / "connection-string")), path / "ca.pem"));
        const auto outcome = client.enrollment(enroll::enrollment::RegistrationId{"GX-1"}, {}, {});
        const auto* answer = std::get_if<enroll::db::dps::HttpAnswer>(&outcome);
        QVERIFY(answer != nullptr);
        QCOMPARE(answer->status, 404);
    }

    void makesItsFilesAndNoMore()
    {
        const QTemporaryDir directory;
        const auto path = directory.filePath(QStringLiteral("data"));
        const auto program = QStringLiteral(ENROLL_BIN_DIR "/enroll-service");
        QCOMPARE(QProcess::execute(program, {QStringLiteral("--init"), QStringLiteral("--data"), path}), 0);
        QVERIFY(QFileInfo::exists(path + QStringLiteral("/ca.pem")));
        QVERIFY(QFileInfo::exists(path + QStringLiteral("/connection-string")));
    }

    void refusesAnAddressThatIsNone()
    {
        const QTemporaryDir directory;
        const auto program = QStringLiteral(ENROLL_BIN_DIR "/enroll-service");
        QCOMPARE(QProcess::execute(program, {QStringLiteral("--data"), directory.path(), QStringLiteral("--listen"),
                                             QStringLiteral("127.0.0.1:none")}),
                 2);
    }

    void refusesAHeaderPastTheLimit()
    {
        const ServiceProcess service;
        ServiceClient client{service};
        const auto answer = client.call("GET", "/health", {{"X-Long", QByteArray(qsizetype{20} * 1024, 'x')}});
        QCOMPARE(answer.status, 431);
        QCOMPARE(answer.errorCode(), 431000);
        QVERIFY(client.awaitClosed(5000));
    }

    void refusesABodyPastTheLimit()
    {
        const ServiceProcess service;
        ServiceClient client{service};
        client.sendRaw("POST /enrollments HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n");
        QCOMPARE(client.receive().errorCode(), 413000);
        QVERIFY(client.awaitClosed(5000));
    }

    void refusesWhatIsNoHttp()
    {
        const ServiceProcess service;
        ServiceClient client{service};
        client.sendRaw("\x80\x01\x00\x00\x00\x0a\r\n\r\n");
        QCOMPARE(client.receive().errorCode(), 400001);
        QVERIFY(client.awaitClosed(5000));
    }

    void answersRequestsSentInOneGo()
    {
        const ServiceProcess service;
        ServiceClient client{service};
        client.sendRaw("GET /health HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}GET /nothing HTTP/1.1\r\n\r\n");
        QCOMPARE(client.receive().status, 200);
        QCOMPARE(client.receive().status, 404);
    }

    void answersAHeadWithoutItsBody()
    {
        const ServiceProcess service;
        ServiceClient client{service};
        client.sendRaw("HEAD /health HTTP/1.1\r\n\r\nGET /health HTTP/1.1\r\n\r\n");
        const auto head = client.receiveHeader();
        QCOMPARE(head.status, 405);
        QVERIFY(head.headers.value("content-length").toInt() > 0);
        QCOMPARE(client.receive().status, 200);
    }

    void tellsAPatientSenderToGoOn()
    {
        const ServiceProcess service;
        ServiceClient client{service};
        client.sendRaw("GET /health HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        QCOMPARE(client.receive().status, 100);
        client.sendRaw("{}");
        QCOMPARE(client.receive().status, 200);
    }

    void isNotHeldUpByPeersThatSayNothing()
    {
        const ServiceProcess service;
        const auto silent = silentPeers(service, 20);
        ServiceClient client{service};
        QCOMPARE(client.call("GET", "/health").status, 200);
    }

    void closesConnectionsPastTheLimit()
    {
        const ServiceProcess service;
        const auto silent = silentPeers(service, 512);
        const ServiceClient client{service};
        QVERIFY(!client.isConnected());
    }
};

QTEST_GUILESS_MAIN(TestServiceProcess)
#include "tst_service_process.moc"
