#include "app/service/http_server.h"
#include "app/service/tls_material.h"
#include "core/base/service_code.h"
#include "tests/app/service/service_client.h"
#include "tests/support/must.h"
#include "tests/support/odd_files.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <future>

using namespace enroll;
using namespace enroll::app::service;
using namespace enroll::test;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kShort{300};
/// A timer may fire a little early; a connection that is closed at once is far from it.
constexpr qint64 kAtLeastMs = 250;
/// Far below every limit that a test leaves as it is.
constexpr int kPatienceMs = 5000;

/// A key of P-256 with a passphrase.
constexpr std::string_view kEncryptedKey = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                                           "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAit98/RFfP2OQICCAAw\n"
                                           "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEBsWfol+XWM44CLIN32RzZgEgZAC\n"
                                           "gH07rIrqvUG0W9Gl+qwCs7TeH9JpaqjHWIgb4EQ5xT9YtwkAhZdtsRm+n1Qfnyf7\n"
                                           "Qe6xVuQUD3OWUdEgcLSAcAmPW/k/ci798evjruh5nkjYRtpN2h2mOv6MlXOZwi6R\n"
                                           "zBZUQbubZfFmFSlnhjbDnKdiFU2DjXPCk3ISb8WXCDmMEuv2zyL0upsfva/WhJM=\n"
                                           "-----END ENCRYPTED PRIVATE KEY-----\n";

/// An authority and a server certificate in files, made once.
class Identity {
public:
    Identity()
    {
        const auto authority = must(makeAuthority(utcNow()));
        const auto server = must(makeServerCertificate(authority, {"127.0.0.1"}, utcNow()));
        write(authorityFile(), asBytes(authority.certificate));
        write(serverFile(), concat({asBytes(server.certificate), server.privateKey.view()}));
    }

    [[nodiscard]] QString authorityFile() const { return m_directory.filePath(QStringLiteral("ca.pem")); }
    [[nodiscard]] QString serverFile() const { return m_directory.filePath(QStringLiteral("tls.pem")); }

    static void write(const QString& path, ByteView content)
    {
        QFile file{path};
        const auto size = static_cast<qint64>(content.size());
        if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) ||
            file.write(asText(content).data(), size) != size) {
            qFatal("%s cannot be written", qPrintable(path));
        }
    }

private:
    QTemporaryDir m_directory;
};

/// A server on a free port of loopback with limits of its own, on a thread of its own. Ends as the service does.
class LimitedServer {
public:
    explicit LimitedServer(const Identity& identity, const HttpLimits& limits, HttpHandler handler = sayDone)
        : m_server(must(HttpServer::listen(optionsFor(identity, limits), std::move(handler), refusal))),
          m_ended(std::async(std::launch::async, [this] { m_server->run(); }))
    {}
    LimitedServer(const LimitedServer&) = delete;
    LimitedServer& operator=(const LimitedServer&) = delete;
    ~LimitedServer()
    {
        if (m_ended.valid()) {
            std::raise(SIGTERM);
            m_ended.wait();
        }
    }

    [[nodiscard]] quint16 port() const { return m_server->port(); }

    /// SIGTERM; true if the server has ended within \p patience.
    bool endsWithin(milliseconds patience)
    {
        std::raise(SIGTERM);
        return m_ended.wait_for(patience) == std::future_status::ready;
    }

private:
    static void sayDone(const ReceivedRequest&, const Respond& respond) { respond(HttpResponse{200, {}, "done"}); }
    static HttpResponse refusal(int status) { return {status, {}, {}}; }

    static HttpServerOptions optionsFor(const Identity& identity, const HttpLimits& limits)
    {
        const std::filesystem::path pem{identity.serverFile().toStdString()};
        return {"127.0.0.1", 0, pem, pem, 2, limits};
    }

    std::unique_ptr<HttpServer> m_server;
    std::future<void> m_ended;
};

} // namespace

/// What a connection may cost, with limits short enough to wait for. Each test shortens one and leaves the others far
/// away, so that only that one can have closed the connection.
class TestHttpServer : public QObject {
    Q_OBJECT

    const Identity m_identity;

    ServiceClient connectedTo(const LimitedServer& server) const
    {
        return ServiceClient{server.port(), m_identity.authorityFile()};
    }

    static HttpLimits withMessage(milliseconds limit)
    {
        HttpLimits limits;
        limits.message = limit;
        return limits;
    }

