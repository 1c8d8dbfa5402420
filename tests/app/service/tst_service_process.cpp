#include "app/service/service_application.h"
#include "tests/app/service/service_client.h"
#include "tests/support/service_process.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QProcess>
#include <QTcpSocket>
#include <QTest>

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
        const auto answer = client.call("GET", "/health", {{"X-Long", QByteArray(20 * 1024, 'x')}});
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