    /// True if the server closes the connection, not at once but when the limit has passed.
    static bool isCutOff(ServiceClient& client, const QElapsedTimer& sinceFirstByte)
    {
        return client.awaitClosed(kPatienceMs) && sinceFirstByte.elapsed() >= kAtLeastMs;
    }

private Q_SLOTS:
    /// Opening a pipe would wait for whoever writes into it.
    void namesACertificateOrKeyThatIsNoFile()
    {
        const std::filesystem::path good{m_identity.serverFile().toStdString()};
        const QTemporaryDir directory;
        const auto odd = std::filesystem::path{directory.path().toStdString()} / "odd.pem";
        for (const auto& kind : oddFiles()) {
            kind.make(odd);
            for (const auto& [chain, key] : {std::pair{odd, good}, std::pair{good, odd}}) {
                const auto server = HttpServer::listen({"127.0.0.1", 0, chain, key, 2, {}}, {}, {});
                QVERIFY2(!server.ok(), kind.name);
                QCOMPARE(server.error().code, ServiceCode::FileUnusable);
                QVERIFY2(server.error().what.starts_with(odd.string()), server.error().what.c_str());
            }
            std::filesystem::remove(odd);
        }
    }

    void namesACertificateOrKeyThatCannotBeUsed_data()
    {
        QTest::addColumn<std::string>("content");
        QTest::addColumn<bool>("asChain");
        QTest::addColumn<std::string>("said");
        const auto authority = must(makeAuthority(utcNow()));
        const auto expired = must(makeServerCertificate(authority, {"127.0.0.1"}, utcNow() - std::chrono::days{900}));
        const auto other = must(makeServerCertificate(authority, {"127.0.0.1"}, utcNow()));
        const std::string otherKey{asText(other.privateKey.view())};
        QTest::newRow("junk for a chain") << std::string{"junk"} << true << std::string{"no certificate"};
        QTest::newRow("a key for a chain") << otherKey << true << std::string{"no certificate"};
        QTest::newRow("junk for a key") << std::string{"junk"} << false << std::string{"no private key"};
        QTest::newRow("a certificate for a key") << other.certificate << false << std::string{"no private key"};
        QTest::newRow("a key of another") << otherKey << false << std::string{"not that of the certificate"};
        QTest::newRow("an encrypted key") << std::string{kEncryptedKey} << false
                                          << std::string{"the key file is encrypted; give one without a passphrase"};
        QTest::newRow("both, expired") << expired.certificate + std::string{asText(expired.privateKey.view())} << true
                                       << std::string{"expired"};
    }
    void namesACertificateOrKeyThatCannotBeUsed()
    {
        QFETCH(std::string, content);
        QFETCH(bool, asChain);
        QFETCH(std::string, said);
        const std::filesystem::path good{m_identity.serverFile().toStdString()};
        const QTemporaryDir directory;
        const auto file = directory.filePath(QStringLiteral("given.pem"));
        Identity::write(file, asBytes(content));
        const std::filesystem::path given{file.toStdString()};
        const auto key = said == "expired" || !asChain ? given : good;
        const auto server = HttpServer::listen({"127.0.0.1", 0, asChain ? given : good, key, 2, {}}, {}, {});
        QVERIFY(!server.ok());
        QCOMPARE(server.error().code, ServiceCode::FileUnusable);
        QVERIFY2(server.error().what.starts_with(given.string() + ": "), server.error().what.c_str());
        QVERIFY2(server.error().what.find(said) != std::string::npos, server.error().what.c_str());
    }

    void namesACertificateOrKeyThatIsMissing()
    {
        const std::filesystem::path good{m_identity.serverFile().toStdString()};
        const std::filesystem::path none{good.string() + ".none"};
        for (const auto& [chain, key] : {std::pair{none, good}, std::pair{good, none}}) {
            const auto server = HttpServer::listen({"127.0.0.1", 0, chain, key, 2, {}}, {}, {});
            QCOMPARE(server.error().code, ServiceCode::FileUnusable);
            QVERIFY2(server.error().what.starts_with(none.string()), server.error().what.c_str());
        }
    }

    void cutsOffAHeaderThatNeverEnds()
    {
        const LimitedServer server{m_identity, withMessage(kShort)};
        auto client = connectedTo(server);
        QElapsedTimer timer;
        timer.start();
        client.sendRaw("GET /health HTTP/1.1\r\nX-Slow: a");
        QVERIFY(isCutOff(client, timer));
    }

    void cutsOffABodyThatNeverEnds()
    {
        const LimitedServer server{m_identity, withMessage(kShort)};
        auto client = connectedTo(server);
        QElapsedTimer timer;
        timer.start();
        client.sendRaw("PUT /enrollments/a HTTP/1.1\r\nContent-Length: 100\r\n\r\n{");
        QVERIFY(isCutOff(client, timer));
    }

    void cutsOffWhoKeepsSendingALittle()
    {
        constexpr int kPauseMs = 50;
        const LimitedServer server{m_identity, withMessage(kShort)};
        auto client = connectedTo(server);
        QElapsedTimer timer;
        timer.start();
        client.sendRaw("GET /health HTTP/1.1\r\nX-Slow: ");
        while (!client.awaitClosed(kPauseMs) && timer.elapsed() < kPatienceMs) {
            client.sendRaw("a");
        }
        QVERIFY(timer.elapsed() >= kAtLeastMs);
        QVERIFY(timer.elapsed() < kPatienceMs);
    }

    void countsFromTheFirstByteOfAMessage()
    {
        const LimitedServer server{m_identity, withMessage(kShort)};
        auto client = connectedTo(server);
        QVERIFY(!client.awaitClosed(2 * static_cast<int>(kShort.count())));
        QCOMPARE(client.call("GET", "/health").status, 200);
        QVERIFY(!client.awaitClosed(2 * static_cast<int>(kShort.count())));
        QCOMPARE(client.call("GET", "/health").status, 200);
    }

    void closesAConnectionThatIdles()
    {
        HttpLimits limits;
        limits.idle = kShort;
        const LimitedServer server{m_identity, limits};
        auto client = connectedTo(server);
        QCOMPARE(client.call("GET", "/health").status, 200);
        QVERIFY(client.awaitClosed(kPatienceMs));
    }

    void closesAConnectionThatNeverShakesHands()
    {
        HttpLimits limits;
        limits.handshake = kShort;
        const LimitedServer server{m_identity, limits};
        QTcpSocket silent;
        silent.connectToHost(QStringLiteral("127.0.0.1"), server.port());
        QVERIFY(silent.waitForConnected(kPatienceMs));
        QVERIFY(silent.waitForDisconnected(kPatienceMs));
    }

    void closesConnectionsPastTheLimit()
    {
        HttpLimits limits;
        limits.connections = 2;
        const LimitedServer server{m_identity, limits};
        auto first = connectedTo(server);
        auto second = connectedTo(server);
        QVERIFY(!connectedTo(server).isConnected());
        QCOMPARE(first.call("GET", "/health").status, 200);
        QCOMPARE(second.call("GET", "/health").status, 200);
    }

    void refusesABodyPastTheLimit()
    {
        HttpLimits limits;
        limits.bodyBytes = 10;
        const LimitedServer server{m_identity, limits};
        auto client = connectedTo(server);
        QCOMPARE(client.call("PUT", "/a", {}, QByteArray(10, 'x')).status, 200);
        QCOMPARE(client.call("PUT", "/a", {}, QByteArray(11, 'x')).status, 413);
    }

    void endsThoughARequestIsNeverAnswered()
    {
        HttpLimits limits;
        limits.drain = kShort;
        std::promise<void> arrived;
        Respond kept; // as a handler does that is still at work
        LimitedServer server{m_identity, limits, [&](const ReceivedRequest&, const Respond& respond) {
                                 kept = respond;
                                 arrived.set_value();
                             }};
        auto client = connectedTo(server);
        client.sendRaw("GET /health HTTP/1.1\r\n\r\n");
        QCOMPARE(arrived.get_future().wait_for(milliseconds{kPatienceMs}), std::future_status::ready);
        QVERIFY(server.endsWithin(milliseconds{kPatienceMs - 1000}));
        kept = {};
    }

    void endsThoughAPeerNeverShakesHands()
    {
        HttpLimits limits;
        limits.drain = milliseconds{2 * kPatienceMs};
        LimitedServer server{m_identity, limits};
        QTcpSocket silent;
        silent.connectToHost(QStringLiteral("127.0.0.1"), server.port());
        QVERIFY(silent.waitForConnected(kPatienceMs));
        {
            // Accepted one after the other: once this one is answered, the silent one has been.
            auto client = connectedTo(server);
            QCOMPARE(client.call("GET", "/health").status, 200);
        }
        QVERIFY(server.endsWithin(milliseconds{kPatienceMs / 2}));
    }
};

QTEST_GUILESS_MAIN(TestHttpServer)
#include "tst_http_server.moc"
